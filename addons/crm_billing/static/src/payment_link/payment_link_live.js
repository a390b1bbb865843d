import {Component, onWillDestroy, useEffect, xml} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

export const MESSAGE_TYPE = "crm_billing.payment_link";
const POLL_DELAY_MS = 2000;
const POLL_LIMIT = 60;

/**
 * Keeps an open form up to date with the payment link of its document: Stripe
 * answers after the click, the client pays when he likes.
 *
 * The server says so through the bus. While the link is being prepared the form
 * also asks by itself, because the wait is short and somebody is looking.
 */
export class PaymentLinkLive extends Component {
    static template = xml`<span class="d-none"/>`;
    static props = {...standardWidgetProps};

    setup() {
        this.bus = useService("bus_service");
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.listen = (payload) => this.onMessage(payload);
        this.bus.subscribe(MESSAGE_TYPE, this.listen);
        useEffect(
            (resId) => this.follow(resId),
            () => [this.props.record.resId]
        );
        useEffect(
            (resId, state) => this.poll(resId, state),
            () => [this.props.record.resId, this.props.record.data.payment_link_state]
        );
        onWillDestroy(() => this.bus.unsubscribe(MESSAGE_TYPE, this.listen));
    }

    get resModel() {
        return this.props.record.resModel;
    }

    follow(resId) {
        if (!resId) {
            return;
        }
        const channel = `crm_payment_link:${this.resModel}:${resId}`;
        this.bus.addChannel(channel);
        return () => this.bus.deleteChannel(channel);
    }

    poll(resId, state) {
        if (!resId || state !== "creating") {
            return;
        }
        let left = POLL_LIMIT;
        let known = this.props.record.data.payment_link_problem || "";
        const timer = setInterval(async () => {
            if (!left--) {
                clearInterval(timer);
                return;
            }
            const [values] = await this.orm.silent.read(
                this.resModel,
                [resId],
                ["payment_link_state", "payment_link_problem"]
            );
            if (values && values.payment_link_state !== "creating") {
                clearInterval(timer);
                await this.refresh(resId);
            } else if (values && (values.payment_link_problem || "") !== known) {
                known = values.payment_link_problem || "";
                await this.refresh(resId);
            }
        }, POLL_DELAY_MS);
        return () => clearInterval(timer);
    }

    onMessage({model, id, state}) {
        const {record} = this.props;
        if (model === this.resModel && id === record.resId) {
            if (state !== record.data.payment_link_state) {
                return this.refresh(id);
            }
        }
    }

    async refresh(resId) {
        const {record} = this.props;
        if (record.resId !== resId) {
            return;
        }
        if (await record.isDirty()) {
            this.notification.add(
                _t("The payment of this deal has changed. Save to see it."),
                {type: "info"}
            );
        } else {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("crm_payment_link_live", {
    component: PaymentLinkLive,
    fieldDependencies: [{name: "payment_link_state", type: "selection"}],
});

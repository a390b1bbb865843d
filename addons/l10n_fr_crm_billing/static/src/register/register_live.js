import {Component, onWillDestroy, useEffect, xml} from "@odoo/owl";
import {MESSAGE_TYPE} from "@crm_base/live_record/live_record";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const POLL_DELAY_MS = 1000;
const POLL_LIMIT = 30;

/**
 * Shows the answer of the company register when it comes.
 *
 * The bus says that the question was answered. Somebody is waiting, so the form
 * also looks by itself each second; when nobody answers it looks a last time and
 * the server's sentence says what to do.
 */
export class RegisterLive extends Component {
    static template = xml`<i t-if="isAsking" class="fa fa-spinner fa-spin" role="img" aria-hidden="true"/>`;
    static props = {...standardWidgetProps};

    setup() {
        this.bus = useService("bus_service");
        this.listen = (payload) => this.onMessage(payload);
        this.bus.subscribe(MESSAGE_TYPE, this.listen);
        useEffect(
            (isAsking) => this.poll(isAsking),
            () => [this.isAsking]
        );
        onWillDestroy(() => this.bus.unsubscribe(MESSAGE_TYPE, this.listen));
    }

    get isAsking() {
        return this.props.record.data.state === "asking";
    }

    poll(isAsking) {
        if (!isAsking) {
            return;
        }
        let left = POLL_LIMIT;
        const timer = setInterval(() => {
            left -= 1;
            if (left <= 0) {
                clearInterval(timer);
            }
            this.refresh();
        }, POLL_DELAY_MS);
        return () => clearInterval(timer);
    }

    onMessage({res_model, res_id}) {
        const {record} = this.props;
        if (res_model === record.resModel && res_id === record.resId) {
            this.refresh();
        }
    }

    async refresh() {
        const {record} = this.props;
        if (record.resId && this.isAsking && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("crm_register_live", {
    component: RegisterLive,
    fieldDependencies: [{name: "state", type: "selection"}],
});

import {Component, markup, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

/**
 * Two versions of a quotation side by side. The server decides what changed and
 * writes it (the same for the portal and the PDF); this screen lets people choose.
 */
export class QuoteComparison extends Component {
    static template = "crm_quotes.QuoteComparison";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({screen: null, onlyChanges: false, problem: ""});
        this.asked = 0;
        onWillStart(() => {
            const {left, right} = this.params;
            return this.load(left, right);
        });
    }

    get params() {
        return this.props.action.params || {};
    }

    get orderId() {
        return this.params.order_id || this.props.action.context?.active_id;
    }

    async load(left, right) {
        const asked = ++this.asked;
        try {
            const screen = await this.orm.call("sale.order", "get_quote_comparison", [
                [this.orderId],
                left ?? null,
                right ?? null,
            ]);
            // An answer that comes after a later question is dropped.
            if (asked === this.asked) {
                screen.html = markup(screen.html);
                Object.assign(this.state, {screen, problem: ""});
            }
        } catch (error) {
            if (asked === this.asked) {
                this.state.problem =
                    error.data?.message || _t("The versions could not be compared.");
            }
        }
    }

    chooseLeft(event) {
        return this.load(Number(event.target.value), this.state.screen.right);
    }

    chooseRight(event) {
        return this.load(this.state.screen.left, Number(event.target.value));
    }

    async print() {
        const {left, right} = this.state.screen;
        const action = await this.orm.call(
            "sale.order",
            "action_print_quote_comparison",
            [[this.orderId], left, right]
        );
        return this.action.doAction(action);
    }

    openQuote() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: this.orderId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("crm_quotes.comparison", QuoteComparison);

import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** Says that a text comes from a model or from the rules, from which, and why. */
export class AiLabel extends Component {
    static template = "crm_ai.AiLabel";
    static props = {call: Object};

    get title() {
        const {answered_by: answeredBy, decision} = this.props.call;
        if (decision === "edited" || decision === "accepted") {
            return _t("Reviewed");
        }
        return answeredBy === "rules" ? _t("Draft by the rules") : _t("AI draft");
    }

    get isReviewed() {
        return ["edited", "accepted"].includes(this.props.call.decision);
    }
}

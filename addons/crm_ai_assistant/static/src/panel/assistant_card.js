import {Component} from "@odoo/owl";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";

const ICONS = {activity: "fa-clock-o", call: "fa-phone", draft: "fa-envelope-o"};

/** Something the assistant would do: nothing happens before the click. */
export class AssistantCard extends Component {
    static template = "crm_ai_assistant.Card";
    static props = {card: Object, onConfirm: Function, onDrop: Function};

    get icon() {
        return ICONS[this.props.card.kind];
    }

    get date() {
        const {date} = this.props.card;
        return date ? formatDate(deserializeDate(date)) : "";
    }
}

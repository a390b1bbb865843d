import {Component, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** The button of the assistant beside the messages. */
export class AssistantSystray extends Component {
    static template = "crm_ai_assistant.Systray";
    static props = {};

    setup() {
        this.assistant = useService("crm_ai_assistant");
        this.state = useState(this.assistant.state);
    }
}

registry
    .category("systray")
    .add("crm_ai_assistant.systray", {Component: AssistantSystray}, {sequence: 26});

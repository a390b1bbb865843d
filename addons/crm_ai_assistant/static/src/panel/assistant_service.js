import {reactive} from "@odoo/owl";
import {registry} from "@web/core/registry";

export const TURN_MESSAGE = "crm_ai_assistant.turn";

/** Whether the panel is open, and what is to be asked as soon as it is. */
export const assistantService = {
    start() {
        const state = reactive({isOpen: false, question: ""});
        return {
            state,
            toggle() {
                state.isOpen = !state.isOpen;
            },
            close() {
                state.isOpen = false;
            },
            ask(question) {
                state.question = question;
                state.isOpen = true;
            },
        };
    },
};

registry.category("services").add("crm_ai_assistant", assistantService);

// "Ctrl K", then a question: asked in the panel.
registry.category("command_provider").add("crm_ai_assistant", {
    namespace: "?",
    provide(env, {searchValue}) {
        const question = (searchValue || "").trim();
        if (question.length < 3) {
            return [];
        }
        return [
            {
                name: question,
                category: "default",
                action: () => env.services.crm_ai_assistant.ask(question),
            },
        ];
    },
});

import {Component, markup, onWillUnmount, useEffect, useRef, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {AssistantCard} from "./assistant_card";
import {TURN_MESSAGE} from "./assistant_service";

const TURN = "crm.ai.assistant.turn";
const PROPOSAL = "crm.ai.assistant.proposal";
// Records have handles while an answer grows; their names come with its end.
const HANDLE = /\[?(?:AFFAIRE|CLIENT|ACTIVITE|RDV|VENDEUR)_\d*\]?/g;

/** The conversation: questions, answers, cards to confirm. */
export class AssistantConversation extends Component {
    static template = "crm_ai_assistant.Conversation";
    static components = {AssistantCard};
    static props = {};

    setup() {
        this.assistant = useService("crm_ai_assistant");
        this.calls = useService("crm_ai.calls");
        this.orm = useService("orm");
        this.action = useService("action");
        this.busService = useService("bus_service");
        this.shared = useState(this.assistant.state);
        this.state = useState({
            isLoading: true,
            isFailed: false,
            turns: [],
            examples: [],
            hasModel: false,
            question: "",
            growing: {},
        });
        this.input = useRef("input");
        this.scroll = useRef("scroll");
        this.unfollow = new Map();
        this.isGone = false;
        this.onTurn = ({id}) => this.look(id);
        this.busService.subscribe(TURN_MESSAGE, this.onTurn);
        onWillUnmount(() => {
            this.isGone = true;
            this.busService.unsubscribe(TURN_MESSAGE, this.onTurn);
            for (const end of this.unfollow.values()) {
                end();
            }
        });
        useEffect(
            () => {
                this.load();
                this.input.el?.focus();
            },
            () => []
        );
        useEffect(
            () => {
                const {el} = this.scroll;
                if (el) {
                    el.scrollTop = el.scrollHeight;
                }
            },
            () => [this.state.isLoading, this.state.turns.length, this.lastLength]
        );
        // A question from the command palette.
        useEffect(
            (question) => {
                if (question) {
                    this.shared.question = "";
                    this.ask(question);
                }
            },
            () => [this.shared.question]
        );
    }

    get lastLength() {
        const last = this.state.turns.at(-1);
        const growing = last && this.state.growing[last.id];
        return (last?.answer || "").length + (growing || "").length;
    }

    get isWaiting() {
        return this.state.turns.some((turn) => turn.state === "waiting");
    }

    // === Server === //

    async load() {
        try {
            const {
                turns,
                examples,
                has_model: hasModel,
            } = await this.orm.silent.call(TURN, "get_panel", []);
            if (this.isGone) {
                return;
            }
            Object.assign(this.state, {examples, hasModel, isFailed: false});
            turns.forEach((turn) => this.put(turn));
        } catch (error) {
            this.state.isFailed = true;
            throw error;
        } finally {
            this.state.isLoading = false;
        }
    }

    prepare(turn) {
        return {...turn, answer: markup(turn.answer || "")};
    }

    /** Show a turn at its place: news of old ones may come late, and again. */
    put(turn) {
        const others = this.state.turns.filter((one) => one.id !== turn.id);
        this.state.turns = [...others, this.prepare(turn)].sort(
            (one, other) => one.id - other.id
        );
        this.follow(turn);
    }

    async look(id) {
        const turn = await this.orm.silent.call(TURN, "watch", [[id]]);
        if (!this.isGone) {
            this.put(turn);
        }
    }

    /** Show the text while it grows. */
    follow(turn) {
        if (turn.state !== "waiting") {
            this.unfollow.get(turn.id)?.();
            this.unfollow.delete(turn.id);
            delete this.state.growing[turn.id];
            return;
        }
        if (!turn.call || this.unfollow.has(turn.id)) {
            return;
        }
        const end = this.calls.follow(turn.call.id, (call) => {
            if (["pending", "running"].includes(call.state)) {
                if (call.text) {
                    this.state.growing[turn.id] = call.text.replace(HANDLE, "…");
                }
            } else {
                this.look(turn.id);
            }
        });
        this.unfollow.set(turn.id, end);
    }

    // === Asking === //

    async ask(text) {
        const question = (text || this.state.question).trim();
        if (!question || this.isWaiting) {
            return;
        }
        this.setQuestion("");
        try {
            const turn = await this.orm.call(TURN, "ask", [question]);
            if (!this.isGone) {
                this.put(turn);
                this.input.el?.focus();
            }
        } catch (error) {
            this.setQuestion(question);
            throw error;
        }
    }

    /** The field, too: what was typed a moment ago is not rendered yet. */
    setQuestion(question) {
        this.state.question = question;
        if (this.input.el) {
            this.input.el.value = question;
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && !ev.shiftKey) {
            ev.preventDefault();
            this.ask();
        } else if (ev.key === "Escape") {
            this.assistant.close();
        }
    }

    async cancel(turn) {
        await this.orm.call(TURN, "action_cancel", [[turn.id]]);
        await this.look(turn.id);
    }

    // === What an answer offers === //

    onAnswerClick(ev) {
        const link = ev.target.closest("a[data-oe-model]");
        if (!link) {
            return;
        }
        ev.preventDefault();
        this.openRecord(link.dataset.oeModel, Number(link.dataset.oeId));
    }

    openRecord(model, id) {
        this.closeOnPhone();
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    closeOnPhone() {
        if (this.env.isSmall) {
            this.assistant.close();
        }
    }

    async openLink(turn, index) {
        const action = await this.orm.call(TURN, "open_link", [[turn.id], index]);
        this.closeOnPhone();
        await this.action.doAction(action);
    }

    async confirm(turn, card) {
        const action = await this.orm.call(PROPOSAL, "action_confirm", [[card.id]]);
        await this.look(turn.id);
        if (action) {
            await this.action.doAction(action);
        }
    }

    async drop(turn, card) {
        await this.orm.call(PROPOSAL, "action_drop", [[card.id]]);
        await this.look(turn.id);
    }

    async dismiss(turn) {
        await this.orm.call(TURN, "action_dismiss", [[turn.id]]);
        await this.look(turn.id);
    }

    async openDiscuss() {
        const channelId = await this.orm.call(TURN, "open_chat", []);
        this.assistant.close();
        await this.action.doAction("mail.action_discuss", {
            additionalContext: {active_id: `discuss.channel_${channelId}`},
        });
    }
}

/** The panel at the side of every screen. */
export class AssistantPanel extends Component {
    static template = "crm_ai_assistant.Panel";
    static components = {AssistantConversation};
    static props = {};

    setup() {
        this.assistant = useService("crm_ai_assistant");
        this.state = useState(this.assistant.state);
    }
}

registry
    .category("main_components")
    .add("crm_ai_assistant.panel", {Component: AssistantPanel, props: {}});

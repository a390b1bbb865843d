/* The copilot in a composer: it drafts, a person reads, changes and sends. */
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {AiLabel} from "@crm_ai/answer/answer_label";
import {Component, markup, onMounted, onWillUnmount, status, useState} from "@odoo/owl";

const KINDS = () => [
    ["follow_up", _t("Follow-up")],
    ["reply", _t("Answer")],
    ["quote_reminder", _t("Quote reminder")],
    ["thanks", _t("Thanks")],
    ["campaign", _t("Campaign text")],
];
const TONES = () => [
    ["warm", _t("Warm")],
    ["neutral", _t("Neutral")],
    ["firm", _t("Firm")],
];
const LENGTHS = () => [
    ["short", _t("Short")],
    ["medium", _t("Medium")],
];
const REASONS = () => [
    ["not_useful", _t("Beside the point")],
    ["wrong_tone", _t("Wrong tone")],
    ["wrong_facts", _t("Wrong facts")],
    ["too_long", _t("Too long")],
    ["other", _t("Other")],
];
const ENDED = ["done", "failed", "cancelled"];
const SIGNATURES = ".o-signature-container, .o_signature";
const NOTHING = {
    call: null,
    text: "",
    draft: null,
    problem: "",
    isUsed: false,
    isDismissing: false,
};

export class DraftWidget extends Component {
    static template = "crm_ai_copilot.DraftWidget";
    static components = {AiLabel};
    static props = {...standardWidgetProps, isSms: {type: Boolean, optional: true}};
    static defaultProps = {isSms: false};

    setup() {
        this.calls = useService("crm_ai.calls");
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.kinds = KINDS();
        this.tones = TONES();
        this.lengths = LENGTHS();
        this.reasons = REASONS();
        const context = this.props.record.context || {};
        this.state = useState({
            kind: this.props.record.data.crm_ai_kind || "follow_up",
            tone: "warm",
            length: "medium",
            instruction: "",
            variant: 0,
            isBusy: false,
            ...NOTHING,
        });
        onMounted(() => context.crm_ai_start && this.draft());
        onWillUnmount(() => this.unfollow?.());
    }

    get leadId() {
        const data = this.props.record.data;
        if (this.props.isSms) {
            return data.res_id;
        }
        try {
            return JSON.parse(data.res_ids || "[]")[0];
        } catch {
            return undefined;
        }
    }

    get feature() {
        if (this.props.isSms) {
            return "copilot.sms";
        }
        return this.state.kind === "campaign" ? "copilot.campaign" : "copilot.draft";
    }

    get warnings() {
        return this.state.draft?.doubts || [];
    }

    doubtLabel(level) {
        return level === "quoted"
            ? _t("only in a message or note")
            : _t("in no record of this deal");
    }

    /* A first draft, or another one: `isOther` asks for other words. */
    async draft(isOther = false) {
        const state = this.state;
        if (state.isBusy || !this.leadId) {
            return;
        }
        const former = {call: state.call, body: state.draft?.body || ""};
        state.variant = isOther ? state.variant + 1 : 0;
        Object.assign(state, {...NOTHING, isBusy: true});
        this.unfollow?.();
        try {
            if (former.call?.state === "done") {
                const why = _t("Another version was asked for");
                await this.turnDown(former.call.id, "other", why);
            }
            const params = this.prepareParams(former.body);
            const call = await this.calls.ask(
                this.feature,
                "crm.lead",
                this.leadId,
                params
            );
            this.followCall(call);
        } catch (error) {
            if (status(this) !== "destroyed") {
                state.isBusy = false;
                state.problem = error.data?.message || _t("No draft could be written.");
            }
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            // Not the dialog's: it would send.
            ev.preventDefault();
            ev.stopPropagation();
            this.draft();
        }
    }

    prepareParams(previous) {
        const {kind, tone, length, instruction, variant} = this.state;
        return {
            kind: this.props.isSms ? "sms" : kind,
            tone,
            length,
            instruction,
            variant,
            previous: instruction ? previous : "",
        };
    }

    followCall(call) {
        if (status(this) !== "destroyed") {
            this.state.call = call;
            this.unfollow = this.calls.follow(call.id, (news) => this.onNews(news));
        }
    }

    async onNews(news) {
        const state = this.state;
        if (status(this) === "destroyed" || news.id !== state.call?.id) {
            return;
        }
        state.call = news;
        state.text = news.text || state.text;
        if (!ENDED.includes(news.state) || !state.isBusy) {
            return;
        }
        state.isBusy = false;
        this.unfollow?.();
        if (news.state !== "done") {
            state.problem =
                news.state === "cancelled" ? "" : _t("No draft could be written.");
            return;
        }
        const draft = await this.orm.call("crm.ai.call", "get_draft", [[news.id]]);
        if (status(this) === "destroyed" || news.id !== state.call?.id) {
            return;
        }
        state.draft = draft;
        if (this.isBodyEmpty() || this.isBodyOurs) {
            await this.use();
        }
    }

    isBodyEmpty() {
        const page = document.createElement("template");
        page.innerHTML = String(this.props.record.data.body || "");
        for (const node of page.content.querySelectorAll(SIGNATURES)) {
            node.remove();
        }
        return !page.content.textContent.trim();
    }

    /* Puts the draft in the message, where it can be changed. */
    async use() {
        const {draft, call} = this.state;
        const changes = {
            crm_ai_call_id: {id: call.id, display_name: `${call.id}`},
            body: this.props.isSms ? draft.body : markup(draft.html),
        };
        if (!this.props.isSms && draft.subject) {
            changes.subject = draft.subject;
        }
        await this.props.record.update(changes);
        this.isBodyOurs = true;
        this.state.isUsed = true;
    }

    async cancel() {
        if (this.state.call) {
            await this.calls.cancel(this.state.call.id);
        }
    }

    async turnDown(callId, code, reason = "") {
        await this.orm.call("crm.ai.call", "action_dismiss", [[callId], code, reason]);
    }

    async dismiss(reason) {
        await this.turnDown(this.state.call.id, reason);
        if (status(this) === "destroyed") {
            return;
        }
        const changes = {crm_ai_call_id: false};
        if (this.state.isUsed) {
            changes.body = this.props.isSms ? "" : markup("<p><br></p>");
        }
        await this.props.record.update(changes);
        Object.assign(this.state, NOTHING);
        this.notification.add(_t("Thank you: your remark is kept."), {type: "info"});
    }
}

registry.category("view_widgets").add("crm_ai_draft", {
    component: DraftWidget,
    extractProps: ({options}) => ({isSms: Boolean(options.sms)}),
});

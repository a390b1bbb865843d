/* "Where does the pipeline stand?": facts that code computed, worded, each with its
   records behind it. */
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {formatMonetary} from "@web/views/fields/formatters";
import {useSetupAction} from "@web/search/action_hook";
import {AiLabel} from "@crm_ai/answer/answer_label";
import {Component, onWillStart, onWillUnmount, status, useState} from "@odoo/owl";

const ENDED = ["done", "failed", "cancelled"];
const CARDS = {
    pipeline: () => _t("Open deals"),
    idle: () => _t("Idle deals"),
    "slipping-late": () => _t("Closing date past"),
    "segment-high": () => _t("High value"),
    "segment-risk": () => _t("At risk"),
    "segment-dormant": () => _t("Dormant"),
};

export class PipelineAnalysis extends Component {
    static template = "crm_ai_copilot.PipelineAnalysis";
    static components = {AiLabel};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.calls = useService("crm_ai.calls");
        this.questions = [
            _t("Where does the pipeline stand?"),
            _t("Which deals are idle for 30 days?"),
            _t("Where does it stick?"),
            _t("Which clients may leave?"),
        ];
        this.state = useState({
            question: "",
            answer: null,
            call: null,
            isBusy: false,
            isPreparing: false,
        });
        useSetupAction({
            getLocalState: () => ({analysisId: this.state.answer?.id}),
        });
        onWillStart(() => this.restore(this.props.state?.analysisId));
        onWillUnmount(() => this.unfollow?.());
    }

    /* Back from the records behind a figure: the answer is still there. */
    async restore(analysisId) {
        if (!analysisId) {
            return;
        }
        this.state.answer = await this.orm.call("crm.pipeline.analysis", "get_answer", [
            [analysisId],
        ]);
        this.state.question = this.state.answer.question;
        this.followCall();
    }

    followCall() {
        const callId = this.state.answer.call_id;
        if (callId && status(this) !== "destroyed") {
            this.unfollow = this.calls.follow(callId, (news) => this.onNews(news));
        }
    }

    get cards() {
        const facts = this.state.answer?.facts || [];
        return facts
            .filter((fact) => CARDS[fact.id])
            .map((fact) => ({
                id: fact.id,
                title: CARDS[fact.id](),
                count: fact.numbers.count,
                amount: formatMonetary(fact.numbers.amount, {
                    currencyId: this.state.answer.currency_id,
                }),
            }));
    }

    async ask(question) {
        const state = this.state;
        if (state.isBusy) {
            return;
        }
        Object.assign(state, {question, isBusy: true, call: null});
        this.unfollow?.();
        try {
            state.answer = await this.orm.call(
                "crm.pipeline.analysis",
                "ask_question",
                [question]
            );
        } finally {
            state.isBusy = false;
        }
        this.followCall();
    }

    async onNews(news) {
        const state = this.state;
        if (status(this) === "destroyed" || news.id !== state.answer?.call_id) {
            return;
        }
        state.call = news;
        if (!ENDED.includes(news.state)) {
            return;
        }
        this.unfollow?.();
        const answer = await this.orm.call("crm.pipeline.analysis", "get_answer", [
            [state.answer.id],
        ]);
        if (status(this) !== "destroyed" && answer.id === state.answer.id) {
            state.answer = answer;
        }
    }

    async openFact(factId) {
        const action = await this.orm.call("crm.pipeline.analysis", "open_fact", [
            [this.state.answer.id],
            factId,
        ]);
        await this.action.doAction(action);
    }

    async followUp() {
        this.state.isPreparing = true;
        try {
            const action = await this.orm.call(
                "crm.pipeline.analysis",
                "action_follow_up",
                [[this.state.answer.id]]
            );
            await this.action.doAction(action);
        } finally {
            this.state.isPreparing = false;
        }
    }
}

registry.category("actions").add("crm_ai_copilot.pipeline_analysis", PipelineAnalysis);

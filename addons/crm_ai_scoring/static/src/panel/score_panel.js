import {
    Component,
    onWillStart,
    onWillUnmount,
    status,
    useEffect,
    useState,
} from "@odoo/owl";
import {MESSAGE_TYPE} from "@crm_base/live_record/live_record";
import {TEMPERATURES} from "../badge/score_badge";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

const WHERE_FOCUS = "input, textarea, select, button, a, [tabindex]";

/**
 * Why a deal has its score: what speaks for it and against it, what would raise it.
 *
 * Each reason opens what it rests on: a list of mails, of meetings, of deals, or the
 * field of the form. The panel follows the job that computes the score.
 */
export class ScorePanel extends Component {
    static template = "crm_ai_scoring.ScorePanel";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.bus = useService("bus_service");
        this.state = useState({details: null, problem: ""});
        this.listen = (news) => this.follow(news);
        this.bus.subscribe(MESSAGE_TYPE, this.listen);
        onWillUnmount(() => this.bus.unsubscribe(MESSAGE_TYPE, this.listen));
        onWillStart(() => this.load());
        useEffect(
            () => {
                if (this.loadedFor !== this.key) {
                    this.load();
                }
            },
            () => [this.key]
        );
    }

    get record() {
        return this.props.record;
    }

    get key() {
        const {ai_score_at, ai_score} = this.record.data;
        return `${this.record.resId}:${ai_score_at}:${ai_score}`;
    }

    async load() {
        const {resId} = this.record;
        this.loadedFor = this.key;
        if (!resId) {
            this.state.details = null;
            return;
        }
        const details = await this.orm.call("crm.lead", "get_score_details", [[resId]]);
        if (status(this) !== "destroyed" && this.record.resId === resId) {
            this.state.details = details;
        }
    }

    async follow({res_model, res_id}) {
        const {record} = this;
        if (res_model !== record.resModel || res_id !== record.resId) {
            return;
        }
        if (await record.isDirty()) {
            await this.load();
        } else if (status(this) !== "destroyed") {
            await record.load();
            await this.load();
        }
    }

    get look() {
        return TEMPERATURES[this.state.details.temperature];
    }

    get since() {
        const {since} = this.state.details;
        return since ? formatDateTime(deserializeDateTime(since)) : "";
    }

    get sides() {
        const {reasons} = this.state.details;
        const most = Math.max(1, ...reasons.map(({points}) => Math.abs(points)));
        const side = (sign) =>
            reasons
                .filter(({points}) => points * sign > 0)
                .map((reason) => ({
                    ...reason,
                    width: Math.round((100 * Math.abs(reason.points)) / most),
                    shown: `${sign > 0 ? "+" : "\u2212"}${Math.max(1, Math.round(Math.abs(reason.points)))}`,
                }));
        return [
            {key: "for", title: _t("Speaks for it"), reasons: side(1)},
            {key: "against", title: _t("Speaks against it"), reasons: side(-1)},
        ];
    }

    async openFact(reason) {
        const action = await this.orm.call("crm.lead", "action_open_score_fact", [
            [this.record.resId],
            reason.name,
        ]);
        if (action) {
            await this.action.doAction(action);
        } else if (!(await this.focusField(reason.fact))) {
            this.notification.add(_t("This is not a field of the form."), {
                type: "info",
            });
        }
    }

    /** Go to the field a reason is about, on whichever page of the form it is. */
    async focusField(name) {
        const form = document.querySelector(".o_form_view");
        const pages = form.querySelectorAll(".o_notebook_headers .nav-link");
        const shown = form.querySelector(".o_notebook_headers .nav-link.active");
        for (const page of [null, ...pages]) {
            if (page) {
                page.click();
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
            const field = form.querySelector(`.o_field_widget[name="${name}"]`);
            if (field && field.offsetParent !== null) {
                field.scrollIntoView({block: "center"});
                (field.querySelector(WHERE_FOCUS) || field).focus();
                field.classList.add("o_crm_score_found");
                setTimeout(() => field.classList.remove("o_crm_score_found"), 2000);
                return true;
            }
        }
        shown?.click();
        return false;
    }
}

registry.category("view_widgets").add("crm_score_panel", {
    component: ScorePanel,
    fieldDependencies: [
        {name: "ai_score", type: "integer", readonly: true},
        {name: "ai_score_at", type: "datetime", readonly: true},
    ],
});

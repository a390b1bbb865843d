import {Component, onWillUnmount, status, useRef, useState} from "@odoo/owl";
import {DropZone} from "../panel/drop_zone";
import {Recorder} from "../recorder/recorder";
import {ReviewItem} from "./review_item";
import {clock} from "./clock";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

const FACTS = ["budget", "deadline", "decision_maker", "rival"];
const SENTENCES = ["action", "key_point", "decision", "objection"];

/** A meeting under way or waiting for its review: items on one side, words beside. */
export class MeetingReview extends Component {
    static template = "crm_ai_meeting.MeetingReview";
    static components = {DropZone, Recorder, ReviewItem};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.calls = useService("crm_ai.calls");
        this.recorder = useService("crm_ai_meeting.recorder");
        this.root = useRef("root");
        this.clock = clock;
        this.state = useState({
            review: null,
            shown: -1,
            from: 0,
            parts: 0,
            doneParts: 0,
        });
        this.unfollow = null;
        this.followed = 0;
        useRecordObserver((record) => this.load(record.resId, record.data.state));
        onWillUnmount(() => this.unfollow?.());
    }

    async load(id) {
        if (!id) {
            return;
        }
        const review = await this.orm.call("crm.meeting.summary", "get_review", [[id]]);
        if (status(this) !== "destroyed") {
            this.state.review = review;
            this._follow(review);
            if (!["draft", "recording", "transcribing"].includes(review.state)) {
                this.recorder.drop(id);
            }
        }
    }

    get sections() {
        const {labels, items} = this.state.review;
        return ["facts", "mood", ...SENTENCES]
            .map((kind) => ({
                kind,
                label: labels[kind] || "",
                items: items.filter((item) =>
                    kind === "facts" ? FACTS.includes(item.kind) : item.kind === kind
                ),
            }))
            .filter(({kind, items: own}) => own.length || this._canAdd(kind));
    }

    get factKinds() {
        const {items} = this.state.review;
        return FACTS.filter(
            (kind) => kind === "rival" || !items.some((item) => item.kind === kind)
        );
    }

    get starts() {
        return this.state.review.segments.map((segment) => segment.start);
    }

    get isWorking() {
        return ["transcribing", "summarising"].includes(this.state.review?.state);
    }

    get canReplace() {
        const {state, is_purged: isPurged} = this.state.review;
        return state === "failed" && !isPurged;
    }

    get progress() {
        const {parts, doneParts} = this.state;
        return parts ? Math.round((100 * doneParts) / parts) : 0;
    }

    _canAdd(kind) {
        return this.state.review.can_edit && kind !== "mood";
    }

    _follow({call_id: callId}) {
        if (!this.isWorking || !callId || callId === this.followed) {
            return;
        }
        this.unfollow?.();
        this.followed = callId;
        Object.assign(this.state, {parts: 0, doneParts: 0});
        this.unfollow = this.calls.follow(callId, (message) => {
            this.state.parts = message.parts || 0;
            this.state.doneParts = message.done_parts || 0;
            if (["done", "failed", "cancelled"].includes(message.state)) {
                this.reload();
            }
        });
    }

    async reload() {
        await this.props.record.load();
        await this.load(this.props.record.resId);
    }

    // -- items -----------------------------------------------------------------------

    async change(item, values) {
        await this.orm.write("crm.meeting.item", [item.id], values);
        await this.load(this.props.record.resId);
    }

    async remove(item) {
        await this.orm.unlink("crm.meeting.item", [item.id]);
        await this.load(this.props.record.resId);
    }

    async add(kind) {
        const {id, currency_id: currency, people} = this.state.review;
        const values = {summary_id: id, kind, text: ""};
        if (kind === "budget") {
            values.currency_id = currency;
        }
        if (kind === "action") {
            values.is_chosen = true;
            values.owner_id = people[0]?.id;
            values.date_due = window.luxon.DateTime.now().plus({days: 7}).toISODate();
        }
        const [itemId] = await this.orm.create("crm.meeting.item", [values]);
        await this.load(this.props.record.resId);
        const selector = `[data-id="${itemId}"] textarea, [data-id="${itemId}"] input[name=amount]`;
        requestAnimationFrame(() => this.root.el?.querySelector(selector)?.focus());
    }

    // -- places ----------------------------------------------------------------------

    show(index, item) {
        this.state.shown = index;
        this.state.from = item.id;
        const row = this.root.el.querySelector(`[data-index="${index}"]`);
        row?.scrollIntoView({block: "center", behavior: "smooth"});
    }

    back() {
        const row = this.root.el.querySelector(`[data-id="${this.state.from}"]`);
        row?.scrollIntoView({block: "center", behavior: "smooth"});
    }
}

export const meetingReview = {component: MeetingReview};

registry.category("view_widgets").add("crm_meeting_review", meetingReview);

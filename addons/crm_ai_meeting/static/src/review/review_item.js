import {Component} from "@odoo/owl";
import {clock} from "./clock";

const FACTS = ["budget", "deadline", "decision_maker", "rival"];

/** One line of a summary: what it says, who, when, and the way to its place. */
export class ReviewItem extends Component {
    static template = "crm_ai_meeting.ReviewItem";
    static props = {
        item: Object,
        canEdit: Boolean,
        isPurged: Boolean,
        people: Array,
        moods: Object,
        starts: Array,
        onChange: Function,
        onRemove: Function,
        onShow: Function,
    };

    get isFact() {
        return FACTS.includes(this.props.item.kind);
    }

    get moodClass() {
        return {
            positive: "text-bg-success",
            negative: "text-bg-danger",
            mixed: "text-bg-warning",
            neutral: "text-bg-secondary",
        }[this.props.item.mood || "neutral"];
    }

    get people() {
        const {owner_id: id, owner: name} = this.props.item;
        const isKnown = !id || this.props.people.some((person) => person.id === id);
        return isKnown ? this.props.people : [...this.props.people, {id, name}];
    }

    get places() {
        return this.props.item.segments.map((index) => {
            const start = this.props.starts[index];
            const label =
                start === null || start === undefined ? `#${index + 1}` : clock(start);
            return {index, label};
        });
    }

    change(values) {
        this.props.onChange(this.props.item, values);
    }
}

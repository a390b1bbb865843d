import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const SIZE = 220;
const MARGIN = 34;

/** What a version of the score knows, and whether its chances are honest. */
export class ScoreExplanation extends Component {
    static template = "crm_ai_scoring.ScoreExplanation";
    static props = {...standardFieldProps};

    get details() {
        return this.props.record.data[this.props.name] || {};
    }

    get sides() {
        const lists = [this.details.for || [], this.details.against || []];
        const weights = lists.flat().map(({weight}) => Math.abs(weight));
        const most = Math.max(0.01, ...weights);
        const list = (rows) =>
            rows.map((row, index) => ({
                ...row,
                key: index,
                width: Math.round((100 * Math.abs(row.weight)) / most),
            }));
        return [
            {key: "for", title: _t("What raises scores most"), rows: list(lists[0])},
            {key: "against", title: _t("What lowers them most"), rows: list(lists[1])},
        ];
    }

    get size() {
        return SIZE + 2 * MARGIN;
    }

    place(share) {
        return MARGIN + SIZE * share;
    }

    height(share) {
        return MARGIN + SIZE * (1 - share);
    }

    get ticks() {
        return [0, 0.25, 0.5, 0.75, 1].map((share) => ({
            share,
            label: `${Math.round(100 * share)}`,
        }));
    }

    get dots() {
        const bins = (this.details.bins || []).filter(({count}) => count > 0);
        const most = Math.max(1, ...bins.map(({count}) => count));
        return bins.map((bin, key) => ({
            key,
            x: this.place(bin.said),
            y: this.height(bin.happened),
            r: 3 + 7 * Math.sqrt(bin.count / most),
            title: _t("Announced %(said)s %, won %(happened)s % (%(count)s deals)", {
                said: Math.round(100 * bin.said),
                happened: Math.round(100 * bin.happened),
                count: bin.count,
            }),
        }));
    }

    get line() {
        return this.dots.map(({x, y}) => `${x},${y}`).join(" ");
    }
}

registry.category("fields").add("crm_score_explanation", {
    component: ScoreExplanation,
    supportedTypes: ["json"],
});

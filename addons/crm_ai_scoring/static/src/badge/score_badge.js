import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

export const TEMPERATURES = {
    hot: {label: _t("Hot"), icon: "fa-thermometer-full"},
    warm: {label: _t("Warm"), icon: "fa-thermometer-half"},
    cold: {label: _t("Cold"), icon: "fa-thermometer-empty"},
};

/** A score with its temperature (word and colour) and where it is going. */
export class ScoreBadge extends Component {
    static template = "crm_ai_scoring.ScoreBadge";
    static props = {...standardFieldProps};

    get score() {
        return this.props.record.data[this.props.name];
    }

    get temperature() {
        const {ai_temperature, temperature} = this.props.record.data;
        return ai_temperature || temperature || "";
    }

    get isKnown() {
        return Boolean(this.temperature);
    }

    get look() {
        return TEMPERATURES[this.temperature];
    }

    get change() {
        return this.props.record.data.ai_score_change || 0;
    }

    get title() {
        if (!this.isKnown) {
            return _t("Not scored yet");
        }
        const parts = [_t("%(score)s of 100", {score: this.score}), this.look.label];
        if (this.change) {
            const sign = this.change > 0 ? "+" : "";
            parts.push(_t("%s since the day before", `${sign}${this.change}`));
        }
        return parts.join(", ");
    }
}

export const scoreBadge = {
    component: ScoreBadge,
    displayName: _t("Score"),
    supportedTypes: ["integer"],
    fieldDependencies: ({name}) =>
        name === "ai_score"
            ? [
                  {name: "ai_temperature", type: "selection", readonly: true},
                  {name: "ai_score_change", type: "integer", readonly: true},
              ]
            : [{name: "temperature", type: "selection", readonly: true}],
};

registry.category("fields").add("crm_score", scoreBadge);

import {
    RemainingDaysField,
    remainingDaysField,
} from "@web/views/fields/remaining_days/remaining_days_field";
import {capitalize} from "@web/core/utils/strings";
import {registry} from "@web/core/registry";

/**
 * Days until a date, counted in days. Odoo's own field counts in the largest unit that
 * changes: on the last of a month it says "next month" of tomorrow.
 */
export class DaysField extends RemainingDaysField {
    get diffString() {
        const shown = super.diffString;
        if (!shown || shown === this.formattedValue) {
            return shown;
        }
        const value = this.props.record.data[this.props.name];
        return capitalize(value.toRelativeCalendar({unit: "days"}));
    }
}

registry.category("fields").add("crm_days", {
    ...remainingDaysField,
    component: DaysField,
});

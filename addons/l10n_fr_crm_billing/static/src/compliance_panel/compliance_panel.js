import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * What keeps a document from being lawful, with a button that opens the place where
 * it is put right.
 */
export class CompliancePanel extends Component {
    static template = "l10n_fr_crm_billing.CompliancePanel";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get items() {
        return this.props.record.data[this.props.name] || [];
    }

    get isBlocked() {
        return this.items.some((item) => item.level === "block");
    }

    /**
     * @param {Object} item
     */
    async onFix(item) {
        const {record} = this.props;
        // What was typed in the document is not lost when another form opens.
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call(record.resModel, "action_fr_fix", [
            [record.resId],
            item.key,
        ]);
        const reload = () => record.load();
        if (action) {
            await this.action.doAction(action, {onClose: reload});
        } else {
            await reload();
        }
    }
}

export const compliancePanel = {
    component: CompliancePanel,
    supportedTypes: ["json"],
};
registry.category("fields").add("fr_compliance_panel", compliancePanel);

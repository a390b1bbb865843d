import {Component} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {PlaceholderPicker} from "./placeholder_picker";
import {textOf} from "./snippets";

/** The names of a DOCX template: a click copies one, to paste it in the file. */
export class TemplateNamesField extends Component {
    static template = "crm_documents.TemplateNamesField";
    static components = {PlaceholderPicker};
    static props = {...standardFieldProps};

    setup() {
        this.notification = useService("notification");
    }

    get families() {
        return this.props.record.data[this.props.name] || [];
    }

    get hint() {
        return _t("Click to copy, then paste in the DOCX.");
    }

    async copy(item) {
        const text = textOf(item, {forDocx: true});
        try {
            await browser.navigator.clipboard.writeText(text);
        } catch {
            // Without a secure connection browsers give no clipboard: show it.
            this.notification.add(text, {title: _t("Copy this"), sticky: true});
            return;
        }
        this.notification.add(_t("Copied: %s", text), {type: "success"});
    }
}

registry.category("fields").add("crm_template_names", {
    component: TemplateNamesField,
    displayName: _t("Names of a template"),
    supportedTypes: ["json"],
});

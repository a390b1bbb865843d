import {HtmlField, htmlField} from "@html_editor/fields/html_field";
import {registry} from "@web/core/registry";
import {PlaceholderPicker} from "./placeholder_picker";
import {nodesOf} from "./snippets";

/** Odoo's editor with the names of the record beside it. */
export class TemplateTextField extends HtmlField {
    static template = "crm_documents.TemplateTextField";
    static components = {...HtmlField.components, PlaceholderPicker};

    get families() {
        return this.props.record.data.picker || [];
    }

    insert(item) {
        const editor = this.editor;
        if (!editor || editor.isDestroyed) {
            return;
        }
        const fragment = editor.document.createDocumentFragment();
        fragment.append(...nodesOf(item, editor.document));
        editor.shared.selection.focusEditable();
        editor.shared.dom.insert(fragment);
        editor.shared.history.addStep();
    }
}

export const templateTextField = {
    ...htmlField,
    component: TemplateTextField,
    fieldDependencies: [{name: "picker", type: "json", readonly: true}],
};

registry.category("fields").add("crm_template_text", templateTextField);

import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {CharField, charField} from "@web/views/fields/char/char_field";

/** What the server shows for a stored secret; it never sends the secret itself. */
export const SECRET_MASK = "********";

/**
 * Write-only text: shows a mask when a secret is stored, takes a new one, and leaves
 * the stored one alone when nothing was typed.
 */
export class SecretField extends CharField {
    static template = "crm_base.SecretField";

    parse(value) {
        // typed behind the mask: what was typed counts
        const secret = value.replace(SECRET_MASK, "").trim();
        if (value && !secret.replaceAll("*", "")) {
            // nothing but stars is the mask, whole or damaged: no change
            return this.props.record.data[this.props.name] || "";
        }
        return secret;
    }

    onFocus(ev) {
        ev.target.select();
    }
}

export const secretField = {
    ...charField,
    component: SecretField,
    displayName: _t("Secret"),
    supportedTypes: ["char", "text"],
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...charField.extractProps(fieldInfo, dynamicInfo),
        isPassword: true,
        autocomplete: "new-password",
    }),
};

registry.category("fields").add("crm_secret", secretField);

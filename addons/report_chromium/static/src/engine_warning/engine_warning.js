import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {session} from "@web/session";

/** What whoever prints must know about the engine, or an empty text. */
export function getPrintWarning() {
    if (session.report_engine === "wkhtmltopdf_bare") {
        return _t(
            "This PDF has no header and no footer: no seller, no VAT number, no page numbers. Do not send it, and tell your administrator that Chromium is missing on the server."
        );
    }
    if (session.report_engine === "none") {
        return _t(
            "This server cannot make PDF documents. Tell your administrator that Chromium is missing on it."
        );
    }
    return "";
}

// The warning of an administrator, once per visit.
registry.category("services").add("report_engine_warning", {
    dependencies: ["notification"],
    start(env, {notification}) {
        if (session.report_engine_warning) {
            notification.add(session.report_engine_warning, {
                title: _t("Printed documents"),
                type: "warning",
                sticky: true,
            });
        }
    },
});

// Core prints after this, whatever we say.
registry
    .category("ir.actions.report handlers")
    .add("report_engine_warning", async (action, options, env) => {
        const warning = action.report_type === "qweb-pdf" && getPrintWarning();
        if (warning) {
            env.services.notification.add(warning, {
                title: _t("Printed documents"),
                type: "danger",
                sticky: true,
            });
        }
        return false;
    });

from odoo import api, models
from odoo.exceptions import ValidationError

from ..lib.template_names import find_unknown_in_html, find_unknown_in_line

# Beside what the renderer offers: the record, and what QWeb itself knows.
QWEB_NAMES = ("object", "env", "true", "false", "None", "True", "False")
BUILTINS = (
    "abs all any bool dict enumerate filter float int len list map max min range "
    "reversed round set sorted str sum tuple zip"
).split()
LINES = ("subject", "email_from", "reply_to", "email_cc", "email_to", "lang")


class MailTemplate(models.Model):
    _inherit = "mail.template"

    @api.constrains("body_html", "model_id", *LINES)
    def _check_dunning_names(self):
        """Refuse a reminder whose text names what does not exist.

        Found when it is saved, by the name of the variable: the morning it should
        leave would be too late.
        """
        for template in self:
            if template.model == "crm.dunning.message":
                lines = [template[name] for name in LINES]
                self._check_reminder_names(template.name, template.body_html, lines)

    @api.model
    def _check_reminder_names(self, title, body, lines):
        """Refuse a text of reminders that names what does not exist."""
        model = "crm.dunning.message"
        context = self.env["mail.render.mixin"]._render_eval_context()
        known = dict.fromkeys([*context, *QWEB_NAMES, *BUILTINS], "")
        known.update({"object": model, "user": "res.users"})
        unknown = find_unknown_in_html(body or "", known, self._resolve_name)
        for line in lines:
            unknown += find_unknown_in_line(line or "", known, self._resolve_name)
        if unknown:
            raise ValidationError(
                self.env._(
                    "%(template)s names “%(name)s”, which does not exist"
                    " (in: %(where)s). Correct it, or no reminder could leave.",
                    template=title,
                    name=unknown[0].name,
                    where=unknown[0].where,
                )
            )

    @api.model
    def _resolve_name(self, model, name):
        """Return the model an attribute leads to, empty when plain, None without."""
        field = self.env[model]._fields.get(name)
        if field:
            return field.comodel_name or ""
        return "" if hasattr(type(self.env[model]), name) else None

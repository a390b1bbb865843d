import base64

from odoo import fields, models
from odoo.exceptions import UserError


class CrmAiRegisterExport(models.TransientModel):
    """The AI register of a period as a file."""

    _name = "crm.ai.register.export"
    _description = "Export of the AI Register"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        required=True,
        default=lambda self: fields.Date.start_of(
            fields.Date.context_today(self), "year"
        ),
    )
    date_to = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self)
    )
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    def action_export(self):
        """Make the file and offer it."""
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(self.env._("The period ends before it begins."))
        content = self.env["crm.ai.register"]._build_xlsx(
            self.company_id, self.date_from, self.date_to
        )
        self.file = base64.b64encode(content)
        name = self.env._("ai-register")
        self.file_name = f"{name}-{self.date_from}-{self.date_to}.xlsx"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file"
            f"?download=true&filename={self.file_name}",
            "target": "download",
        }

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    fr_payment_cap_code = fields.Selection(
        related="company_id.fr_payment_cap_code", readonly=False
    )
    fr_numbering_summary = fields.Char(compute="_compute_fr_numbering_summary")

    def _compute_fr_numbering_summary(self):
        for settings in self:
            journals = self.env["account.journal"].search(
                [
                    ("company_id", "=", settings.company_id.id),
                    ("fr_invoice_series", "!=", False),
                ]
            )
            settings.fr_numbering_summary = ", ".join(
                f"{journal.name}: {journal._get_fr_number_example()}"
                for journal in journals
            )

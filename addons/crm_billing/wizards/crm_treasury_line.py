from odoo import fields, models
from odoo.exceptions import UserError


class CrmTreasuryLine(models.TransientModel):
    """The lines behind a number that no table holds: orders, contracts, plans."""

    _name = "crm.treasury.line"
    _description = "Line of the Treasury Forecast"
    _order = "date, id"

    label = fields.Char(string="Document", readonly=True)
    kind = fields.Char(string="Row", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    date = fields.Date(string="Expected on", readonly=True)
    date_p90 = fields.Date(string="At the Latest", readonly=True)
    amount_currency = fields.Monetary(string="Amount", readonly=True, aggregator=None)
    amount = fields.Monetary(
        string="Amount, Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)

    def action_open_document(self):
        self.ensure_one()
        if (
            not self.res_model
            or not self.env[self.res_model].browse(self.res_id).exists()
        ):
            raise UserError(self.env._("The document behind this line is gone."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "view_mode": "form",
            "res_id": self.res_id,
        }

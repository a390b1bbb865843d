from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    quote_chain_is_on = fields.Boolean(
        string="Go On by Itself after Acceptance",
        help="An accepted quotation is carried on without anybody: its deposit invoice "
        "is drafted, in your name, ready to be checked and sent.",
    )
    quote_deposit_pct = fields.Float(
        string="Deposit (%)",
        default=30.0,
        digits=(5, 2),
        help="Part of the order that the deposit invoice asks for. With 0 there is no "
        "deposit: once everybody signed, the whole invoice is drafted instead.",
    )

    @api.constrains("quote_deposit_pct")
    def _check_quote_deposit_pct(self):
        for company in self:
            if not 0 <= company.quote_deposit_pct <= 100:
                raise ValidationError(
                    company.env._("The deposit is between 0 and 100 % of the order.")
                )

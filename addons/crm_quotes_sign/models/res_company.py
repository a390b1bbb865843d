from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    quote_signed_is_invoiced = fields.Boolean(
        string="Draft the First Invoice Once Signed",
        default=True,
        help="When everybody signed a quotation that you sent, its deposit invoice is "
        "drafted beside the confirmed order; you check and send it. Otherwise you "
        "make it from the order.",
    )

from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    payout_line_ids = fields.One2many("crm.payout.line", "payment_id", readonly=True)

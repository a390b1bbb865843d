from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    payout_fee_account_id = fields.Many2one(
        related="company_id.payout_fee_account_id", readonly=False
    )
    payout_fee_tax_ids = fields.Many2many(
        related="company_id.payout_fee_tax_ids", readonly=False
    )
    payout_late_days = fields.Integer(
        related="company_id.payout_late_days", readonly=False, required=True
    )
    payout_accountant_id = fields.Many2one(
        related="company_id.payout_accountant_id", readonly=False
    )

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    treasury_opening_date = fields.Date(
        related="company_id.treasury_opening_date", readonly=False
    )
    treasury_opening_balance = fields.Monetary(
        related="company_id.treasury_opening_balance", readonly=False
    )

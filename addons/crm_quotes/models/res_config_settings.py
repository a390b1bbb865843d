from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    quote_chain_is_on = fields.Boolean(
        related="company_id.quote_chain_is_on", readonly=False
    )
    quote_deposit_pct = fields.Float(
        related="company_id.quote_deposit_pct", readonly=False
    )

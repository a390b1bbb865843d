from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    quote_signed_is_invoiced = fields.Boolean(
        related="company_id.quote_signed_is_invoiced", readonly=False
    )

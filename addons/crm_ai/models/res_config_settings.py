from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    crm_ai_text_days = fields.Integer(
        related="company_id.crm_ai_text_days", readonly=False
    )

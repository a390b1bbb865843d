from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    meeting_retention_days = fields.Integer(
        related="company_id.meeting_retention_days", readonly=False, required=True
    )

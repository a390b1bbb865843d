from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sign_expiry_days = fields.Integer(
        related="company_id.sign_expiry_days", readonly=False, required=True
    )
    sign_reminder_interval_days = fields.Integer(
        related="company_id.sign_reminder_interval_days", readonly=False, required=True
    )
    sign_reminder_max = fields.Integer(
        related="company_id.sign_reminder_max", readonly=False, required=True
    )
    sign_certificate_id = fields.Many2one(
        related="company_id.sign_certificate_id", readonly=False
    )

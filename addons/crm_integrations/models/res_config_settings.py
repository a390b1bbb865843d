from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    crm_exchange_body_days = fields.Integer(
        related="company_id.crm_exchange_body_days", readonly=False
    )
    crm_exchange_row_days = fields.Integer(
        related="company_id.crm_exchange_row_days", readonly=False
    )
    crm_exchange_failed_days = fields.Integer(
        related="company_id.crm_exchange_failed_days", readonly=False
    )

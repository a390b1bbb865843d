from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    crm_idle_days = fields.Integer(related="company_id.crm_idle_days", readonly=False)

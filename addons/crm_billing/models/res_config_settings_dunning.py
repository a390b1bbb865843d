from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_policy_id = fields.Many2one(
        related="company_id.dunning_policy_id", readonly=False
    )
    dunning_is_running = fields.Boolean(
        related="company_id.dunning_is_running", readonly=False
    )
    dunning_hour = fields.Integer(related="company_id.dunning_hour", readonly=False)
    dunning_responsible_id = fields.Many2one(
        related="company_id.dunning_responsible_id", readonly=False
    )
    dunning_signatory_id = fields.Many2one(
        related="company_id.dunning_signatory_id", readonly=False
    )
    dunning_signature = fields.Image(
        related="company_id.dunning_signature", readonly=False
    )

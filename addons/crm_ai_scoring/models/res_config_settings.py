from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    score_hot_from = fields.Integer(related="company_id.score_hot_from", readonly=False)
    score_warm_from = fields.Integer(
        related="company_id.score_warm_from", readonly=False
    )
    score_start = fields.Integer(related="company_id.score_start", readonly=False)
    score_most_adjustment = fields.Integer(
        related="company_id.score_most_adjustment", readonly=False
    )
    score_tells_hot = fields.Boolean(
        related="company_id.score_tells_hot", readonly=False
    )
    score_learns = fields.Boolean(related="company_id.score_learns", readonly=False)

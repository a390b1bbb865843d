from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    late_interest_method = fields.Selection(
        related="company_id.late_interest_method", readonly=False
    )
    late_interest_rate = fields.Float(
        related="company_id.late_interest_rate", readonly=False
    )
    late_interest_reference_id = fields.Many2one(
        related="company_id.late_interest_reference_id", readonly=False
    )
    late_interest_factor = fields.Float(
        related="company_id.late_interest_factor", readonly=False
    )
    late_interest_points = fields.Float(
        related="company_id.late_interest_points", readonly=False
    )
    late_interest_fee = fields.Monetary(
        related="company_id.late_interest_fee", readonly=False
    )
    late_interest_account_id = fields.Many2one(
        related="company_id.late_interest_account_id", readonly=False
    )
    late_interest_fee_account_id = fields.Many2one(
        related="company_id.late_interest_fee_account_id", readonly=False
    )
    late_interest_floor_reference_id = fields.Many2one(
        related="company_id.late_interest_floor_reference_id", readonly=False
    )
    late_interest_floor_factor = fields.Float(
        related="company_id.late_interest_floor_factor", readonly=False
    )
    late_interest_public_reference_id = fields.Many2one(
        related="company_id.late_interest_public_reference_id", readonly=False
    )
    late_interest_public_points = fields.Float(
        related="company_id.late_interest_public_points", readonly=False
    )
    late_interest_consumer_reference_id = fields.Many2one(
        related="company_id.late_interest_consumer_reference_id", readonly=False
    )
    late_limit_years_business = fields.Integer(
        related="company_id.late_limit_years_business", readonly=False
    )
    late_limit_years_consumer = fields.Integer(
        related="company_id.late_limit_years_consumer", readonly=False
    )
    late_interest_warning = fields.Char(related="company_id.late_interest_warning")

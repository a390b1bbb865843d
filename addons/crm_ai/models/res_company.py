from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_ai_text_days = fields.Integer(
        string="Keep Texts of AI Answers (days)",
        default=30,
        help="Then questions and answers are removed; figures and decisions stay."
        " 0 keeps them for ever.",
    )

    _crm_ai_days_positive = models.Constraint(
        "CHECK(COALESCE(crm_ai_text_days, 0) >= 0)",
        "A number of days cannot be negative.",
    )

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    meeting_retention_days = fields.Integer(
        string="Words and Sound of Meetings Are Kept (days)", default=30, required=True
    )

    _meeting_retention_range = models.Constraint(
        "CHECK(meeting_retention_days BETWEEN 1 AND 365)",
        "The words and the sound of meetings are kept for 1 to 365 days.",
    )

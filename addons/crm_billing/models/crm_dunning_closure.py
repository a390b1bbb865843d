from odoo import fields, models


class CrmDunningClosure(models.Model):
    """Days, chosen by the company, on which no reminder leaves."""

    _name = "crm.dunning.closure"
    _description = "Closed Days of Reminders"
    _order = "date_from"

    policy_id = fields.Many2one(
        "crm.dunning.policy", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, string="Reason")
    date_from = fields.Date(required=True, string="First Day")
    date_to = fields.Date(required=True, string="Last Day")

    _dates_in_order = models.Constraint(
        "CHECK(date_from <= date_to AND date_to - date_from < 366)",
        "A closure ends after it begins, within a year.",
    )

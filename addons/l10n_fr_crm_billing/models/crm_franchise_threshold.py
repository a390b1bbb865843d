from decimal import Decimal

from odoo import api, fields, models

from ..lib.franchise import Threshold

ACTIVITIES = [
    ("goods", "Sales of goods, accommodation"),
    ("services", "Services"),
    ("liberal", "Lawyers, authors, artists"),
]


class CrmFranchiseThreshold(models.Model):
    """Turnover up to which a small business charges no VAT: changes with the law."""

    _name = "crm.franchise.threshold"
    _description = "Threshold of the Small Business Exemption"
    _order = "activity, date_from desc"
    _rec_name = "activity"

    activity = fields.Selection(ACTIVITIES, required=True)
    date_from = fields.Date("In Force From", required=True)
    date_to = fields.Date("Until", help="Last day, included. Empty: still in force.")
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.ref("base.EUR"), required=True
    )
    amount = fields.Monetary("Turnover of a Year", required=True)
    amount_in_year = fields.Monetary(
        "In-year Threshold",
        required=True,
        help="Above it VAT is due from the day of the crossing.",
    )
    reference = fields.Char(help="The law that set it.")

    _positive = models.Constraint(
        "CHECK(amount > 0 AND amount_in_year >= amount)",
        "The in-year threshold is at least that of the year.",
    )
    _date_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A threshold ends on the day it starts, or later.",
    )

    @api.model
    def _get_thresholds(self):
        return [
            Threshold(
                activity=record.activity,
                base=Decimal(str(record.amount)),
                in_year=Decimal(str(record.amount_in_year)),
                date_from=record.date_from,
                date_to=record.date_to or None,
            )
            # Everyone who invoices is warned, whatever they may configure.
            for record in self.sudo().search([("amount", ">", 0)])
        ]

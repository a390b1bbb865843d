from decimal import Decimal

from odoo import api, fields, models

from ..lib.treasury import ForecastLine, occurrences


class CrmTreasuryPlan(models.Model):
    """A payment or receipt the books do not know yet: rent, salaries, a loan."""

    _name = "crm.treasury.plan"
    _description = "Planned Movement"
    _order = "date, id"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    direction = fields.Selection(
        [("out", "Expense"), ("in", "Receipt")], default="out", required=True
    )
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    every = fields.Selection(
        [
            ("week", "Every week"),
            ("month", "Every month"),
            ("quarter", "Every quarter"),
            ("year", "Every year"),
        ],
        string="Repeated",
        help="Empty: once.",
    )
    date_end = fields.Date(string="Until", help="Empty: without end.")
    partner_id = fields.Many2one("res.partner", string="Contact")
    note = fields.Char()
    active = fields.Boolean(default=True)

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A planned amount is more than zero."
    )
    _dates_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date)",
        "A planned movement ends after it starts.",
    )

    @api.model
    def _get_planned_lines(self, company, start, end):
        """Return the occurrences of a company between two days, both included."""
        plans = self.search([("company_id", "=", company.id), ("date", "<=", end)])
        return [
            line for plan in plans for line in plan._get_occurrence_lines(start, end)
        ]

    def _get_occurrence_lines(self, start, end):
        amount = Decimal(f"{self.amount:.{self.currency_id.decimal_places}f}")
        days = occurrences(self.date, self.every or None, self.date_end, start, end)
        return [
            ForecastLine(
                date=day,
                date_p90=day,
                amount=amount if self.direction == "in" else -amount,
                currency=self.currency_id.name,
                kind="planned_in" if self.direction == "in" else "planned_out",
                label=self.name,
                partner_id=self.partner_id.id or 0,
                res_model=self._name,
                res_id=self.id,
            )
            for day in days
        ]

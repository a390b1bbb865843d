from odoo import api, fields, models

from ..lib.due_dates import (
    DAYS_THEN_END,
    DECADE_THEN_DAYS,
    END_THEN_DAYS,
    NET,
    get_latest_due_date,
)


class CrmPaymentCap(models.Model):
    """One way to count the longest lawful delay of payment, with its dates.

    Rows of one code add up: the general rule has a row for 60 days and one per way
    of counting 45 days end of month; the latest date they give is the limit.
    """

    _name = "crm.payment.cap"
    _description = "Legal Limit of Payment Terms"
    _order = "code, sequence, date_from desc"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, index=True)
    sequence = fields.Integer(default=10)
    count = fields.Selection(
        [
            (NET, "Days"),
            (DAYS_THEN_END, "Days, then end of month"),
            (END_THEN_DAYS, "End of month, then days"),
            (DECADE_THEN_DAYS, "End of ten days, then days"),
        ],
        string="Counting",
        required=True,
        default=NET,
    )
    days = fields.Integer(required=True)
    starts_at = fields.Selection(
        [("issue", "Invoice date"), ("delivery", "Delivery date")],
        string="Starts at",
        required=True,
        default="issue",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until")
    source = fields.Char()

    _days_positive = models.Constraint(
        "CHECK (days > 0)", "The number of days must be positive."
    )

    @api.model
    def _get_rows(self, code, day):
        """Return the rows of a code in force on that day."""
        # sudo: a rule of law, needed by whoever reads a document
        return self.sudo().search(
            [
                ("code", "=", code),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ]
        )

    @api.model
    def _get_latest_due_date(self, code, issued_on, delivered_on=None, agreed=None):
        """Return the latest lawful due date, False when the code has no rule.

        :param agreed: month-end count the payment terms name, see ``lib.due_dates``
        """
        rows = self._get_rows(code, issued_on)
        if not rows:
            return False
        start = issued_on
        if rows[0].starts_at == "delivery" and delivered_on:
            start = delivered_on
        ways = [(row.count, row.days) for row in rows]
        return get_latest_due_date(start, ways, agreed)

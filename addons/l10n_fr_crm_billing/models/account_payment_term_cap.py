from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ..lib.due_dates import DAYS_THEN_END, END_THEN_DAYS


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    fr_cap_warning = fields.Char(compute="_compute_fr_cap_warning")

    def _get_fr_agreed_count(self):
        """Return the month-end count these terms name, None without one."""
        counts = {line._get_fr_count() for line in self.line_ids} - {None}
        return counts.pop() if len(counts) == 1 else None

    @api.depends("line_ids.nb_days", "line_ids.delay_type", "line_ids.days_next_month")
    @api.depends_context("company")
    def _compute_fr_cap_warning(self):
        codes = self.env["res.company"]._get_france_country_codes()
        for term in self:
            company = term.company_id or self.env.company
            term.fr_cap_warning = False
            if company.account_fiscal_country_id.code in codes and term.line_ids:
                term.fr_cap_warning = term._find_fr_cap_breach(company)

    def _find_fr_cap_breach(self, company):
        """Try every day of a leap year and tell the first that breaks the limit."""
        agreed = self._get_fr_agreed_count()
        code = company.fr_payment_cap_code or "general"
        Cap = self.env["crm.payment.cap"]
        first = date(2028, 1, 1)
        for offset in range(366):
            day = first + timedelta(days=offset)
            due = max(line._get_due_date(day) for line in self.line_ids)
            limit = Cap._get_latest_due_date(code, day, agreed=agreed)
            if limit and due > limit:
                return self.env._(
                    "Longer than the law allows between businesses: an invoice of"
                    " %(day)s would be due on %(due)s, the limit is %(limit)s"
                    " (C.com L441-10).",
                    day=format_date(self.env, day),
                    due=format_date(self.env, due),
                    limit=format_date(self.env, limit),
                )
        return False


class AccountPaymentTermLine(models.Model):
    _inherit = "account.payment.term.line"

    def _get_fr_count(self):
        """Return how core's delay counts to a month end, None when it does not."""
        self.ensure_one()
        if self.delay_type == "days_after_end_of_month":
            return END_THEN_DAYS
        if (
            self.delay_type == "days_end_of_month_on_the"
            and self.days_next_month == "0"
        ):
            return DAYS_THEN_END
        return None

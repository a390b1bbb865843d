from datetime import date
from decimal import Decimal

from odoo import models

from ..lib.franchise import (
    PASSED,
    PASSED_IN_YEAR,
    judge_turnover,
    pick_threshold,
)
from ..lib.typography import format_amount


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_fr_turnover(self, day):
        """Return what the company invoiced in the calendar year of a day, in euro."""
        self.ensure_one()
        domain = [
            ("company_id", "=", self.id),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("state", "=", "posted"),
            ("invoice_date", ">=", date(day.year, 1, 1)),
            ("invoice_date", "<=", date(day.year, 12, 31)),
        ]
        # A sum of the whole company, which the reader of one invoice may not read.
        groups = self.env["account.move"].sudo()
        ((total,),) = groups._read_group(domain, [], ["amount_untaxed_signed:sum"])
        return Decimal(str(total or 0))

    def _describe_fr_turnover_passed(self, day, extra):
        """Return a sentence when the turnover passes a threshold of the exemption.

        :param extra: documents about to be posted, counted on top
        """
        self.ensure_one()
        threshold = pick_threshold(
            self.env["crm.franchise.threshold"]._get_thresholds(),
            self.fr_franchise_activity,
            day,
        )
        drafts = extra.filtered(lambda move: move.state != "posted")
        turnover = self._get_fr_turnover(day) + sum(
            (Decimal(str(move.amount_untaxed_signed)) for move in drafts), Decimal(0)
        )
        verdict = judge_turnover(turnover, threshold)
        if verdict not in (PASSED, PASSED_IN_YEAR):
            return ""
        figures = {
            "turnover": format_amount(turnover),
            "year": str(day.year),
            "base": format_amount(threshold.base, decimals=0),
            "in_year": format_amount(threshold.in_year, decimals=0),
        }
        if verdict == PASSED_IN_YEAR:
            return self.env._(
                "%(turnover)s in %(year)s, above %(in_year)s: VAT is due from the day "
                "of the crossing",
                **figures,
            )
        return self.env._(
            "%(turnover)s in %(year)s, above %(base)s: VAT is due from 1 January",
            **figures,
        )

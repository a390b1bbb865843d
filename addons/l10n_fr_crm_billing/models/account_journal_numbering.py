from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.invoice_number import (
    MAX_DIGITS,
    MIN_DIGITS,
    format_number,
    get_prefix,
    is_valid_series,
)

SERIES_FIELDS = ("fr_invoice_series", "fr_credit_note_series", "fr_deposit_series")


class AccountJournal(models.Model):
    _inherit = "account.journal"

    fr_invoice_series = fields.Char(
        string="Series of Invoices",
        copy=False,
        help="Letters in the number of invoices, as F in 2026-F-0001. Empty: numbers"
        " follow the last one of the journal.",
    )
    fr_credit_note_series = fields.Char(string="Series of Credit Notes", copy=False)
    fr_deposit_series = fields.Char(
        string="Series of Deposits",
        copy=False,
        help="Empty: deposit invoices share the series of invoices.",
    )
    fr_number_digits = fields.Integer(string="Digits of the Number", default=4)
    fr_first_number = fields.Integer(string="First Number", default=1, copy=False)
    fr_first_year = fields.Integer(string="Year of the First Number", copy=False)

    @api.constrains(*SERIES_FIELDS, "fr_number_digits", "company_id")
    def _check_fr_series(self):
        for journal in self.filtered("fr_invoice_series"):
            series = [code for name in SERIES_FIELDS if (code := journal[name])]
            for code in series:
                if not is_valid_series(code):
                    raise ValidationError(
                        self.env._(
                            "Series %(code)s of journal %(journal)s: use capital"
                            " letters only, 10 at most, as F or AV.",
                            code=code,
                            journal=journal.display_name,
                        )
                    )
            if len(set(series)) < len(series):
                raise ValidationError(
                    self.env._(
                        "Journal %s: give each series letters of its own, or two"
                        " documents would claim the same number.",
                        journal.display_name,
                    )
                )
            if not MIN_DIGITS <= journal.fr_number_digits <= MAX_DIGITS:
                raise ValidationError(
                    self.env._(
                        "Journal %(journal)s: a number has %(low)s to %(high)s digits.",
                        journal=journal.display_name,
                        low=MIN_DIGITS,
                        high=MAX_DIGITS,
                    )
                )
            journal._check_fr_series_elsewhere(series)

    def _check_fr_series_elsewhere(self, series):
        """Each series is used by one journal of the company: numbers are unique."""
        others = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("fr_invoice_series", "!=", False),
            ]
        )
        for other in others:
            taken = {other[name] for name in SERIES_FIELDS} & set(series)
            if taken:
                raise ValidationError(
                    self.env._(
                        "Series %(code)s is already used by journal %(other)s. Choose"
                        " other letters for %(journal)s.",
                        code=taken.pop(),
                        other=other.display_name,
                        journal=self.display_name,
                    )
                )

    def _get_fr_number_example(self):
        """Return the first number of this year in the series of invoices."""
        self.ensure_one()
        return self._get_fr_examples(
            [(self.fr_invoice_series, 1)], self.fr_number_digits
        )

    @api.model
    def _get_fr_examples(self, series_and_numbers, digits):
        """Return numbers of this year as they would be printed.

        :param series_and_numbers: (letters, number); wrong letters give nothing
        """
        year = fields.Date.context_today(self).year
        digits = min(max(digits, 1), MAX_DIGITS)
        return ", ".join(
            format_number(year, series, max(number, 1), digits)
            for series, number in series_and_numbers
            if series and is_valid_series(series)
        )

    def _get_fr_invoices(self):
        return [
            ("journal_id", "in", self.ids),
            ("move_type", "=", "out_invoice"),
            ("posted_before", "=", True),
        ]

    def _get_fr_last_number(self):
        """Return the number of the last invoice of the journal."""
        order = "date desc, sequence_number desc"
        domain = self._get_fr_invoices()
        return self.env["account.move"].search(domain, order=order, limit=1).name

    def _has_fr_number(self, series):
        """Tell whether this year's series already has a number."""
        prefix = get_prefix(fields.Date.context_today(self).year, series)
        return bool(
            self.env["account.move"].search_count(
                [*self._get_fr_invoices(), ("sequence_prefix", "=", prefix)], limit=1
            )
        )

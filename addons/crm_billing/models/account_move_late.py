from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import format_date

from ..lib.late_interest import (
    Due,
    LateInterest,
    MissingRateError,
    compute_late_interest_of,
    is_late,
)


class AccountMove(models.Model):
    _inherit = "account.move"

    formal_notice_date = fields.Date(
        string="Formal Notice Received On",
        copy=False,
        tracking=True,
        help="Date of the receipt of the registered letter. A consumer owes interest"
        " from the day after.",
    )

    # === Seams: what other themes ask === #

    def _get_late_interest(self, on_date, *, whole=False):
        """Return what is owed on top of the invoice on a day, a LateInterest.

        Amounts are Decimal in the currency of the invoice. Days and fees claimed by
        a debit note before are left out.

        :param date on_date: last day counted
        :param bool whole: from the due date on, whatever was claimed before
        :raise RedirectWarning: a rate is missing; the button opens the table
        """
        self.ensure_one()
        result = self._get_late_interests(on_date, whole=whole)[self.id]
        if isinstance(result, LateInterest):
            return result
        self._raise_late_interest_trouble(result)

    def _get_late_interest_trouble(self, on_date=None):
        """Return the sentence that says why no interest can be computed, or False."""
        self.ensure_one()
        on_date = on_date or fields.Date.context_today(self)
        result = self._get_late_interests(on_date)[self.id]
        if isinstance(result, LateInterest):
            return False
        return self._explain_late_interest_trouble(result)

    def _get_claim_limit_date(self):
        """Return the last day to sue for the invoice, False when nothing limits it."""
        self.ensure_one()
        company = self.company_id
        years = company.late_limit_years_consumer
        if self.commercial_partner_id._is_business_customer():
            years = company.late_limit_years_business
        due = self.invoice_date_due
        return bool(years and due) and due + relativedelta(years=years)

    # === Computation === #

    def _get_late_interests(self, on_date, *, whole=False):
        """Return {move id: LateInterest, or the error that forbids it}.

        The number of queries does not depend on the number of invoices.
        """
        moves = self.filtered(lambda move: move._bears_late_interest())
        found = {move.id: LateInterest() for move in self}
        dues = moves._get_late_dues()
        claims = {} if whole else moves._get_late_claims()
        for move in moves:
            claimed_until, fee_claimed = claims.get(move.id, (None, False))
            try:
                found[move.id] = move._compute_late_interest_on(
                    on_date, dues[move.id], claimed_until, fee_claimed
                )
            except (MissingRateError, UserError) as error:
                found[move.id] = error
        return found

    def _bears_late_interest(self):
        """Tell whether interest may run: not on drafts, credit notes, penalties."""
        return (
            self.move_type == "out_invoice"
            and self.state == "posted"
            and bool(self.company_id.late_interest_method)
        )

    def _compute_late_interest_on(self, on_date, dues, claimed_until, fee_claimed):
        partner = self.commercial_partner_id
        is_business = partner._is_business_customer()
        if not is_business:
            # Without formal notice a consumer owes nothing.
            notice = self.formal_notice_date
            dues = notice and tuple(
                Due(due.amount, max(due.date, notice), due.payments) for due in dues
            )
        on_date = min(filter(None, (on_date, *self._get_late_ends())))
        late = [due for due in dues or () if is_late(due, on_date)]
        if not late:
            return LateInterest()
        # sudo: a seller sees the amount without any right on the settings
        rates, _references = self.company_id.sudo()._get_late_interest_terms(partner)
        if not rates and not self._has_late_reference():
            return LateInterest()
        first_late = min(due.date for due in late) + timedelta(days=1)
        fee = Decimal(0)
        if is_business and not fee_claimed:
            fee = self._get_late_fee(first_late)
        return compute_late_interest_of(
            late,
            on_date,
            rates,
            fee=fee,
            is_business=is_business,
            claimed_until=claimed_until,
            decimals=self.currency_id.decimal_places,
        )

    def _get_late_ends(self):
        """Return the days, or False, after which no interest runs.

        Insolvency stops it; an agreed plan gives new due dates of its own.
        """
        plan = self.sudo().instalment_plan_id
        return (
            self.commercial_partner_id.insolvency_date,
            plan.state == "agreed" and fields.Date.to_date(plan.agreed_on),
        )

    def _has_late_reference(self):
        """Tell apart an empty table (an error) from a client who owes nothing."""
        terms = self.company_id.sudo()._get_late_interest_terms(
            self.commercial_partner_id
        )
        return bool(terms[1])

    def _get_late_fee(self, first_late):
        """Return the fee in the currency of the invoice, at the rate of that day.

        :param date first_late: when the fee became due
        :raise UserError: the currency has no rate
        """
        company = self.company_id.sudo()
        insolvency = self.commercial_partner_id.insolvency_date
        if insolvency and insolvency <= first_late:
            return Decimal(0)
        fee = company.late_interest_fee
        if fee and self.currency_id != company.currency_id:
            if not self.currency_id._has_rate_on(first_late, company):
                raise UserError(
                    self.env._(
                        "%(document)s: no exchange rate of %(currency)s is known on"
                        " %(day)s, the recovery fee cannot be converted. Add the rate"
                        " in the currency.",
                        document=self.name,
                        currency=self.currency_id.name,
                        day=format_date(self.env, first_late),
                    )
                )
            fee = company.currency_id._convert(
                fee, self.currency_id, company, first_late
            )
        places = self.currency_id.decimal_places
        return Decimal(f"{fee:.{places}f}")

    def _get_late_dues(self):
        """Return {move id: tuple of Due}, with the real dates of payments.

        A payment lowers the base from the day after; a credit note from its own day.
        """
        places = {move.id: move.currency_id.decimal_places for move in self}
        # sudo: who sees the invoice may know when it was paid
        lines = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("move_id", "in", self.ids),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("amount_currency", ">", 0),
                ],
                order="date_maturity, id",
            )
        )
        payments = lines._get_settlements()
        dues = defaultdict(tuple)
        for line in lines:
            move = line.move_id
            due = Due(
                Decimal(f"{line.amount_currency:.{places[move.id]}f}"),
                line.date_maturity or move.invoice_date_due or move.invoice_date,
                payments[line.id],
            )
            dues[move.id] += (due,)
        return dues

    def _get_late_claims(self):
        """Return {move id: (last day claimed, whether the fee was)}."""
        return {}

    # === Saying what is missing === #

    def _explain_late_interest_trouble(self, error):
        if not isinstance(error, MissingRateError):
            return str(error)
        _rates, reference = self.company_id.sudo()._get_late_interest_terms(
            self.commercial_partner_id
        )
        return self.env._(
            "%(document)s: no rate is known for %(day)s in the table “%(reference)s”."
            " Add the rate of that half-year: an old one is never used in its place.",
            document=self.name,
            day=format_date(self.env, error.date),
            reference=reference.name,
        )

    def _raise_late_interest_trouble(self, error):
        message = self._explain_late_interest_trouble(error)
        if not isinstance(error, MissingRateError):
            raise UserError(message)
        action = self.env.ref("crm_billing.crm_late_rate_action")
        _rates, reference = self.company_id.sudo()._get_late_interest_terms(
            self.commercial_partner_id
        )
        raise RedirectWarning(
            message,
            action.id,
            self.env._("Open the table of rates"),
            {"default_reference_id": reference.id},
        )

from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ..lib.late_interest import (
    Due,
    LateInterest,
    MissingRateError,
    compute_late_interest_of,
    is_late,
    share_payments,
)


class CrmInstalment(models.Model):
    _inherit = "crm.instalment"

    def _get_late_interest(self, on_date):
        """Return what is owed on top of the instalment on a day, a LateInterest.

        An agreed plan gives new due dates: interest of its invoices stops the day it
        is agreed, that of each instalment runs from the instalment's own date. The
        fee of each invoice is owed with the first instalment that is late, unless it
        was owed before the plan.

        :raise RedirectWarning: a rate is missing; the button opens the table
        """
        self.ensure_one()
        try:
            return self._compute_late_interest_on(on_date)
        except (MissingRateError, UserError) as error:
            self.plan_id.move_ids[:1]._raise_late_interest_trouble(error)

    def _get_late_interest_trouble(self, on_date=None):
        """Return the sentence that says why no interest can be computed, or False."""
        self.ensure_one()
        try:
            self._compute_late_interest_on(on_date or fields.Date.context_today(self))
        except (MissingRateError, UserError) as error:
            return self.plan_id.move_ids[:1]._explain_late_interest_trouble(error)
        return False

    def _compute_late_interest_on(self, on_date):
        plan = self.plan_id
        partner = plan.partner_id.commercial_partner_id
        company = plan.company_id.sudo()
        if plan.state != "agreed" or not company.late_interest_method:
            return LateInterest()
        if partner.insolvency_date:
            on_date = min(on_date, partner.insolvency_date)
        dues = plan._get_late_dues()
        due = dues[self.id]
        if not is_late(due, on_date) or not partner._is_business_customer():
            return LateInterest()
        rates, _references = company._get_late_interest_terms(partner)
        first = next(id_ for id_, item in dues.items() if is_late(item, on_date))
        fee = plan._get_late_fee(on_date) if first == self.id else Decimal(0)
        return compute_late_interest_of(
            [due],
            on_date,
            rates,
            fee=fee,
            decimals=plan.currency_id.decimal_places,
        )


class CrmInstalmentPlan(models.Model):
    _inherit = "crm.instalment.plan"

    def _get_late_dues(self):
        """Return {instalment id: Due}, first due first, with the dates of payments."""
        self.ensure_one()
        ordered = self.instalment_ids.sorted(lambda i: (i.date_due, i.sequence, i.id))
        places = self.currency_id.decimal_places
        amounts = [Decimal(f"{i.amount:.{places}f}") for i in ordered]
        dues = self.move_ids._get_late_dues()
        payments = [
            payment
            for move_dues in dues.values()
            for due in move_dues
            for payment in due.payments
        ]
        settled = sum((paid for _day, paid in payments), Decimal(0))
        within_plan = Decimal(f"{self.amount_paid:.{places}f}")
        shares = share_payments(amounts, payments, max(settled - within_plan, 0))
        return {
            instalment.id: Due(amount, instalment.date_due, share)
            for instalment, amount, share in zip(ordered, amounts, shares, strict=True)
        }

    def _get_late_fee(self, on_date):
        """Sum of the fees of the invoices that did not owe it before the plan."""
        fee = Decimal(0)
        for move in self.move_ids:
            if not move._get_late_interest(on_date, whole=True).fee:
                fee += move._get_late_fee(on_date)
        return fee

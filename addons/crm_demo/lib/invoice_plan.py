"""Which invoice follows which won deal, and what became of it.

The states a user meets in an accounting office are all there: draft, cancelled, not
due yet, late, partly paid, paid, credited in full or in part.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from .history import ClosedDeal
from .workdays import next_workday, previous_workday

TERM_DAYS = 30
BILLING_DELAYS_DAYS = (6, 9, 13, 18, 24)
PAYMENT_DELAYS_DAYS = (-6, -3, 0, 2, 5, 9)


class Outcome(Enum):
    """What became of an invoice."""

    TO_INVOICE = "to_invoice"
    DRAFT = "draft"
    CANCELLED = "cancelled"
    WAITING = "waiting"
    LATE = "late"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    CREDITED = "credited"
    PARTLY_CREDITED = "partly_credited"


# Told on the newest invoices of each kind, so that they look like today's work.
DUE_CASES = (
    Outcome.LATE,
    Outcome.PARTLY_PAID,
    Outcome.LATE,
    Outcome.CREDITED,
    Outcome.LATE,
    Outcome.PARTLY_PAID,
    Outcome.PARTLY_CREDITED,
)
UNDUE_CASES = (Outcome.DRAFT, Outcome.CANCELLED, Outcome.DRAFT)


@dataclass(frozen=True)
class InvoicePlan:
    """The invoice of one won deal; ``settled_on`` is the day of payment or credit."""

    deal: ClosedDeal
    invoiced_on: date
    due_on: date
    outcome: Outcome
    settled_on: date | None = None


def plan_invoices(
    deals: Iterable[ClosedDeal], today: date, pinned_ages: dict[str, int] | None = None
) -> list[InvoicePlan]:
    """Return one plan per won deal, oldest invoice first.

    :param deals: closed deals, lost ones are skipped
    :param today: day of the installation
    :param pinned_ages: deal key -> age in days of its invoice, posted and unpaid
    """
    pinned_ages = pinned_ages or {}
    plans = []
    for rank, deal in enumerate(deal for deal in deals if deal.is_won):
        if deal.key in pinned_ages:
            invoiced_on = today - timedelta(days=pinned_ages[deal.key])
            plans.append(_plan(deal, previous_workday(invoiced_on), Outcome.WAITING))
            continue
        delay = BILLING_DELAYS_DAYS[rank % len(BILLING_DELAYS_DAYS)]
        invoiced_on = next_workday(deal.closed_at.date() + timedelta(days=delay))
        plans.append(_settle(_plan(deal, invoiced_on, Outcome.WAITING), rank, today))
    plans.sort(key=lambda plan: (plan.invoiced_on, plan.deal.key))
    plain = [plan for plan in plans if plan.deal.key not in pinned_ages]
    cases = _cases([plan for plan in plain if plan.due_on < today], DUE_CASES)
    undue = (plan for plan in plain if plan.outcome is Outcome.WAITING)
    cases |= _cases([plan for plan in undue if plan.due_on >= today], UNDUE_CASES)
    return [_tell(plan, cases.get(plan.deal.key), today) for plan in plans]


def _plan(deal: ClosedDeal, invoiced_on: date, outcome: Outcome) -> InvoicePlan:
    return InvoicePlan(
        deal, invoiced_on, invoiced_on + timedelta(days=TERM_DAYS), outcome
    )


def _settle(plan: InvoicePlan, rank: int, today: date) -> InvoicePlan:
    """Tell the ordinary end: not invoiced yet, waiting, or paid around its date."""
    if plan.invoiced_on > today:
        return replace(plan, outcome=Outcome.TO_INVOICE)
    delay = PAYMENT_DELAYS_DAYS[rank % len(PAYMENT_DELAYS_DAYS)]
    paid_on = next_workday(plan.due_on + timedelta(days=delay))
    if paid_on > today:
        return plan
    return replace(plan, outcome=Outcome.PAID, settled_on=paid_on)


def _cases(plans: Sequence[InvoicePlan], cases: Sequence[Outcome]):
    """Give the cases to the newest plans, newest first."""
    newest = reversed(plans)
    return {plan.deal.key: case for plan, case in zip(newest, cases, strict=False)}


def _tell(plan: InvoicePlan, case: Outcome | None, today: date) -> InvoicePlan:
    if case is None:
        return plan
    unsettled = case in {*UNDUE_CASES, Outcome.LATE}
    settled_on = None if unsettled else min(next_workday(plan.due_on), today)
    return replace(plan, outcome=case, settled_on=settled_on)

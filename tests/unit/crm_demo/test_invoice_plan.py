"""What became of the invoices of won deals."""

from collections import Counter
from datetime import date

import pytest

from odoo.addons.crm_demo.lib.history import make_closed_deals
from odoo.addons.crm_demo.lib.invoice_plan import TERM_DAYS, Outcome, plan_invoices

TODAYS = [date(2026, 11, 20), date(2026, 3, 2), date(2027, 1, 4), date(2027, 7, 31)]
PINNED = {"oceane_chatbot": 6}


@pytest.fixture(params=TODAYS, ids=str)
def told(request, story):
    deals = make_closed_deals(story, request.param)
    return request.param, deals, plan_invoices(deals, request.param, PINNED)


def test_each_won_deal_has_one_plan(told):
    _today, deals, plans = told
    won = {deal.key for deal in deals if deal.is_won}
    assert sorted(plan.deal.key for plan in plans) == sorted(won)


def test_every_state_an_accountant_meets_is_there(told):
    counts = Counter(plan.outcome for plan in told[2])
    assert counts[Outcome.LATE] == 3
    assert counts[Outcome.PARTLY_PAID] == 2
    assert counts[Outcome.CREDITED] == counts[Outcome.PARTLY_CREDITED] == 1
    assert counts[Outcome.DRAFT] == 2
    assert counts[Outcome.CANCELLED] == 1
    assert counts[Outcome.PAID] >= 25
    assert counts[Outcome.WAITING] >= 1


def test_late_invoices_are_past_their_date_and_waiting_ones_are_not(told):
    today, _deals, plans = told
    for plan in plans:
        if plan.outcome is Outcome.LATE:
            assert plan.due_on < today
        if plan.outcome is Outcome.WAITING:
            # A client may pay a few days after the date without being chased.
            assert (today - plan.due_on).days < 14


def test_nothing_happens_in_the_future(told):
    today, _deals, plans = told
    for plan in plans:
        if plan.outcome is Outcome.TO_INVOICE:
            assert plan.invoiced_on > today
            continue
        assert plan.deal.closed_at.date() <= plan.invoiced_on <= today
        assert plan.settled_on is None or plan.settled_on <= today


def test_the_pinned_invoice_is_recent_and_unpaid(told):
    today, _deals, plans = told
    plan = next(plan for plan in plans if plan.deal.key == "oceane_chatbot")
    assert plan.outcome is Outcome.WAITING
    assert 6 <= (today - plan.invoiced_on).days <= 8
    assert (plan.due_on - plan.invoiced_on).days == TERM_DAYS


def test_plans_come_in_the_order_of_their_numbers(told):
    days = [plan.invoiced_on for plan in told[2]]
    assert days == sorted(days)

"""The 160 closed deals: eight quarters that end today, whenever today is."""

from collections import Counter
from datetime import date, timedelta

import pytest

from odoo.addons.crm_demo.lib.history import STEPS, WON, make_closed_deals
from odoo.addons.crm_demo.lib.workdays import Quarter, is_workday

# Mid-quarter, the clock of the journeys, the first day of a year, a leap day, a summer.
TODAYS = [
    date(2026, 11, 20),
    date(2026, 3, 2),
    date(2027, 1, 1),
    date(2028, 2, 29),
    date(2027, 7, 31),
]


@pytest.fixture(params=TODAYS, ids=str)
def told(request, story):
    return request.param, make_closed_deals(story, request.param)


def test_there_are_160_deals_in_eight_quarters_in_a_row(told):
    today, deals = told
    counts = Counter(Quarter.of(deal.closed_at.date()) for deal in deals)
    newest = max(counts)
    assert sorted(counts) == [newest.shift(-ago) for ago in range(7, -1, -1)]
    assert [counts[quarter] for quarter in sorted(counts)] == [
        10,
        11,
        13,
        14,
        15,
        17,
        20,
        60,
    ]


def test_the_story_ends_now(told):
    today, deals = told
    newest = max(deal.closed_at.date() for deal in deals)
    assert newest < today
    assert Quarter.of(newest) in {Quarter.of(today), Quarter.of(today).shift(-1)}


def test_conversion_of_the_monday_meeting(story):
    """AT-02: Lucas won 9 of 20 closed this quarter, Marie Roche 12 of 40."""
    today = date(2026, 3, 2)
    deals = [
        deal
        for deal in make_closed_deals(story, today)
        if Quarter.of(deal.closed_at.date()) == Quarter.of(today)
    ]
    won = Counter(deal.owner for deal in deals if deal.is_won)
    closed = Counter(deal.owner for deal in deals)
    assert (won["lucas"], closed["lucas"]) == (9, 20)
    assert (won["marie"], closed["marie"]) == (12, 40)


def test_a_quarter_that_has_just_begun_leaves_the_story_in_the_one_before(story):
    deals = make_closed_deals(story, date(2027, 1, 15))
    assert Quarter.of(deals[-1].closed_at.date()) == Quarter(2026, 4)


def test_the_same_day_tells_the_same_deals(story):
    today = date(2026, 11, 20)
    assert make_closed_deals(story, today) == make_closed_deals(story, today)


def test_another_day_tells_the_same_deals_later(story):
    """Only dates move with the day of installation."""

    def facts(today):
        deals = make_closed_deals(story, today)
        return sorted(
            (deal.key, deal.name, deal.owner, deal.is_won, deal.amount_eur)
            for deal in deals
        )

    assert facts(date(2026, 11, 20)) == facts(date(2026, 3, 2))


def test_another_seed_tells_other_deals(story):
    today = date(2026, 11, 20)
    assert make_closed_deals(story, today, 1) != make_closed_deals(story, today, 2)


def test_each_deal_walks_through_the_stages_in_order(told):
    for deal in told[1]:
        names = [stage for stage, _entered_at in deal.stages]
        instants = [entered_at for _stage, entered_at in deal.stages]
        assert tuple(names) == (STEPS + (WON,))[: len(names)]
        assert instants == sorted(instants)
        assert deal.opened_at == instants[0] <= deal.assigned_at <= deal.closed_at
        assert deal.closed_at >= instants[-1]
        assert is_workday(deal.closed_at.date())
        assert deal.closed_at - deal.opened_at < timedelta(days=130)


def test_won_deals_have_no_lost_reason_and_lost_deals_have_one(told, read):
    reasons = {row["key"] for row in read("lost_reasons")}
    for deal in told[1]:
        assert (deal.last_stage == WON) == deal.is_won
        assert (deal.lost_reason in reasons) != deal.is_won


def test_names_and_keys_are_unique(told):
    deals = told[1]
    assert len({deal.key for deal in deals}) == len(deals)
    assert len({deal.name for deal in deals}) == len(deals)


def test_amounts_are_days_sold_at_the_price_list(told, read):
    prices = {row["key"]: int(row["price_eur"]) for row in read("products")}
    for deal in told[1]:
        sold = sum(days * prices[product] for product, days in deal.mix.items())
        assert deal.amount_eur == sold
        assert 1000 <= deal.amount_eur <= 62000


def test_the_business_grows(told):
    revenue = Counter()
    for deal in told[1]:
        if deal.is_won:
            revenue[Quarter.of(deal.closed_at.date())] += deal.amount_eur
    amounts = [revenue[quarter] for quarter in sorted(revenue)]
    assert sum(amounts[4:]) > 2 * sum(amounts[:4])


def test_the_deal_of_the_client_portal_journey_is_told(told):
    deal = next(deal for deal in told[1] if deal.key == "oceane_chatbot")
    assert (deal.amount_eur, deal.is_won, deal.client) == (12500, True, "oceane")

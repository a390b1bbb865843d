from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.crm_billing.lib.payout_match import (
    BankLine,
    ExpectedLine,
    match,
    normalize,
    score,
)


def line(key=1, amount="118.50", day=10, label="VIR STRIPE", currency="EUR"):
    return BankLine(key, Decimal(amount), currency, date(2026, 3, day), label)


def payout(key=1, amount="118.50", day=10, refs=("ST1234567890",), refused=()):
    return ExpectedLine(
        key,
        Decimal(amount),
        "EUR",
        date(2026, 3, day),
        refs,
        ("STRIPE",),
        frozenset(refused),
    )


def sure(lines, payouts):
    return {(p.payout, p.line) for p in match(lines, payouts).sure}


def unsure(lines, payouts):
    return {(p.payout, p.line) for p in match(lines, payouts).unsure}


@pytest.mark.parametrize(
    "other",
    [
        line(amount="118.51"),
        line(amount="-118.50"),
        line(currency="USD"),
        line(day=21),
        line(day=6),
    ],
)
def test_another_amount_currency_or_time_is_no_match(other):
    assert score(other, payout()) == 0
    assert match([other], [payout()]).unsure == ()


def test_name_and_date_are_enough():
    assert sure([line(day=12)], [payout()]) == {(1, 1)}


def test_a_line_without_the_name_is_left_to_a_person():
    verdict = match([line(label="VIREMENT RECU")], [payout()])
    assert (verdict.sure, [p.line for p in verdict.unsure]) == ((), [1])


def test_the_reference_is_found_whatever_its_punctuation_and_the_date():
    far = BankLine(
        7, Decimal("118.50"), "EUR", date(2026, 4, 20), "vir st-1234 567.890"
    )
    assert sure([far], [payout()]) == {(1, 7)}
    very_far = BankLine(7, Decimal("118.50"), "EUR", date(2026, 6, 20), far.label)
    assert score(very_far, payout()) == 0


def test_a_short_reference_proves_nothing():
    assert score(line(label="REF AB12"), payout(refs=("AB12",))) < 45


def test_two_equal_payouts_on_the_same_day_are_not_guessed():
    payouts = [payout(1, refs=()), payout(2, refs=())]
    assert sure([line(1)], payouts) == set()
    assert unsure([line(1)], payouts) == {(1, 1), (2, 1)}
    assert sure([line(1), line(2)], payouts) == set()


def test_the_reference_decides_between_twins_and_frees_the_other():
    payouts = [payout(1, refs=("ST000000AA",)), payout(2, refs=("ST000000BB",))]
    lines = [line(1, label="STRIPE ST000000BB"), line(2)]
    assert sure(lines, payouts) == {(2, 1), (1, 2)}


def test_weekly_twins_are_told_apart_by_their_dates():
    payouts = [payout(1, day=3, refs=()), payout(2, day=10, refs=())]
    assert sure([line(1, day=4), line(2, day=11)], payouts) == {(1, 1), (2, 2)}


def test_dates_that_lie_close_are_not_guessed():
    payouts = [payout(1, day=9, refs=()), payout(2, day=10, refs=())]
    assert sure([line(1, day=11)], payouts) == set()


def test_what_a_person_refused_is_not_proposed_again():
    assert score(line(5), payout(refused=(5,))) == 0


def test_negative_payouts_match_money_that_leaves():
    assert sure([line(amount="-12.00")], [payout(amount="-12.00")]) == {(1, 1)}


def test_a_year_of_daily_payouts_is_quick_and_complete():
    days = [date(2026, 1, 1).toordinal() + n for n in range(365)]
    payouts = [
        ExpectedLine(n, Decimal(n), "EUR", date.fromordinal(day))
        for n, day in enumerate(days, 1)
    ]
    lines = [
        BankLine(n, Decimal(n), "EUR", date.fromordinal(day + 1), "STRIPE")
        for n, day in enumerate(days, 1)
    ]
    assert len(match(lines, payouts).sure) == 365


def test_normalize_keeps_letters_and_digits():
    assert normalize("a b-1/É.") == "AB1"

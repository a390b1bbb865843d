from decimal import Decimal

import pytest

from odoo.addons.crm_billing.lib.payout_entry import (
    Books,
    Item,
    Movement,
    Place,
    plan_entry,
)
from odoo.addons.crm_billing.lib.stripe_payout import Role

BOOKS = Books(511, 471, 627, 766, 666, "EUR")
CLIENT = 411


def money(text):
    return Decimal(text)


def item(amount, account=511, currency="EUR", balance=None, **values):
    balance = money(balance or amount)
    return Item(
        account, currency, money(amount), balance, is_clearing=account == 511, **values
    )


def paid(key, gross, fee="0", **values):
    values.setdefault("item", item(gross))
    fees = (("stripe_fee", money(fee)),) if money(fee) else ()
    role = values.pop("role", Role.PAYMENT)
    return Movement(key, role, money(gross), fees, **values)


def plan(*movements, currency="EUR", rate="1"):
    done = plan_entry(
        movements, BOOKS, currency, lambda x: (x * money(rate)).quantize(money("0.01"))
    )
    assert sum(line.balance for line in done.lines) == 0
    return done


def sums(done):
    found = {}
    for line in done.lines:
        found[line.account] = found.get(line.account, 0) + line.balance
    return {account: value for account, value in found.items() if value}


def cleared(done, movements, currency="EUR"):
    """What clearing holds once the entry is there: the payout, or the entry lies."""
    ours = sum(
        line.amount
        for line in done.lines
        if line.account == 511 and line.currency == currency
    )
    there = sum(
        m.item.residual
        for m in movements
        if m.item and m.item.is_clearing and m.item.currency == currency
    )
    return ours + there


def test_known_payments_need_only_their_fees():
    movements = [paid(1, "120.00", "2.05"), paid(2, "50.00", "1.00")]
    done = plan(*movements)
    assert sums(done) == {627: money("3.05"), 511: money("-3.05")}
    assert len(done.lines) == 2
    assert set(done.places.values()) == {Place.CLEARING}
    assert cleared(done, movements) == money("166.95")


def test_no_fee_no_entry():
    assert plan(paid(1, "120.00")).lines == ()


def test_refunds_at_gross_and_fees_of_their_own():
    movements = [
        paid(1, "100", "2"),
        paid(2, "-40", role=Role.REFUND),
        Movement(3, Role.FEE, money("-5")),
    ]
    done = plan(*movements)
    assert sums(done) == {627: money("7"), 511: money("-7")}
    assert done.places[3] is Place.FEE
    assert cleared(done, movements) == money("53")


def test_a_dispute_makes_the_client_owe_again():
    lost = paid(
        1, "-30", "20", role=Role.DISPUTE, item=None, receivable=CLIENT, partner=9
    )
    done = plan(lost)
    assert sums(done) == {CLIENT: money("30"), 627: money("20"), 511: money("-50")}
    (line,) = (line for line in done.lines if line.subject == "dispute")
    assert (line.partner, line.key) == (9, 1)
    booked = paid(
        1, "-30", "20", role=Role.DISPUTE, item=item("-30"), receivable=CLIENT
    )
    assert plan(booked).places[1] is Place.CLEARING, "lost and booked before"
    won = plan(paid(1, "30", role=Role.DISPUTE_WON, item=None, receivable=CLIENT))
    assert sums(won) == {CLIENT: money("-30"), 511: money("30")}


@pytest.mark.parametrize("role", [Role.PAYMENT, Role.REFUND, Role.DISPUTE, Role.OTHER])
def test_what_nobody_knows_waits_line_by_line(role):
    movements = [
        paid(1, "30", "1", role=role, item=None),
        paid(2, "7", role=role, item=None),
    ]
    done = plan(*movements)
    assert sums(done) == {471: money("-37"), 627: money("1"), 511: money("36")}
    assert [line.key for line in done.lines if line.subject == "waiting"] == [1, 2]
    assert cleared(done, movements) == money("36")


def test_a_payment_matched_elsewhere_or_not_reconcilable_waits():
    done = plan(paid(1, "30", item=item("0")))
    assert done.places[1] is Place.WAITING
    bank = item("30", account=512, can_reconcile=False)
    assert plan(paid(1, "30", item=bank)).places[1] is Place.WAITING


def test_another_amount_here_leaves_the_difference_waiting():
    movements = [paid(1, "99.00", item=item("100.00"))]
    done = plan(*movements)
    assert sums(done) == {471: money("1.00"), 511: money("-1.00")}
    assert done.places[1] is Place.DIFFERENT
    assert cleared(done, movements) == money("99.00")


def test_a_payment_on_another_account_is_brought_over():
    movements = [paid(1, "30", "1", item=item("30", account=512))]
    done = plan(*movements)
    assert sums(done) == {512: money("-30"), 627: money("1"), 511: money("29")}
    assert done.places[1] is Place.BROUGHT
    other = plan(paid(1, "29", item=item("30", account=512)))
    assert other.places[1] is Place.DIFFERENT
    assert sums(other) == {512: money("-30"), 471: money("1"), 511: money("29")}


@pytest.mark.parametrize(
    ("gross", "account", "amount"),
    [("91.90", 666, "0.40"), ("93.00", 766, "-0.70")],
)
def test_a_payment_in_another_currency_with_its_exchange_difference(
    gross, account, amount
):
    there = item("100", currency="USD", balance="92.30")
    movements = [paid(1, gross, "1.63", item=there)]
    done = plan(*movements)
    found = sums(done)
    assert found[account] == money(amount)
    assert cleared(done, movements) == money(gross) - money("1.63")
    (offset,) = (line for line in done.lines if line.subject == "brought")
    assert (offset.currency, offset.amount, offset.balance) == (
        "USD",
        money("-100"),
        money("-92.30"),
    )


def test_a_payout_in_a_foreign_currency_converts_its_fees():
    there = item("100", currency="USD", balance="90.00")
    done = plan(paid(1, "100", "2", item=there), currency="USD", rate="0.9")
    fee = next(line for line in done.lines if line.account == 627)
    assert (fee.amount, fee.currency, fee.balance) == (
        money("2"),
        "USD",
        money("1.80"),
    )


def test_a_payout_sent_back_is_carried_by_the_next_one():
    movements = [
        Movement(1, Role.RETURNED, money("98"), item=item("98")),
        paid(2, "10", "1"),
    ]
    done = plan(*movements)
    assert sums(done) == {627: money("1"), 511: money("-1")}
    assert cleared(done, movements) == money("107")


def test_five_thousand_movements_make_two_lines():
    movements = [paid(n, "10.00", "0.40") for n in range(5000)]
    done = plan(*movements)
    assert len(done.lines) == 2
    assert sums(done) == {627: money("2000.00"), 511: money("-2000.00")}

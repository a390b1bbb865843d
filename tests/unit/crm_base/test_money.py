"""Amounts are exact, and currencies never mix."""

import random
from decimal import Decimal

import pytest

from odoo.addons.crm_base.lib.money import Money


def eur(text):
    return Money.from_decimal(Decimal(text), "EUR")


@pytest.mark.parametrize(
    ("amount", "decimals", "minor"),
    [
        ("0", 2, 0),
        ("12.34", 2, 1234),
        ("2.675", 2, 268),
        ("2.665", 2, 267),
        ("-2.675", 2, -268),
        ("0.005", 2, 1),
        ("0.0049999", 2, 0),
        ("1234.5", 0, 1235),
        ("1.2345", 3, 1235),
        ("99999999999.99", 2, 9999999999999),
    ],
)
def test_rounds_once_half_away_from_zero(amount, decimals, minor):
    assert Money.from_decimal(Decimal(amount), "ZZZ", decimals).minor == minor


def test_there_and_back_is_exact():
    chance = random.Random(7)
    for _ in range(2000):
        money = Money(
            chance.randint(-(10**13), 10**13), "EUR", chance.choice((0, 2, 3))
        )
        assert (
            Money.from_decimal(money.to_decimal(), money.currency, money.decimals)
            == money
        )


def test_sums_and_differences_are_those_of_whole_numbers():
    chance = random.Random(8)
    for _ in range(500):
        a, b = chance.randint(-(10**9), 10**9), chance.randint(-(10**9), 10**9)
        x, y = Money(a, "EUR"), Money(b, "EUR")
        assert (x + y).minor == a + b
        assert (x - y).minor == a - b
        assert (x < y, x >= y, x == y) == (a < b, a >= b, a == b)
        assert -x + x == Money(0, "EUR")


def test_a_tenth_and_two_tenths_are_three_tenths():
    assert eur("0.1") + eur("0.2") == eur("0.3")


@pytest.mark.parametrize("other", [Money(1, "USD", 2), Money(1, "EUR", 3)])
def test_different_currencies_are_refused(other):
    one = Money(1, "EUR", 2)
    for operation in ("__add__", "__sub__", "__lt__"):
        with pytest.raises(ValueError):
            getattr(one, operation)(other)
    assert one != other


def test_floats_are_refused():
    with pytest.raises(TypeError):
        Money.from_decimal(1.1, "EUR")
    with pytest.raises(TypeError):
        Money(1.0, "EUR")
    with pytest.raises(TypeError):
        Money(True, "EUR")
    with pytest.raises(TypeError):
        eur("1") + 1


def test_zero_is_false():
    assert not Money(0, "EUR")
    assert Money(-1, "EUR")


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(123456, "EUR"), "1\u202f234,56\u00a0EUR"),
        (Money(-5, "EUR"), "-0,05\u00a0EUR"),
        (Money(0, "EUR"), "0,00\u00a0EUR"),
        (Money(1234567, "JPY", 0), "1\u202f234\u202f567\u00a0JPY"),
        (Money(1234, "TND", 3), "1,234\u00a0TND"),
    ],
)
def test_french_format(money, text):
    assert money.format() == text


def test_format_with_symbol():
    assert eur("1234.5").format("€") == "1\u202f234,50\u00a0€"
    assert eur("1234.5").format("€", mark=".", group=",") == "1,234.50\u00a0€"

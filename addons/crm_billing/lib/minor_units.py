"""Amounts as Stripe counts them: integers in the currency's smallest unit.

https://docs.stripe.com/currencies (zero-decimal, three-decimal and special cases,
minimum and maximum amounts), read 2026-09.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

ZERO_DECIMAL = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()
)
# Amounts of these go in thousandths whose last digit must be zero.
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split())
# ISO 4217 gives these no decimals; Stripe wants two, always "00".
ZERO_SENT_AS_TWO = frozenset("ISK UGX".split())
# Stripe charges these in whole units although it counts hundredths.
WHOLE_UNITS_ONLY = frozenset("HUF ISK TWD UGX".split())

MAXIMUM_MINOR = 99_999_999
MINIMUM_MINOR = {
    "AED": 200,
    "AUD": 50,
    "BRL": 50,
    "CAD": 50,
    "CHF": 50,
    "CZK": 1500,
    "DKK": 250,
    "EUR": 50,
    "GBP": 30,
    "HKD": 400,
    "HUF": 17500,
    "INR": 50,
    "JPY": 50,
    "MXN": 1000,
    "NOK": 300,
    "NZD": 50,
    "PLN": 200,
    "RON": 200,
    "SEK": 300,
    "SGD": 50,
    "USD": 50,
}


class AmountRefusedError(ValueError):
    """Stripe would not take this amount.

    :param reason: ``not_positive``, ``too_small``, ``too_large`` or ``too_precise``
    :param limit: the limit in major units, when there is one
    """

    def __init__(self, reason: str, limit: Decimal | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


def stripe_decimals(currency: str) -> int:
    """Return how many decimals Stripe's integers carry.

    >>> stripe_decimals("EUR"), stripe_decimals("JPY"), stripe_decimals("TND")
    (2, 0, 3)
    >>> stripe_decimals("UGX")
    2
    """
    code = currency.upper()
    if code in ZERO_DECIMAL:
        return 0
    return 3 if code in THREE_DECIMAL else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """Return the integer to send for an amount in major units.

    >>> to_minor(Decimal("3600"), "EUR"), to_minor(Decimal("1500"), "JPY")
    (360000, 1500)

    :raise AmountRefusedError: when the amount has decimals the currency lacks
    """
    code = currency.upper()
    places = stripe_decimals(code)
    step = Decimal(1).scaleb(-places)
    if code in THREE_DECIMAL:
        step = Decimal("0.01")
    elif code in WHOLE_UNITS_ONLY:
        step = Decimal(1)
    if amount != amount.quantize(step, rounding=ROUND_HALF_UP):
        raise AmountRefusedError("too_precise")
    return int(amount.scaleb(places))


def from_minor(minor: int, currency: str) -> Decimal:
    """Return the major-unit amount of an integer of Stripe.

    >>> from_minor(360000, "eur")
    Decimal('3600.00')
    """
    return Decimal(minor).scaleb(-stripe_decimals(currency))


def check_payable(minor: int, currency: str) -> None:
    """Raise when a client could not pay this amount through Stripe.

    :raise AmountRefusedError: with the reason and the limit in major units
    """
    code = currency.upper()
    if minor <= 0:
        raise AmountRefusedError("not_positive")
    minimum = MINIMUM_MINOR.get(code, 1)
    if minor < minimum:
        raise AmountRefusedError("too_small", from_minor(minimum, code))
    if minor > MAXIMUM_MINOR:
        raise AmountRefusedError("too_large", from_minor(MAXIMUM_MINOR, code))

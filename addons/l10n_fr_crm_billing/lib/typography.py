"""French way of writing amounts, dates and numbers on a document."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}


def format_number(amount: Decimal, decimals: int = 2) -> str:
    """Return ``10 000,50``; no decimals when asked for none.

    >>> format_number(Decimal("10000"), 0) == "10" + NBSP + "000"
    True
    """
    rounded = amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{rounded:,.{decimals}f}"
    return text.replace(",", NBSP).replace(".", ",")


def format_amount(amount: Decimal, currency: str = "EUR", decimals: int = 2) -> str:
    """Return ``10 000,50 €``; round sums keep no decimals when ``decimals`` is 0."""
    return f"{format_number(amount, decimals)}{NBSP}{SYMBOLS.get(currency, currency)}"


def format_rate(rate: Decimal) -> str:
    """Return ``12,15 %``, without useless zeros.

    >>> format_rate(Decimal("20.0")) == "20" + NBSP + "%"
    True
    """
    text = f"{rate.normalize():f}".replace(".", ",")
    return f"{text}{NBSP}%"


def format_day(day: date | None) -> str:
    """Return ``31/12/2026``."""
    return day.strftime("%d/%m/%Y") if day else ""


def describe_rate(words: str, factor: float, points: float) -> str:
    """Return a rate that follows a published one, to be read after ``au taux de``.

    >>> describe_rate("l'intérêt légal", 3, 0)
    "3 fois le taux de l'intérêt légal"
    """
    if factor not in (0, 1):
        figure = f"{factor:g}".replace(".", ",")
        words = f"{figure} fois le taux de {words}"
    if points:
        figure = f"{points:g}".replace(".", ",")
        words = f"{words} majoré de {figure} points de pourcentage"
    return words

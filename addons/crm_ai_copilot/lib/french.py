"""How numbers and days are written in French."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from odoo.addons.crm_ai.lib.calendar_words import MONTHS

NBSP = "\N{NO-BREAK SPACE}"
THIN = "\N{NARROW NO-BREAK SPACE}"
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def format_number(value: Decimal | int, decimals: int = 0) -> str:
    """Return a number with French separators.

    >>> format_number(Decimal("18000.5"), 2).replace(THIN, "_")
    '18_000,50'
    """
    return f"{value:,.{decimals}f}".replace(",", THIN).replace(".", ",")


def format_amount(value: Decimal, currency: str = "EUR") -> str:
    """Return an amount, its cents only when there are some.

    >>> format_amount(Decimal("18000.00")).replace(THIN, "_").replace(NBSP, "~")
    '18_000~€'
    """
    decimals = 0 if value == value.to_integral_value() else 2
    sign = SIGNS.get(currency, currency)
    return f"{format_number(value, decimals)}{NBSP}{sign}"


def format_day(day: date, today: date | None = None) -> str:
    """Return a day; its year only when it is not this one's.

    >>> format_day(date(2026, 3, 1), date(2026, 2, 2)).replace(NBSP, "~")
    '1er~mars'
    """
    number = "1er" if day.day == 1 else str(day.day)
    text = f"{number}{NBSP}{MONTHS[day.month - 1]}"
    if today is None or today.year != day.year:
        text += f"{NBSP}{day.year}"
    return text


def format_count(number: int, one: str, many: str) -> str:
    """Return a number with its noun.

    >>> format_count(1, "affaire", "affaires").replace(NBSP, "~")
    '1~affaire'
    """
    return f"{format_number(number)}{NBSP}{many if number > 1 else one}"


def plain_spaces(text: str) -> str:
    """Return the text with ordinary spaces only, same length."""
    return re.sub(r"[\u00a0\u202f\u2009\t]", " ", text)


def count_words(text: str) -> int:
    """Return how many words a person would count.

    >>> count_words("Bonjour, voici 18 000 € : merci !")
    5
    """
    text = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)", "", text)
    return len(re.findall(r"[\w€$£%@.'’/-]*\w[\w€$£%@.'’/-]*", text))

"""Amounts of money as people say or write them in French."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from odoo.addons.crm_ai.lib.folding import fold

from .numbers import FEW, find_numbers

_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "ke": "EUR", "k€": "EUR",
    "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "k$": "USD",
    "£": "GBP", "gbp": "GBP", "livres": "GBP", "chf": "CHF", "francs suisses": "CHF",
}  # fmt: skip
_UNIT = "|".join(
    re.escape(u) for u in sorted(_CURRENCIES, key=len, reverse=True) if u[0] != "k"
)
_MULTIPLIERS = {"k": 1000, "mille": 1000, "m": 10**6, "million": 10**6,
                "millions": 10**6, "milliard": 10**9, "milliards": 10**9}  # fmt: skip
_DIGITS = r"\d{1,3}(?:[ .']\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,3})?"
_WRITTEN = re.compile(
    rf"(?<![\w/])(?P<number>{_DIGITS})\s*"
    rf"(?:(?P<times>k|mille|millions?|milliards?|m)(?=\s*(?:{_UNIT}|ht\b|ttc\b)|\W|$))?"
    rf"\s*(?:d'|de\s+)?(?P<unit>{_UNIT})?(?![\w])"
)
_BEFORE = re.compile(r"(?P<unit>[€$£])\s*$")
_AFTER_WORDS = re.compile(rf"\s*(?:d'|de\s+)?(?P<unit>{_UNIT})(?!\w)")
_FEW = re.compile(
    rf"\b(?P<few>{'|'.join(sorted(FEW, key=len, reverse=True))})\s+de\s+"
    rf"(?P<times>mille|milliers?|k|millions?)\s*(?:d'|de\s+)?(?P<unit>{_UNIT})?"
)
_TAX = re.compile(r"\s*(?P<tax>ht|ttc|hors taxes?|toutes taxes)\b")


@dataclass(frozen=True)
class Amount:
    """Money in a text.

    :param words: as said; :param start: place in the text, :param end: behind it
    :param has_currency: said with one; without, EUR is assumed
    """

    start: int
    end: int
    words: str
    value: Decimal
    currency: str
    has_currency: bool
    tax: str = ""


def find_amounts(text: str, is_money: bool = False) -> list[Amount]:
    """Return the amounts of a text in order.

    A bare number is none: it needs a currency, or "k", or "HT".

    :param is_money: the text speaks of money: thousands need nothing more

    >>> [a.value for a in find_amounts("entre 40 et 50 K€ HT")]
    [Decimal('50000')]
    """
    folded = fold(text)
    found = [
        *_written(text, folded, is_money),
        *_in_letters(text, folded, is_money),
        *_few(text, folded),
    ]
    found.sort(key=lambda a: (a.start - a.end, a.start))
    kept: list[Amount] = []
    for one in found:
        if not any(one.start < k.end and k.start < one.end for k in kept):
            kept.append(one)
    return sorted(kept, key=lambda a: a.start)


def holds_amount(text: str, value: Decimal) -> bool:
    """Tell whether a text says this amount, in digits or letters."""
    if any(amount.value == value for amount in find_amounts(text)):
        return True
    folded = fold(text)
    bare = {_decimal(match.group()) for match in re.finditer(_DIGITS, folded)}
    bare |= {Decimal(number) for _s, _e, number in find_numbers(folded)}
    thousands = {
        n * 1000 for n in bare if n is not None and re.search(r"\bk|mille", folded)
    }
    return value in bare | thousands


def _written(text: str, folded: str, is_money: bool) -> Iterator[Amount]:
    for match in _WRITTEN.finditer(folded):
        value = _decimal(match["number"])
        unit, start = match["unit"], match.start()
        before = _BEFORE.search(folded[: match.start()])
        if not unit and before:
            unit, start = before["unit"], before.start()
        times = match["times"]
        if times == "m" and not unit:
            continue  # metres
        tax = _TAX.match(folded, match.end())
        is_said = unit or times in ("k", "mille") or tax
        is_bare = is_money and value is not None and _looks_like_money(value)
        if value is None or not (is_said or is_bare):
            continue
        value *= _MULTIPLIERS.get(times, 1)
        yield _amount(text, start, match.end(), value, unit, tax)


def _looks_like_money(value: Decimal) -> bool:
    """Tell whether a bare number may be an amount: no year, round, large enough."""
    return value >= 1000 and value % 100 == 0 and not 1900 <= value <= 2100


def _in_letters(text: str, folded: str, is_money: bool) -> Iterator[Amount]:
    for start, end, number in find_numbers(folded):
        unit = _AFTER_WORDS.match(folded, end)
        if unit:
            tax = _TAX.match(folded, unit.end())
            yield _amount(text, start, unit.end(), Decimal(number), unit["unit"], tax)
            continue
        tax = _TAX.match(folded, end)
        if number >= 1000 and (
            tax or (is_money and _looks_like_money(Decimal(number)))
        ):
            yield _amount(text, start, end, Decimal(number), None, tax)


def _few(text: str, folded: str) -> Iterator[Amount]:
    """Amounts like "une cinquantaine de milliers d'euros"."""
    for match in _FEW.finditer(folded):
        scale = 10**6 if match["times"].startswith("million") else 1000
        value = Decimal(FEW[match["few"]]) * scale
        yield _amount(text, match.start(), match.end(), value, match["unit"], None)


def _amount(text, start, end, value, unit, tax) -> Amount:
    if tax:
        end = tax.end()
    return Amount(
        start,
        end,
        text[start:end].strip(),
        value,
        _CURRENCIES.get(unit or "", "EUR"),
        bool(unit),
        "TTC" if tax and tax["tax"].startswith("t") else "HT" if tax else "",
    )


def _decimal(digits: str) -> Decimal | None:
    grouped = re.fullmatch(r"\d{1,3}(?:[ .']\d{3})+(?:,\d{1,2})?", digits)
    plain = re.sub(r"[ .']", "", digits) if grouped else digits
    try:
        return Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None

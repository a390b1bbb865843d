"""Are the figures of an answer those of the data? In code, not by asking a model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from odoo.addons.crm_ai.lib.calendar_words import MONTH_NUMBERS, MONTHS
from odoo.addons.crm_ai.lib.folding import fold

from .references import HANDLE

_MONTH = "|".join(sorted({*MONTHS, *map(fold, MONTHS)}))
_SPACE = r"[ \u00a0\u202f]"
_DATE = re.compile(
    r"\b(?P<iso>\d{4}-\d\d-\d\d)|\b(?P<slash>\d{1,2}/\d{1,2}(?:/\d{2,4})?)\b"
    rf"|\b(?P<day>\d{{1,2}})(?:er)?{_SPACE}(?P<month>{_MONTH})"
    rf"(?:{_SPACE}(?P<year>\d{{4}}))?",
    re.I,
)
_TIME = re.compile(r"\b([01]?\d|2[0-3])\s?(?:h|:)\s?([0-5]\d)?\b")
_NUMBER = re.compile(
    rf"(?<![\w,.])(?P<digits>\d{{1,3}}(?:(?:{_SPACE}|\.)\d{{3}})+|\d+)"
    rf"(?P<decimals>[,.]\d+)?(?P<thousands>{_SPACE}?k(?=\b|\u20ac))?(?!\w)"
)
# `1.` in front of a line counts lines, nothing else
_LIST_MARK = re.compile(r"^\s*\d{1,2}[.)]\s", re.M)


@dataclass(frozen=True)
class Figure:
    """A figure in a text: where, and its value as text that can be compared."""

    start: int
    end: int
    text: str
    value: str


def find_figures(text: str) -> list[Figure]:
    """Return the figures of a text in order; dates and hours are one each."""
    hidden = HANDLE.sub(lambda match: " " * len(match[0]), text)
    hidden = _LIST_MARK.sub(lambda match: " " * len(match[0]), hidden)
    found = []
    for pattern, value_of in ((_DATE, _date), (_TIME, _time), (_NUMBER, _number)):
        for match in pattern.finditer(hidden):
            value = value_of(match)
            found.append(Figure(match.start(), match.end(), match[0], value))
        hidden = pattern.sub(lambda match: " " * len(match[0]), hidden)
    return sorted(found, key=lambda figure: figure.start)


def _date(match: re.Match) -> str:
    if match["iso"]:
        return match["iso"]
    if match["slash"]:
        parts = match["slash"].split("/")
        day, month = int(parts[0]), int(parts[1])
        year = int(parts[2]) if len(parts) > 2 else 0
    else:
        day, month = int(match["day"]), MONTH_NUMBERS[fold(match["month"])]
        year = int(match["year"] or 0)
    year += 2000 if 0 < year < 100 else 0
    return f"{year:04d}-{month:02d}-{day:02d}"


def _time(match: re.Match) -> str:
    return f"{int(match[1]):02d}h{match[2] or '00'}"


def _number(match: re.Match) -> str:
    digits = re.sub(r"\D", "", match["digits"])
    decimals = (match["decimals"] or "").replace(",", ".")
    try:
        value = Decimal(digits + decimals)
    except InvalidOperation:
        return match[0]
    return _plain(value * 1000 if match["thousands"] else value)


def _plain(value: Decimal) -> str:
    text = f"{value.normalize():f}"
    return "0" if text in ("-0", "") else text


def known_values(*sources: Any) -> set[str]:
    """Return every figure that data hold, in the forms a text may give them."""
    known: set[str] = set()
    for leaf in _leaves(sources):
        if isinstance(leaf, bool) or leaf is None:
            continue
        if isinstance(leaf, int | float | Decimal):
            known |= _forms(abs(Decimal(str(leaf))))
        else:
            for figure in find_figures(str(leaf)):
                known |= _text_forms(figure.value)
    return known


def _leaves(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        for child in value.values():
            yield from _leaves(child)
    elif isinstance(value, list | tuple | set):
        for child in value:
            yield from _leaves(child)
    else:
        yield value


def _forms(value: Decimal) -> set[str]:
    """The value and what rounding makes of it."""
    forms = {_plain(value)}
    steps = [Decimal("1"), Decimal("0.1"), Decimal("0.01")]
    steps += [Decimal("100")] if value >= 1000 else []
    for step in steps:
        rounded = (value / step).quantize(Decimal("1"), ROUND_HALF_UP) * step
        forms.add(_plain(rounded))
    return forms


def _text_forms(value: str) -> set[str]:
    """The forms of a figure that was found in a text."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        year, month, day = value.split("-")
        return {value, f"0000-{month}-{day}", str(int(year))}
    try:
        return _forms(Decimal(value))
    except InvalidOperation:
        return {value}


def unknown_figures(text: str, known: set[str]) -> list[Figure]:
    """Return the figures of an answer that no data hold."""
    return [figure for figure in find_figures(text) if figure.value not in known]


def mark_unknown(text: str, known: set[str], mark: str) -> str:
    """Return the text with such figures replaced by a mark."""
    for figure in reversed(unknown_figures(text, known)):
        text = f"{text[: figure.start]}{mark}{text[figure.end :]}"
    return text

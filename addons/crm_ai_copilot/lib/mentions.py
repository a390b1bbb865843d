"""What a French text states that can be checked: amounts, days, references, contacts.

Each mention is a stretch of the text with a value that compares. A day may be known
in part ("12 mars", "lundi", "2e trimestre").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from dateutil.relativedelta import relativedelta

from odoo.addons.crm_ai.lib.calendar_words import (
    MONTH_NUMBERS,
    MONTH_PATTERN,
    WEEKDAYS,
)
from odoo.addons.crm_ai.lib.folding import fold

from .french import plain_spaces

Kind = Literal["amount", "percent", "date", "hour", "reference", "contact"]


@dataclass(frozen=True)
class DayHint:
    """What a text says of a day; None where it says nothing.

    :param weekday: 0 is Monday
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    quarter: int | None = None

    def fits(self, known: date, today: date) -> bool:
        """Tell whether the known day can be the one that is meant.

        A weekday alone means the last or the next one.
        """
        is_bare = self.weekday is not None and self.month is None
        if is_bare and abs((known - today).days) > 8:
            return False
        return (
            self.year in (None, known.year)
            and self.month in (None, known.month)
            and self.day in (None, known.day)
            and self.weekday in (None, known.weekday())
            and self.quarter in (None, (known.month + 2) // 3)
        )

    @classmethod
    def of(cls, day: date) -> DayHint:
        return cls(day.year, day.month, day.day)


@dataclass(frozen=True)
class Mention:
    """One thing a text states.

    :param value: Decimal, DayHint, (hour, minute), or a folded text
    """

    kind: Kind
    text: str
    start: int
    end: int
    value: Decimal | DayHint | tuple[int, int] | str


MONTH = rf"(?P<month>{MONTH_PATTERN})\b\.?"
WEEKDAY = "(?P<weekday>" + "|".join(WEEKDAYS) + ")"
NUMBER = (
    r"(?P<number>\d{1,3}(?:[ .']\d{3})+(?:,\d{1,2})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?"
    r"|\d+(?:[.,]\d{1,2})?)"
)
UNIT = r"(?P<unit>k€|m€|keur|k euros?|€|euros?|eur|\$|dollars?|usd|£|livres?|gbp|chf)"
SCALE = r"(?P<scale>mille|millions?|milliards?|k|m)?"
WORDS = (
    r"(?:(?:zero|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize"
    r"|quatorze|quinze|seize|vingts?|trente|quarante|cinquante|soixante|cents?|mille"
    r"|millions?|et)[ -]+(?:d')?)+"
)
SCALES = {"mille": 1_000, "k": 1_000, "m": 1_000_000}
SCALES |= {"million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9}
RELATIVE = {
    "avant-hier": -2, "hier": -1, "aujourd'hui": 0, "apres-demain": 2, "demain": 1,
}  # fmt: skip
LENGTHS: dict[str, Callable[[int], timedelta | relativedelta]] = {
    "heure": lambda count: timedelta(days=round(count / 24)),
    "jour": lambda count: timedelta(days=count),
    "semaine": lambda count: timedelta(weeks=count),
    "mois": lambda count: relativedelta(months=count),
    "an": lambda count: relativedelta(years=count),
}


def parse_number(text: str) -> Decimal:
    """Return the number of a French or English spelling.

    >>> [str(parse_number(t)) for t in ("18 000,50", "18.000", "18000.5", "1'200")]
    ['18000.50', '18000', '18000.5', '1200']
    """
    text = re.sub(r"[ ']", "", text)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return Decimal(text.replace(",", ""))
    if "," in text:
        return Decimal(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text):
        text = text.replace(".", "")
    return Decimal(text)


def _amount(match: re.Match, today: date) -> Decimal:
    value = parse_number(match["number"])
    groups = match.groupdict()
    unit, scale = groups.get("unit") or "", groups.get("scale") or ""
    if unit[:1] in ("k", "m"):
        scale = unit[0]
    return value * SCALES.get(scale, 1)


def _written_day(match: re.Match, today: date) -> DayHint:
    groups = match.groupdict()
    year = groups.get("year")
    number = int(year) if year else None
    if number is not None and number < 100:
        number += 2000
    month = groups["month"]
    weekday = groups.get("weekday")
    return DayHint(
        number,
        int(month) if month.isdigit() else MONTH_NUMBERS[month],
        int(groups["day"]) if groups.get("day") else None,
        WEEKDAYS.index(weekday) if weekday else None,
    )


def _weekday(match: re.Match, today: date) -> DayHint:
    return DayHint(weekday=WEEKDAYS.index(match["weekday"]))


def _quarter(match: re.Match, today: date) -> DayHint:
    year = match["year"]
    return DayHint(int(year) if year else None, quarter=int(match["quarter"]))


def _year(match: re.Match, today: date) -> DayHint:
    return DayHint(int(match["year"]))


def _relative(match: re.Match, today: date) -> DayHint:
    return DayHint.of(today + timedelta(days=RELATIVE[match["word"]]))


def _length(match: re.Match, today: date) -> DayHint:
    unit = match["length"].rstrip("s") if match["length"] != "mois" else "mois"
    step = LENGTHS[unit](min(int(match["count"]), 2000))
    past = match["side"].startswith(("il", "depuis"))
    return DayHint.of(today - step if past else today + step)


def _hour(match: re.Match, today: date) -> tuple[int, int]:
    return int(match["hour"]), int(match["minute"] or 0)


def _folded(match: re.Match, today: date) -> str:
    return match[0].strip(" .,;:")


def _squeezed(match: re.Match, today: date) -> str:
    value = re.sub(r"[^0-9a-z+]", "", match[0])
    return re.sub(r"^\+33", "0", value)


def _reference(match: re.Match, today: date) -> str:
    return re.sub(r"[^0-9a-z]", "", fold(match["reference"]))


Reader = Callable[[re.Match, date], object]
# What is read first hides its letters from those below.
PATTERNS: tuple[tuple[Kind, str, Reader], ...] = (
    ("contact", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", _folded),
    ("contact", r"(?:https?://|www\.)[^\s<>\"')]+", _folded),
    (
        "contact",
        r"\b[a-z]{2}\d{2}(?: ?[0-9a-z]{4}){3,7}(?: ?[0-9a-z]{1,3})?\b",
        _squeezed,
    ),
    ("contact", r"(?<!\d)(?:\+33 ?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)", _squeezed),
    ("date", r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b", _written_day),
    (
        "date",
        rf"\b(?:{WEEKDAY} )?(?P<day>0?[1-9]|[12]\d|3[01])(?:er)?[ -]{MONTH}"
        r"(?: (?P<year>20\d\d))?",
        _written_day,
    ),
    (
        "date",
        r"(?<![\d/])(?P<day>0?[1-9]|[12]\d|3[01])[/.](?P<month>0?[1-9]|1[0-2])"
        r"(?:[/.](?P<year>20\d\d|\d\d))?(?![\d/,])(?! ?(?:€|%|euros?|eur\b|k€))",
        _written_day,
    ),
    (
        "date",
        rf"(?:\b(?:en|fin|mi|debut|courant|d'ici|de|pour|avant)[ -]){MONTH}"
        r"(?: (?P<year>20\d\d))?",
        _written_day,
    ),
    (
        "date",
        r"\b(?:t|q)(?P<quarter>[1-4])\b(?: (?P<year>20\d\d))?",
        _quarter,
    ),
    (
        "date",
        r"\b(?P<quarter>[1-4])(?:er|e|eme|nd)? trimestre(?: (?P<year>20\d\d))?",
        _quarter,
    ),
    (
        "reference",
        r"(?-i:\b(?P<reference>[A-Z]{1,6}[-/]?\d{2,}(?:[-/]\d+)*))\b",
        _reference,
    ),
    (
        "reference",
        r"(?:\bn° ?|\b(?:devis|facture|commande|contrat|dossier) (?:numero )?)"
        r"(?P<reference>\d[\d/-]*)",
        _reference,
    ),
    ("percent", r"(?P<number>\d+(?:[.,]\d+)?) ?(?:%|pour ?cents?\b)", _amount),
    ("amount", rf"(?<![\d.,]){NUMBER} ?{SCALE} ?(?:d')?{UNIT}(?![a-z])", _amount),
    ("amount", rf"\b(?:eur|usd|gbp|€|\$|£) ?{NUMBER}(?!\d)", _amount),
    ("amount", rf"€ ?{NUMBER}(?!\d)", _amount),
    ("amount", rf"\b{WORDS}(?:d'|de )?(?:euros?|dollars?)\b", _folded),
    (
        "date",
        r"\b(?P<side>dans|sous|il y a|depuis|d'ici) (?P<count>\d+) "
        r"(?P<length>heures?|jours?|semaines?|mois|ans?)\b",
        _length,
    ),
    ("hour", r"\b(?P<hour>[01]?\d|2[0-3]) ?(?:h|:)(?: ?(?P<minute>[0-5]\d))?\b", _hour),
    (
        "date",
        r"\b(?P<word>avant-hier|hier|aujourd'hui|apres-demain|demain)\b",
        _relative,
    ),
    ("date", rf"\b{WEEKDAY}\b", _weekday),
    ("date", r"\b(?P<year>(?:19|20)\d\d)\b(?! ?(?:jours|heures))", _year),
    (
        "amount",
        r"(?<![\d.,])(?P<number>\d{1,3}(?:[ .']\d{3})+(?:,\d{1,2})?)(?!\d)",
        _amount,
    ),
    ("amount", r"(?<![\d.,])(?P<number>\d{4,}(?:[.,]\d{1,2})?)(?!\d)", _amount),
)
COMPILED = tuple((kind, re.compile(p), reader) for kind, p, reader in PATTERNS)


def _find(text: str, today: date) -> Iterator[Mention]:
    plain = plain_spaces(text)
    folded = fold(plain)
    taken = [False] * len(text)
    for kind, pattern, reader in COMPILED:
        source = plain if "[A-Z]{1,6}" in pattern.pattern else folded
        for match in pattern.finditer(source):
            start, end = match.span()
            # The dot of "fév." or the end of a sentence: not ours either way.
            end -= source[start:end].endswith(".")
            if any(taken[start:end]):
                continue
            try:
                value = reader(match, today)
            except (OverflowError, ValueError):
                continue
            taken[start:end] = [True] * (end - start)
            yield Mention(kind, text[start:end], start, end, value)


def find_mentions(text: str, today: date) -> list[Mention]:
    """Return what the text states, in its order.

    >>> [m.kind for m in find_mentions("S00042 : 18 000 € le 12/03", date(2026, 3, 2))]
    ['reference', 'amount', 'date']
    """
    return sorted(_find(text, today), key=lambda mention: mention.start)

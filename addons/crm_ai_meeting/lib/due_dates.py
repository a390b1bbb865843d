"""Dates as people say them in a meeting, in French, as days.

The day of the meeting is a plain date in the zone of the business: the caller takes
care of that. "Avant vendredi" is the named day: that is what both will remember.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo.addons.crm_ai.lib.calendar_words import (
    MONTH_NUMBERS,
    MONTH_PATTERN,
    WEEKDAYS,
)
from odoo.addons.crm_ai.lib.folding import fold

from .numbers import FEW, TENS, UNITS, read_number

ORDINALS = {
    "premier": 1, "premiere": 1, "1er": 1, "1ere": 1, "deuxieme": 2, "second": 2,
    "seconde": 2, "2e": 2, "2eme": 2, "troisieme": 3, "3e": 3, "3eme": 3,
    "quatrieme": 4, "dernier": 4, "4e": 4, "4eme": 4,
}  # fmt: skip
_SMALL = {**UNITS, **TENS}
_COUNT = r"\d{1,3}|" + "|".join(sorted(_SMALL, key=len, reverse=True))
_COUNT = rf"(?:{_COUNT})(?:[\s-](?:et[\s-])?(?:{_COUNT}))?"
_ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
_YEAR = r"(?:\s+(?:de\s+)?(?P<year>20\d\d))?"
_DAYS = "|".join(WEEKDAYS)


@dataclass(frozen=True)
class Found:
    """A date in a text.

    :param start: place in the text, and :param end: behind it
    :param words: as said, without what stands before it (avant, pour le ...)
    :param label: short and stable: T2, S1, otherwise the words
    :param day: the last day that is meant
    :param is_exact: a day was named, not a period
    """

    start: int
    end: int
    words: str
    label: str
    day: date
    is_exact: bool


@dataclass(frozen=True)
class _Rule:
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], date], date | None]
    is_exact: bool = True
    label: Callable[[re.Match[str]], str] | None = None


def find_dates(text: str, meeting: date) -> list[Found]:
    """Return the dates of a text in order; overlapping ones: the longer."""
    folded = fold(text)
    found: list[Found] = []
    for rule in _RULES:
        for match in rule.pattern.finditer(folded):
            day = rule.read(match, meeting)
            if day is None:
                continue
            words = text[match.start() : match.end()].strip(" .,")
            label = rule.label(match) if rule.label else words
            place = match.start(), match.start() + len(words)
            found.append(Found(*place, words, label, day, rule.is_exact))
    found.sort(key=lambda f: (f.start - f.end, f.start))
    kept: list[Found] = []
    for one in found:
        if not any(one.start < k.end and k.start < one.end for k in kept):
            kept.append(one)
    return sorted(kept, key=lambda f: f.start)


def resolve(text: str | None, meeting: date) -> date | None:
    """Return the day that a due date means, None when it names none.

    >>> resolve("avant vendredi", date(2026, 3, 2))
    datetime.date(2026, 3, 6)
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        found = find_dates(text, meeting)
        return found[0].day if found else None


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def add_working_days(day: date, count: int) -> date:
    """Return the day `count` days from Monday to Friday later."""
    while count:
        day += timedelta(1)
        count -= day.weekday() < 5
    return day


# -- how each way of saying is read --------------------------------------------------


def _count(text: str) -> int | None:
    return int(text) if text.isdigit() else read_number(text)


def _future(day: int, month: int, year: int | None, meeting: date) -> date | None:
    """Return the day in the year said, or the first that is not before the meeting."""
    try:
        if year:
            return date(year, month, day)
        here = date(meeting.year, month, day)
        return here if here >= meeting else date(meeting.year + 1, month, day)
    except ValueError:
        return None


def _year(match: re.Match[str]) -> int | None:
    year = match.groupdict().get("year")
    if not year:
        return None
    return int(year) + (2000 if len(year) == 2 else 0)


def _read_day_month(match, meeting):
    day = match["day"]
    number = 1 if day.startswith("1er") or day == "premier" else _count(day)
    if number is None or not 1 <= number <= 31:
        return None
    return _future(number, MONTH_NUMBERS[match["month"]], _year(match), meeting)


def _read_numeric(match, meeting):
    return _future(int(match["day"]), int(match["month"]), _year(match), meeting)


def _read_iso(match, _meeting):
    try:
        return date.fromisoformat(match.group())
    except ValueError:
        return None


def _read_day_of_month(match, meeting):
    """The 15th: of this month, or of the next when it is over."""
    number = int(match["day"])
    for months in range(3):
        month = meeting + relativedelta(months=months, day=1)
        last = month_end(month.year, month.month).day
        if number <= last and month.replace(day=number) > meeting:
            return month.replace(day=number)
    return None


def _read_weekday(match, meeting):
    wanted = WEEKDAYS.index(match["weekday"])
    ahead = (wanted - meeting.weekday()) % 7 or 7
    if match["in_eight"]:
        return meeting + timedelta(ahead + 7)
    if match["next_week"]:
        return meeting + timedelta(7 - meeting.weekday() + wanted)
    return meeting + timedelta(ahead)


def _read_month_part(match, meeting):
    month = MONTH_NUMBERS[match["month"]]
    part = match["part"] or ""
    year = _year(match)
    if not year:
        year = meeting.year
        year += month_end(year, month) < meeting
    if part.startswith("debut"):
        return date(year, month, 10)
    if part.startswith("mi"):
        return date(year, month, 15)
    return month_end(year, month)


def _period_end(number: int, months: int, match, meeting) -> date | None:
    """End of the n-th stretch of so many months, this year or the next."""
    if not 1 <= number <= 12 // months:
        return None
    year = _year(match)
    if year:
        return month_end(year, number * months)
    end = month_end(meeting.year, number * months)
    return end if end >= meeting else month_end(meeting.year + 1, number * months)


def _quarter(match) -> int:
    return int(match["number"] or 0) or ORDINALS.get(match["ordinal"] or "", 0)


def _read_quarter(match, meeting):
    return _period_end(_quarter(match), 3, match, meeting)


def _label_quarter(match):
    year = _year(match)
    return f"T{_quarter(match)}" + (f" {year}" if year else "")


def _read_semester(match, meeting):
    return _period_end(min(_quarter(match), 2), 6, match, meeting)


def _label_semester(match):
    year = _year(match)
    return f"S{min(_quarter(match), 2)}" + (f" {year}" if year else "")


_STEPS = {"jour": "days", "heure": "hours", "semaine": "weeks", "mois": "months",
          "an": "years", "annee": "years"}  # fmt: skip


def _read_in(match, meeting):
    count = _count(match["count"])
    unit = match["unit"].rstrip("s") if match["unit"] != "mois" else "mois"
    if not count:
        return None
    if unit == "heure":
        return meeting + timedelta(-(-count // 24)) if count >= 24 else meeting
    if unit == "jour" and match["working"]:
        return add_working_days(meeting, count)
    return meeting + relativedelta(**{_STEPS[unit]: count})


def _read_few(match, meeting):
    word = match["few"]
    days = 8 if word == "huitaine" else FEW[word]
    return meeting + timedelta(days)


def _friday(day: date) -> date:
    return day + timedelta((4 - day.weekday()) % 7)


_NAMED: dict[str, Callable[[date], date]] = {
    "apres-demain": lambda day: day + timedelta(2),
    "apres demain": lambda day: day + timedelta(2),
    "demain": lambda day: day + timedelta(1),
    "aujourd'hui": lambda day: day,
    "ce soir": lambda day: day,
    "dans la journee": lambda day: day,
    "la semaine prochaine": lambda day: _friday(
        day - timedelta(day.weekday()) + timedelta(7)
    ),
    "semaine prochaine": lambda day: _friday(
        day - timedelta(day.weekday()) + timedelta(7)
    ),
    "debut de semaine prochaine": lambda day: (
        day - timedelta(day.weekday()) + timedelta(8)
    ),
    "fin de semaine": _friday,
    "fin de la semaine": _friday,
    "cette semaine": _friday,
    "dans la semaine": _friday,
    "ce mois-ci": lambda day: month_end(day.year, day.month),
    "fin de mois": lambda day: month_end(day.year, day.month),
    "fin du mois": lambda day: month_end(day.year, day.month),
    "le mois prochain": lambda day: day + relativedelta(months=1, day=31),
    "mois prochain": lambda day: day + relativedelta(months=1, day=31),
    "fin d'annee": lambda day: date(day.year, 12, 31),
    "fin de l'annee": lambda day: date(day.year, 12, 31),
    "cette annee": lambda day: date(day.year, 12, 31),
    "l'annee prochaine": lambda day: date(day.year + 1, 12, 31),
    "noel": lambda day: _future(25, 12, None, day),
    "avant l'ete": lambda day: _future(21, 6, None, day),
    "la rentree": lambda day: _future(1, 9, None, day),
}
_ORDINAL_OR_NUMBER = rf"(?:(?P<ordinal>{_ORDINAL})\s+"
_RULES = (
    _Rule(re.compile(r"\b20\d\d-\d\d-\d\d\b"), _read_iso),
    _Rule(
        re.compile(
            rf"\b(?:(?:{_DAYS})\s+)?(?:le\s+)?(?P<day>1er|premier|\d{{1,2}}|{_COUNT})"
            rf"\s+(?P<month>{MONTH_PATTERN})\b\.?{_YEAR}"
        ),
        _read_day_month,
    ),
    _Rule(
        re.compile(
            r"(?<![\d/])(?P<day>[0-3]?\d)/(?P<month>[01]?\d)"
            r"(?:/(?P<year>20\d\d|\d\d))?(?![\d/])"
        ),
        _read_numeric,
    ),
    _Rule(
        re.compile(
            rf"(?:\b(?:{_DAYS})\s+)?\ble\s+(?P<day>[0-3]?\d)\b"
            rf"(?!\s*(?:{MONTH_PATTERN}|/|%|h\b|heures?|euros?|eur|k\b|€|000|[.,]\d))"
        ),
        _read_day_of_month,
    ),
    _Rule(
        re.compile(
            rf"\b(?P<weekday>{_DAYS})\b(?P<in_eight>\s+en\s+huit)?"
            r"(?P<next_week>\s+de\s+la\s+semaine\s+prochaine)?(?:\s+prochain)?"
        ),
        _read_weekday,
    ),
    _Rule(
        re.compile(
            rf"\b(?:(?P<part>debut|mi|fin|courant)(?:\s+|-)(?:du\s+mois\s+(?:de\s+"
            rf"|d'))?"
            rf"|(?:en|au\s+mois\s+(?:de\s+|d')|d'ici|avant|pour|jusqu'en"
            rf"|au\s+plus\s+tard"
            rf"\s+en)\s+)(?P<month>{MONTH_PATTERN})\b{_YEAR}"
        ),
        _read_month_part,
        is_exact=False,
    ),
    _Rule(
        re.compile(rf"\b{_ORDINAL_OR_NUMBER}trimestre|[tq](?P<number>[1-4])\b){_YEAR}"),
        _read_quarter,
        False,
        _label_quarter,
    ),
    _Rule(
        re.compile(rf"\b{_ORDINAL_OR_NUMBER}semestre|s(?P<number>[12])\b){_YEAR}"),
        _read_semester,
        False,
        _label_semester,
    ),
    _Rule(
        re.compile(
            rf"\b(?:dans|sous|d'ici(?:\s+a)?)\s+(?:les?\s+)?(?P<count>{_COUNT})\s+"
            r"(?:petites?\s+)?(?P<unit>jours?|heures?|semaines?|mois|ans?|annees?)\b"
            r"(?P<working>\s+ouvr[ea][a-z]*)?"
        ),
        _read_in,
    ),
    _Rule(
        re.compile(
            r"\b(?:dans|sous|d'ici)\s+(?:une?\s+)?"
            r"(?P<few>quinzaine|huitaine|dizaine|vingtaine"
            r"|trentaine)\b(?:\s+de\s+jours)?"
        ),
        _read_few,
    ),
    _Rule(
        re.compile(r"\b(?:" + "|".join(sorted(_NAMED, key=len, reverse=True)) + r")\b"),
        lambda match, day: _NAMED[match.group()](day),
    ),
)

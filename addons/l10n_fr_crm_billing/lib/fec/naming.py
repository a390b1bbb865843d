"""The name of the file: SIREN, FEC, closing date AAAAMMJJ (A47 A-1 I)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stdnum.fr import siren as siren_number

NAME = re.compile(r"(?P<siren>\d{9})FEC(?P<day>\d{8})(\.[A-Za-z0-9]{1,4})?", re.ASCII)


@dataclass(frozen=True)
class FecName:
    """What a file name says; a part that cannot be read is empty."""

    siren: str = ""
    closing: date | None = None
    trouble: str = ""


def parse_day(text: str | bytes) -> date | None:
    """Return the day written AAAAMMJJ, None when the calendar has no such day."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def parse_name(filename: str) -> FecName:
    """Read a file name; `trouble` is the case to report.

    >>> parse_name("732829320FEC20261231.txt").closing
    datetime.date(2026, 12, 31)
    """
    match = NAME.fullmatch(filename)
    if not match:
        return FecName(trouble="name_pattern")
    siren, closing = match["siren"], parse_day(match["day"])
    if closing is None:
        return FecName(siren, None, "name_date")
    is_valid = siren_number.is_valid(siren) and siren != "000000000"
    return FecName(siren, closing, "" if is_valid else "name_siren")


def build_name(siren: str, closing: date, suffix: str = "") -> str:
    """Return the name of the file of a financial year."""
    return f"{siren}FEC{closing:%Y%m%d}{suffix}.txt"

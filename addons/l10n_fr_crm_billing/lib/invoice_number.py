"""Numbers of French invoices: yearly, continuous, one letter code per series.

``2026-F-0001`` is year, series, number. 35 characters at most, letters, digits and
``+ - _ /`` only (BR-FR-01 and 02): a series is made of capital letters, so that a
number can be taken apart without doubt.
"""

import re

SERIES_PATTERN = re.compile(r"[A-Z]{1,10}")
MIN_DIGITS = 3
MAX_DIGITS = 9


def is_valid_series(series: str) -> bool:
    """Whether a code may stand in a number.

    >>> is_valid_series("F"), is_valid_series("F1"), is_valid_series("")
    (True, False, False)
    """
    return bool(SERIES_PATTERN.fullmatch(series))


def get_prefix(year: int, series: str) -> str:
    """Return what comes before the running number."""
    return f"{year:04d}-{series}-"


def format_number(year: int, series: str, number: int, digits: int) -> str:
    """Return a whole number.

    >>> format_number(2026, "F", 7, 4)
    '2026-F-0007'
    """
    return f"{get_prefix(year, series)}{number:0{digits}d}"

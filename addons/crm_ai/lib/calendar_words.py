"""The French names of months and weekdays, as they are written and as they are read."""

from __future__ import annotations

from .folding import fold

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
    "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
WEEKDAYS = (
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
)  # fmt: skip
# Folded names and what people shorten them to; the dot behind is not in them.
MONTH_NUMBERS = {fold(name): number for number, name in enumerate(MONTHS, 1)} | {
    "janv": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10,
    "nov": 11, "dec": 12,
}  # fmt: skip
# The longest first, so that "septembre" is not read as "sept".
MONTH_PATTERN = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))

"""French numbers written in letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from odoo.addons.crm_ai.lib.folding import fold

UNITS = {
    "zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5,
    "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12,
    "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
TENS = {
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50,
    "soixante": 60, "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
}  # fmt: skip
HUNDREDS = {"cent", "cents"}
SCALES = {
    "mille": 1000, "million": 10**6, "millions": 10**6,
    "milliard": 10**9, "milliards": 10**9,
}  # fmt: skip
# counted words that are no number by themselves
FEW = {"quinzaine": 15, "dizaine": 10, "vingtaine": 20, "trentaine": 30,
       "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60,
       "centaine": 100}  # fmt: skip
_WORD = "|".join(sorted({*UNITS, *TENS, *HUNDREDS, *SCALES}, key=len, reverse=True))
_NUMBER = re.compile(rf"\b(?:{_WORD})(?:[\s-]+(?:et[\s-]+)?(?:{_WORD}))*\b")


def read_number(text: str) -> int | None:
    """Return the value of a number in letters, None when it is none.

    >>> read_number("quatre-vingt-dix mille cinq cents")
    90500
    """
    total, group = 0, 0
    words = [w for w in re.split(r"[\s-]+", fold(text)) if w and w != "et"]
    if not words:
        return None
    for place, word in enumerate(words):
        if word in UNITS:
            group += UNITS[word]
        elif word.startswith("vingt") and place and words[place - 1] == "quatre":
            group += 76  # quatre-vingt: 4 becomes 80
        elif word in TENS:
            group += TENS[word]
        elif word in HUNDREDS:
            group = group - group % 100 + (group % 100 or 1) * 100
        elif word in SCALES:
            total += (group or 1) * SCALES[word]
            group = 0
        else:
            return None
    return total + group


def find_numbers(folded: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, value) of the numbers in letters of a folded text."""
    for match in _NUMBER.finditer(folded):
        value = read_number(match.group())
        if value is not None:
            yield match.start(), match.end(), value

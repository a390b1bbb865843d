"""French texts as code compares them, each character at its place."""

from __future__ import annotations

import unicodedata
from functools import cache

_PLAIN = str.maketrans(
    "\u2019\u2018\u02bc\u00a0\u202f\u2009\u2010\u2011\u2012\u2013\u2014\u00ad",
    "'''   ------",
)


def fold(text: str) -> str:
    """Return the text without case and accents, with plain signs, of the same length.

    >>> fold("L\u2019été à 50\u202f000 €")
    "l'ete a 50 000 €"
    """
    return "".join(map(_fold_character, text.translate(_PLAIN)))


@cache
def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character

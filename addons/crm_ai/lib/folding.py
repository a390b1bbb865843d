"""French texts as code compares them, each character at its place."""

from __future__ import annotations

import re
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


def words_of(text: str) -> list[str]:
    """Return the folded words of a text: letters and digits.

    >>> words_of("Dupont-Émile & Fils")
    ['dupont', 'emile', 'fils']
    """
    return re.findall(r"[^\W_]+", fold(text))


@cache
def sql_words() -> tuple[str, str]:
    """Return what PostgreSQL's `translate` turns into what.

    A text in lower case becomes its folded words between spaces, as `words_of` finds
    them, for the letters of European languages.
    """
    turned = {}
    for character in map(chr, (*range(0x21, 0x180), *_PLAIN)):
        plain = fold(character)
        plain = plain if plain.isalnum() else " "
        if character == character.lower() != plain:
            turned[character] = plain
    return "".join(turned), "".join(turned.values())


@cache
def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character

"""French words as the rules compare them: without accents, in lower case."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# "M. Petit" is no end
_SENTENCE_END = re.compile(
    r"(?<=[.!?\u2026])(?<!\bM\.)(?<!\bMM\.)(?<!\bDr\.)(?<!\bMme\.)\s+|\s*;\s+"
)


@cache
def fold(text: str) -> str:
    """Return the text without accents, in lower case, same length, plain signs.

    >>> fold("L\u2019été à 50\u202f000 €")
    "l'ete a 50 000 €"
    """
    folded = []
    for character in text:
        if character in "\u2019\u2018\u02bc":
            folded.append("'")
        elif character in "\u2010\u2011\u2012\u2013\u2014":
            folded.append("-")
        elif character.isspace():
            folded.append(" ")
        else:
            base = unicodedata.normalize("NFD", character)[0].lower()
            folded.append(base if len(base) == 1 else character)
    return "".join(folded)


def sentences(text: str) -> list[str]:
    """Return the sentences of a stretch of speech, none of them empty."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def squeeze(text: str) -> str:
    """Return the letters and digits only, folded, one space between words."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


def stem(word: str) -> str:
    """Return a rough stem: enough to take a plural or feminine for the same word."""
    word = fold(word)
    for ending in ("issements", "issement", "ations", "ation", "ements", "ement"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    for ending in ("aux", "ees", "ee", "es", "er", "ez", "ent", "s", "e", "x"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word

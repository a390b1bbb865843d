"""French words as the rules compare them: without accents, in lower case."""

from __future__ import annotations

import re

from odoo.addons.crm_ai.lib.folding import fold

# "M. Petit" is no end
_SENTENCE_END = re.compile(
    r"(?<=[.!?\u2026])(?<!\bM\.)(?<!\bMM\.)(?<!\bDr\.)(?<!\bMme\.)\s+|\s*;\s+"
)


def sentences(text: str) -> list[str]:
    """Return the sentences of a stretch of speech, on one line each, none empty."""
    text = re.sub(r"\s", " ", text)
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

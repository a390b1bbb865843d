"""Whether an answer is what a regression case expects."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from .folding import fold


@dataclass(frozen=True)
class Expectation:
    """What must be true of an answer.

    :param contains: each must be in it (case and accents do not count)
    :param excludes: none may be in it
    :param max_words: 0: no limit
    """

    contains: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    max_words: int = 0


@dataclass(frozen=True)
class Verdict:
    """What is missing, what is there but should not be, how many words too many."""

    missing: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    words_over: int = 0

    @property
    def is_good(self) -> bool:
        return not (self.missing or self.unwanted or self.words_over)


def judge(answer: str, expectation: Expectation) -> Verdict:
    """Compare an answer with what was expected.

    >>> judge("Bonjour, voici S00042.", Expectation(("s00042",), ("prix",))).is_good
    True
    """
    text = _plain(answer)
    words = len(re.findall(r"\w+", answer))
    limit = expectation.max_words
    return Verdict(
        missing=_matching(expectation.contains, text, wanted=False),
        unwanted=_matching(expectation.excludes, text, wanted=True),
        words_over=max(words - limit, 0) if limit else 0,
    )


def _matching(needles: Iterable[str], text: str, *, wanted: bool) -> tuple[str, ...]:
    return tuple(n for n in needles if n.strip() and (_plain(n) in text) is wanted)


def _plain(text: str) -> str:
    return " ".join(fold(unicodedata.normalize("NFKC", text)).split())

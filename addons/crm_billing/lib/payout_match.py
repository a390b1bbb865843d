"""Which line of the bank statement is which payout: points, never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# A bank writes the money some days after (week-ends), rarely before.
DAYS_BEFORE = 3
DAYS_AFTER = 10
# With the payment's own reference on the line the date hardly matters.
DAYS_WITH_REFERENCE = 60

REFERENCE_POINTS = 100
NAME_POINTS = 40
SAME_DAY_POINTS = 40
POINTS_PER_DAY = 3
# Amount and name, or the reference: the amount and a date alone prove nothing.
SURE_POINTS = 45
# The runner-up must be this far behind: four days of difference.
MARGIN_POINTS = 12

_WORTHLESS = re.compile(r"[^0-9A-Z]+")


@dataclass(frozen=True)
class BankLine:
    """A line of a statement that has no counterpart yet; amounts are signed."""

    key: int
    amount: Decimal
    currency: str
    date: date
    label: str


@dataclass(frozen=True)
class ExpectedLine:
    """What a payout should leave at the bank.

    :param references: trace id, payout id: any of them proves the identity
    :param names: words the bank writes for this partner, such as ``STRIPE``
    :param refused: keys of lines a person said no to
    """

    key: int
    amount: Decimal
    currency: str
    date: date
    references: tuple[str, ...] = ()
    names: tuple[str, ...] = ("STRIPE",)
    refused: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Pair:
    """A payout and a line that may be the same money."""

    payout: int
    line: int
    points: int


@dataclass(frozen=True)
class Verdict:
    """What may be matched by itself, and what a person must choose."""

    sure: tuple[Pair, ...]
    unsure: tuple[Pair, ...]


def normalize(text: str) -> str:
    """Return letters and digits only, in capitals.

    >>> normalize("Vir. SEPA  st-ab12/3 ")
    'VIRSEPASTAB123'
    """
    return _WORTHLESS.sub("", text.upper())


def score(line: BankLine, payout: ExpectedLine) -> int:
    """Return how much speaks for this line being this payout, 0 when nothing does."""
    if line.currency != payout.currency or line.amount != payout.amount:
        return 0
    if line.key in payout.refused:
        return 0
    label = normalize(line.label)
    days = (line.date - payout.date).days
    has_reference = any(
        len(word) >= 6 and word in label for word in map(normalize, payout.references)
    )
    if has_reference:
        return REFERENCE_POINTS if abs(days) <= DAYS_WITH_REFERENCE else 0
    if not -DAYS_BEFORE <= days <= DAYS_AFTER:
        return 0
    points = SAME_DAY_POINTS - POINTS_PER_DAY * abs(days)
    if any(word in label for word in map(normalize, payout.names) if word):
        points += NAME_POINTS
    return points


def match(lines: Iterable[BankLine], payouts: Iterable[ExpectedLine]) -> Verdict:
    """Pair lines and payouts; only what has no rival on either side is sure."""
    payouts = list(payouts)
    by_money: dict[tuple[str, Decimal], list[ExpectedLine]] = {}
    for payout in payouts:
        by_money.setdefault((payout.currency, payout.amount), []).append(payout)
    pairs = [
        Pair(payout.key, line.key, points)
        for line in lines
        for payout in by_money.get((line.currency, line.amount), ())
        if (points := score(line, payout))
    ]
    pairs.sort(key=lambda pair: (-pair.points, pair.payout, pair.line))
    sure: list[Pair] = []
    # A proven pair takes its line and its payout away from the others.
    while winner := _find_winner(pairs):
        sure.append(winner)
        pairs = [
            pair
            for pair in pairs
            if pair.payout != winner.payout and pair.line != winner.line
        ]
    return Verdict(tuple(sure), tuple(pairs))


def _find_winner(pairs: list[Pair]) -> Pair | None:
    for pair in pairs:
        if pair.points < SURE_POINTS:
            return None
        rivals = [
            other
            for other in pairs
            if other is not pair
            and (other.payout == pair.payout or other.line == pair.line)
        ]
        if all(other.points <= pair.points - MARGIN_POINTS for other in rivals):
            return pair
    return None

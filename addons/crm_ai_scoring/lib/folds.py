"""Which rows learn and which rows judge.

Rows come in order of time. `mixed` folds hide a random fifth each time: how good is a
model on leads of the same period? `forward` folds learn from the past of a moment and
judge on what came next: how good is it on the leads of tomorrow?
"""

from dataclasses import dataclass

import numpy as np

FORWARD_STARTS = (0.4, 0.52, 0.64, 0.76, 0.88)
MIXED = 5


@dataclass(frozen=True)
class Fold:
    """Positions of the rows that learn, and of those that judge."""

    learn: np.ndarray
    judge: np.ndarray


def mixed_folds(outcomes: np.ndarray, seed: int) -> list[Fold]:
    """Return folds with equal shares of won leads, drawn by chance."""
    chance = np.random.default_rng(seed)
    fold = np.empty(len(outcomes), dtype=int)
    for outcome in (0, 1):
        rows = np.flatnonzero(outcomes == outcome)
        start = chance.integers(MIXED)
        fold[chance.permutation(rows)] = (np.arange(len(rows)) + start) % MIXED
    return [
        Fold(np.flatnonzero(fold != part), np.flatnonzero(fold == part))
        for part in range(MIXED)
    ]


def forward_folds(outcomes: np.ndarray, least: int = 3) -> list[Fold]:
    """Return folds in order of time, as far as both sides have both outcomes.

    :param least: won and lost leads that must be there to learn from
    """
    count = len(outcomes)
    limits = [int(start * count) for start in FORWARD_STARTS] + [count]
    folds = []
    for start, end in zip(limits, limits[1:], strict=False):
        wins = outcomes[:start].sum()
        if min(wins, start - wins) >= least and end > start:
            folds.append(Fold(np.arange(start), np.arange(start, end)))
    return folds

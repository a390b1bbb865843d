"""Today's level: how much of the past tells the win rate of the leads of tomorrow.

The level of a model is found again on its own rows, the newest counting most. How fast
the past is forgotten is not guessed: each pace is tried at several moments of the past
and judged on what came next.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .mixing import level_for

# Half-lives, as a share of the rows; None never forgets.
PACES: tuple[float | None, ...] = (None, 0.5, 0.25, 0.12, 0.06, 0.03)
# How far the level moves from the whole past's to the recent past's.
SHARES = (0.5, 1.0)


@dataclass(frozen=True)
class Pace:
    """How the level is found: a half-life (share of the rows) and how far it moves."""

    half_life: float | None = None
    share: float = 1.0


@dataclass(frozen=True)
class Moment:
    """A moment of the past: what a model said before and after it (log-odds)."""

    before: np.ndarray
    outcomes_before: np.ndarray
    after: np.ndarray
    outcomes_after: np.ndarray


def recency(count: int, half_life: float | None) -> np.ndarray:
    """Return a weight per row, the newest last and heaviest."""
    if half_life is None:
        return np.ones(count)
    return 0.5 ** ((count - 1 - np.arange(count)) / max(half_life * count, 1.0))


def level_at(pace: Pace, logits: np.ndarray, outcomes: np.ndarray) -> float:
    """Return the level after these rows (in order of time)."""
    whole = level_for(logits, outcomes)
    if pace.half_life is None:
        return whole
    weights = recency(len(outcomes), pace.half_life)
    recent = level_for(logits, outcomes, weights)
    return whole + pace.share * (recent - whole)


def choose_pace(moments: Sequence[Moment]) -> Pace:
    """Return the pace that would have served best at those moments.

    Forgetting must earn its keep: its mean gain, less half a standard error over the
    moments, must be above zero.
    """
    if len(moments) < 3:
        return Pace()
    paces = [Pace()] + [
        Pace(half_life, share)
        for half_life in PACES
        if half_life is not None
        for share in SHARES
    ]
    costs = np.array([[_cost(pace, moment) for moment in moments] for pace in paces])
    gains = costs[0] - costs
    means = gains.mean(1)
    errors = gains.std(1, ddof=1) / np.sqrt(len(moments))
    safe = means - 0.5 * errors
    best = int(np.argmax(safe))
    return paces[best] if safe[best] > 0 else Pace()


def _cost(pace: Pace, moment: Moment) -> float:
    level = level_at(pace, moment.before, moment.outcomes_before)
    said = moment.after + level
    return float((np.logaddexp(0, said) - moment.outcomes_after * said).mean())

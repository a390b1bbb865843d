"""Champion and challengers: what each learner says of rows it has not seen.

The default is the table of points. Points that count recent leads more challenge it,
and so do small trees, alone or together with it; trees win only when their surprise is
clearly smaller, row by row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from .encoding import Encoded
from .folds import Fold
from .levels import recency
from .linear import Design
from .mixing import Mix, level_for, mix
from .trees import Growth, grow


class Caution(NamedTuple):
    """How points are learnt: regularisation, and half-life as a share of the rows."""

    strength: float
    half_life: float | None = None


STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0)
STEADY = tuple(Caution(strength) for strength in STRENGTHS)
RECENT = tuple(Caution(strength, 0.25) for strength in STRENGTHS[1:4])
ROUNDS = (20, 40, 80, 140, 220)
RATE = 0.05
# Fewer rows than this grow smaller trees.
MANY_ROWS = 1000
# Standard errors by which trees must be better to join. Their share is learnt on rows
# they have not seen, so that a needless one costs little.
CLEARLY = 0.25
# Standard errors above the base rate from which a model is believed as it is, and what
# is left of one that is not better: enough to rank leads, too little to be wrong.
BELIEVED, LEAST_BELIEF = 2.0, 0.1


@dataclass(frozen=True)
class Said:
    """What the learners of one fold say: on their own rows, and on the judging ones."""

    fold: Fold
    learn_points: dict[Caution, np.ndarray]
    learn_trees: dict[int, np.ndarray]
    judge_points: dict[Caution, np.ndarray]
    judge_trees: dict[int, np.ndarray]


@dataclass(frozen=True)
class Choice:
    """The chosen learners and their shares.

    :param kind: "linear", "trees" or "blend"
    :param level: added to what they say together
    :param belief: share of what they say that is kept (1 when they are clearly better
        than the base rate)
    :param losses: surprise of the kinds that were compared, for the report
    """

    kind: str
    caution: Caution
    rounds: int
    points_weight: float
    trees_weight: float
    level: float
    belief: float
    losses: dict

    def said(self, points: dict, trees: dict) -> np.ndarray:
        """Return the mix's log-odds, without its level."""
        said = self.points_weight * points[self.caution]
        return said + self.trees_weight * trees[self.rounds] if self.rounds else said


def growth_for(count: int, rounds: int) -> Growth:
    """Return how trees grow on so many rows."""
    least = int(np.clip(count / 50, 8, 20)) if count < 20_000 else 40
    return Growth(
        rounds=rounds,
        rate=RATE,
        least_leaf=least,
        leaves=8 if count >= MANY_ROWS else 4,
    )


def hear(
    rows: Encoded, folds: Sequence[Fold], cautions: Sequence[Caution], seed: int
) -> list[Said]:
    """Return what the learners say, fold by fold."""
    return [_hear_fold(rows, fold, cautions, seed) for fold in folds]


def _hear_fold(
    rows: Encoded, fold: Fold, cautions: Sequence[Caution], seed: int
) -> Said:
    learn, judge = rows.take(fold.learn), rows.take(fold.judge)
    design = Design(learn.features, learn.codes, learn.outcomes)
    points = {
        caution: design.fit(
            caution.strength,
            None
            if caution.half_life is None
            else recency(len(learn), caution.half_life),
        )
        for caution in cautions
    }
    orders = learn.orders()
    own = learn.own_values(orders)
    growth = growth_for(len(learn), ROUNDS[-1])
    forest = grow(own.T, learn.outcomes, growth, seed=seed)
    return Said(
        fold,
        {caution: learnt.logits(learn.codes) for caution, learnt in points.items()},
        _staged(forest, own),
        {caution: learnt.logits(judge.codes) for caution, learnt in points.items()},
        _staged(forest, judge.values(orders)),
    )


def _staged(forest, values: np.ndarray) -> dict[int, np.ndarray]:
    """Return the log-odds after the numbers of rounds that may be chosen."""
    stages = enumerate(forest.staged_decision_function(values.T), start=1)
    return {rounds: said.ravel() for rounds, said in stages if rounds in ROUNDS}


def choose(heard: Sequence[Said], outcomes: np.ndarray, *, by_block: bool) -> Choice:
    """Return the champion over all folds.

    :param by_block: each fold has a level of its own (folds in order of time)
    """
    judged = np.concatenate([outcomes[said.fold.judge] for said in heard])
    sizes = [len(said.fold.judge) for said in heard]
    # Repeated folds judge a row several times, which makes nothing surer.
    distinct = min(len(judged), len(outcomes))
    count = len(heard) if by_block else 1
    blocks = np.repeat(np.arange(len(heard)) % count, sizes)
    points = {
        caution: np.concatenate([said.judge_points[caution] for said in heard])
        for caution in heard[0].judge_points
    }
    trees = {r: np.concatenate([said.judge_trees[r] for said in heard]) for r in ROUNDS}
    alone = {c: mix([points[c]], judged, blocks) for c in points}
    best = min(points, key=lambda caution: alone[caution].loss)
    linear = alone[best]
    # The points' pace of forgetting is settled alone; trees join any of its strengths.
    pairs = [(c, r) for c in points if c.half_life == best.half_life for r in ROUNDS]
    both = {(c, r): mix([points[c], trees[r]], judged, blocks) for c, r in pairs}
    pair = min(both, key=lambda key: both[key].loss)
    blend = both[pair]
    steady = min(alone[c].loss for c in points if c.half_life is None)
    recent = [alone[c].loss for c in points if c.half_life is not None]
    losses = {"linear": steady, "blend": blend.loss}
    losses |= {"linear_recent": min(recent)} if recent else {}
    kind, caution, rounds, winner = "linear", best, 0, linear
    weights = (float(linear.weights[0]), 0.0)
    if is_clearly_better(blend, linear, distinct):
        caution, rounds = pair
        weights, winner = tuple(map(float, blend.weights)), blend
        kind = "blend" if weights[0] > 0.02 else "trees"
    base = mix([np.zeros(len(judged))], judged, blocks)
    belief = believe(winner, base, distinct)
    choice = Choice(
        kind, caution, rounds, weights[0] * belief, weights[1] * belief, 0.0, belief,
        {name: round(loss, 6) for name, loss in (losses | {"base": base.loss}).items()},
    )  # fmt: skip
    return replace(choice, level=level_for(choice.said(points, trees), judged))


def is_clearly_better(challenger: Mix, champion: Mix, rows: int) -> bool:
    """Tell whether the challenger surprises less, by more than chance would have it.

    :param rows: number of different leads that were judged
    """
    sureness = _sureness(champion.losses - challenger.losses, rows)
    return bool(challenger.weights[-1] > 0 and sureness > CLEARLY)


def believe(winner: Mix, base: Mix, rows: int) -> float:
    """Return which share of what a model says is kept, by its gain on the base rate."""
    sureness = _sureness(base.losses - winner.losses, rows)
    return float(np.clip(sureness / BELIEVED, LEAST_BELIEF, 1.0))


def _sureness(gains: np.ndarray, rows: int) -> float:
    """Return the mean gain in standard errors."""
    error = gains.std() / np.sqrt(rows)
    return float(gains.mean() / error) if error > 0 else 0.0

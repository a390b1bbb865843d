"""Champion and challengers: what each learner says of rows it has not seen.

The default is the table of points. Small trees challenge it, alone or together with
it; they win only when their surprise is clearly smaller, row by row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .encoding import learn_encoder
from .examples import Table
from .folds import Fold
from .linear import Design
from .mixing import Mix, mix
from .trees import Growth, grow

STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0)
ROUNDS = (20, 40, 80, 140, 220)
RATE = 0.05
# Fewer rows than this grow smaller trees.
MANY_ROWS = 1000
# Standard errors by which a challenger must be better to be clearly better.
CLEARLY = 0.5


@dataclass(frozen=True)
class Said:
    """What the learners of one fold say: on their own rows, and on the judging ones."""

    fold: Fold
    learn_points: dict[float, np.ndarray]
    learn_trees: dict[int, np.ndarray]
    judge_points: dict[float, np.ndarray]
    judge_trees: dict[int, np.ndarray]


@dataclass(frozen=True)
class Choice:
    """The chosen learners and their shares.

    :param kind: "linear", "trees" or "blend"
    :param table: losses of the kinds that were compared, for the report
    """

    kind: str
    strength: float
    rounds: int
    points_weight: float
    trees_weight: float
    level: float
    loss: float
    table: dict


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
    table: Table,
    names: Sequence[str],
    folds: Sequence[Fold],
    seed: int,
    weigh=None,
) -> list[Said]:
    """Return what the learners say, fold by fold.

    :param weigh: function from a number of rows (in order of time) to their weights
    """
    heard = []
    for fold in folds:
        learn, judge = table.take(fold.learn), table.take(fold.judge)
        encoder, codes, values = learn_encoder(learn, names)
        if not encoder.features:
            continue
        judge_codes = encoder.codes(judge)
        judge_values = encoder.values(judge, judge_codes)
        weights = None if weigh is None else weigh(len(learn))
        design = Design(encoder.features, codes, learn.outcomes)
        points = {s: design.fit(s, weights) for s in STRENGTHS}
        growth = growth_for(len(learn), ROUNDS[-1])
        forest = grow(values.T, learn.outcomes, growth, seed=seed, weights=weights)
        heard.append(
            Said(
                fold,
                {s: learnt.logits(codes) for s, learnt in points.items()},
                _staged(forest, values),
                {s: learnt.logits(judge_codes) for s, learnt in points.items()},
                _staged(forest, judge_values),
            )
        )
    return heard


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
    blocks = np.repeat(np.arange(len(heard)), sizes) if by_block else None
    points = {
        s: np.concatenate([said.judge_points[s] for said in heard]) for s in STRENGTHS
    }
    trees = {r: np.concatenate([said.judge_trees[r] for said in heard]) for r in ROUNDS}
    alone = {s: mix([points[s]], judged, blocks) for s in STRENGTHS}
    strength = min(STRENGTHS, key=lambda s: alone[s].loss)
    linear = alone[strength]
    both = {
        (s, r): mix([points[s], trees[r]], judged, blocks)
        for s in STRENGTHS
        for r in ROUNDS
    }
    pair = min(both, key=lambda key: both[key].loss)
    blend = both[pair]
    table = {"linear": round(linear.loss, 6), "blend": round(blend.loss, 6)}
    if not is_clearly_better(blend, linear):
        share = float(linear.weights[0])
        level = float(linear.levels.mean())
        return Choice("linear", strength, 0, share, 0.0, level, linear.loss, table)
    points_weight, trees_weight = map(float, blend.weights)
    kind = "blend" if points_weight > 0.02 else "trees"
    return Choice(
        kind,
        pair[0],
        pair[1] if trees_weight > 0 else 0,
        points_weight,
        trees_weight,
        float(blend.levels.mean()),
        blend.loss,
        table,
    )


def is_clearly_better(challenger: Mix, champion: Mix) -> bool:
    """Tell whether the challenger surprises less, by more than chance would have it."""
    gains = champion.losses - challenger.losses
    error = gains.std() / np.sqrt(len(gains))
    return bool(challenger.weights[-1] > 0 and gains.mean() > CLEARLY * error)

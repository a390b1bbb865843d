"""Learning a model from closed leads.

1. Facts that nobody knows at scoring time are left out (`leaks`).
2. The learners are heard on folds in order of time, where there are dates, and on
   mixed folds (`candidates`, `folds`); the champion is chosen, with its shares.
3. The level of today is found (`levels`), the stages get their points (`stages`).
4. Champion, base rate and Odoo's formula are judged on the newest fifth (`metrics`),
   by a model that has not seen it; the model that is kept learns from all rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from threadpoolctl import threadpool_limits

from .candidates import RECENT, STEADY, Choice, Said, choose, growth_for, hear
from .encoding import PERIOD, Encoded, encode, tells_something
from .features import Feature
from .folds import forward_folds, mixed_folds
from .leaks import unknowable, usable_names
from .levels import Moment, choose_pace, level_at, recency
from .linear import Design
from .metrics import calibration_bins, measure
from .pls import PredictiveLeadScoring
from .scoring import MODEL_VERSION, Scorer, logit
from .stages import is_snapshot, reach_points
from .table import Table
from .trees import Forest, grow, scale, to_json

# Won and lost leads below which only the base rate is told.
LEAST_OUTCOMES = 5
# Rows that are heard for the choice; the chosen model learns from all.
MOST_HEARD = 12_000
FEW_ROWS, REPEATS = 1000, 3
# Days on which leads must have been created before an order of time is believed.
LEAST_DAYS = 5
# Moments of the past below which the order of time teaches nothing.
LEAST_FOLDS = 3


@dataclass(frozen=True)
class Trained:
    """A model ready to be stored as JSON, and what is known of its quality.

    :param metrics: on the newest fifth: "count", "base_rate", and the figures of
        "model", "base" (the base rate alone) and "pls" (Odoo's formula)
    :param report: what was chosen and why, for the screen
    """

    model: dict
    metrics: dict
    report: dict = field(default_factory=dict)


# One thread: on a busy machine several wait for each other in a loop, and what takes
# two seconds takes minutes.
@threadpool_limits.wrap(limits=1)
def train(
    table: Table,
    *,
    as_of: date | None = None,
    seed: int = 0,
    stage_order: Sequence[str] | None = None,
    to_score: Table | None = None,
    with_period: bool = False,
    with_metrics: bool = True,
) -> Trained:
    """Learn a model from the closed leads of a table.

    :param as_of: outcomes that were not known on this day are left out
    :param seed: the only source of chance
    :param stage_order: stages from the first to the last, where the caller knows
    :param to_score: leads that wait for a score: what is never filled on them is
        no fact to learn from
    :param with_period: leads of a past period may learn from the win rate of theirs
    :param with_metrics: judge on the newest fifth too (learns a second model)
    """
    table = table.take(closed_rows(table, as_of)).coded()
    table = table.take(time_order(table))
    maker = _Maker(seed, stage_order, with_period)
    dropped = unknowable(table, to_score)
    model, report = maker.make(table, dropped)
    metrics = maker.judge(table, dropped) if with_metrics else {}
    report |= {
        "count": len(table),
        "won": int(table.outcomes.sum()),
        "dropped": dropped,
    }
    return Trained(model, metrics, report)


def closed_rows(table: Table, as_of: date | None) -> np.ndarray:
    """Return the mask of the rows whose outcome was known on a day."""
    known = (table.outcomes == 0) | (table.outcomes == 1)
    if as_of is not None:
        known &= ~(table.closed > as_of.toordinal())
    return known


def time_order(table: Table) -> np.ndarray:
    """Return the rows from the oldest to the newest; without dates, as they come."""
    created = np.where(np.isnan(table.created), -np.inf, table.created)
    return np.argsort(created, kind="stable")


def is_dated(table: Table) -> bool:
    """Tell whether the dates of creation give an order of time."""
    known = table.created[~np.isnan(table.created)]
    return len(known) > len(table) / 2 and len(np.unique(known)) >= LEAST_DAYS


def smooth_base_rate(table: Table) -> float:
    """Return the share won, as if one more lead had been half won."""
    return (float(table.outcomes.sum()) + 0.5) / (len(table) + 1.0)


@dataclass(frozen=True)
class _Maker:
    """Makes models from tables that are in order of time."""

    seed: int
    stage_order: Sequence[str] | None
    with_period: bool

    def make(self, table: Table, dropped: dict[str, str]) -> tuple[dict, dict]:
        """Return the model and the report."""
        snapshot = is_snapshot(table) if len(table) else False
        names = usable_names(table, dropped, stage=snapshot)
        names = [name for name in names if tells_something(table, name)]
        wins = int(table.outcomes.sum())
        model = {"version": MODEL_VERSION, "parts": {}, "horizon": None, "stage": None}
        if not snapshot and len(table):
            model["stage"] = reach_points(table, self.stage_order) or None
        if min(wins, len(table) - wins) < LEAST_OUTCOMES or not names:
            model["parts"]["after"] = _constant_part(smooth_base_rate(table))
            return model | {"kind": "constant"}, {"kind": "constant"}
        sample = self._sample(len(table))
        report = {}
        if is_dated(table):
            part, report["after"] = self._forward_part(table, sample, names)
            if self.with_period:
                inside, report["inside"] = self._mixed_part(
                    table, sample, [*names, PERIOD]
                )
                model["parts"]["inside"] = inside
                model["horizon"] = float(np.nanmax(table.created))
        else:
            part, report["after"] = self._mixed_part(table, sample, names)
        model["parts"]["after"] = part
        model["kind"] = part["kind"]
        return model, report | {"kind": part["kind"]}

    def judge(self, table: Table, dropped: dict[str, str]) -> dict:
        """Return the figures of the newest fifth, by a model that has not seen it."""
        cut = int(0.8 * len(table))
        old, new = table.take(slice(0, cut)), table.take(slice(cut, None))
        if not cut or not len(new):
            return {}
        model, _report = self.make(old, dropped)
        # Closed leads have no stage they could be scored in.
        said = Scorer(model).score(new)
        base = np.full(len(new), smooth_base_rate(old))
        pls = PredictiveLeadScoring(old.without(dropped))
        return {
            "count": len(new),
            "base_rate": round(float(new.outcomes.mean()), 6),
            "model": measure(new.outcomes, said),
            "base": measure(new.outcomes, base),
            "pls": measure(new.outcomes, pls.score(new)),
            "bins": calibration_bins(new.outcomes, said),
        }

    def _sample(self, count: int) -> np.ndarray:
        """Return the rows that are heard, still in order of time."""
        if count <= MOST_HEARD:
            return np.arange(count)
        chance = np.random.default_rng(self.seed)
        return np.sort(chance.choice(count, MOST_HEARD, replace=False))

    def _mixed_part(
        self, table: Table, sample: np.ndarray, names: Sequence[str]
    ) -> tuple[dict, dict]:
        """Return a part for leads of the same period, and its report."""
        encoded = encode(table, names)
        rows = encoded.take(sample)
        heard: list[Said] = []
        for repeat in range(REPEATS if len(rows) < FEW_ROWS else 1):
            folds = mixed_folds(rows.outcomes, self.seed + repeat)
            heard += hear(rows, folds, STEADY, self.seed)
        choice = choose(heard, rows.outcomes, by_block=False)
        part, _said = _fit(encoded, choice, self.seed)
        part["intercept"] += choice.level
        return part, _report_of(choice)

    def _forward_part(
        self, table: Table, sample: np.ndarray, names: Sequence[str]
    ) -> tuple[dict, dict]:
        """Return a part for leads that came later, and its report."""
        encoded = encode(table, names)
        rows = encoded.take(sample)
        folds = forward_folds(rows.outcomes)
        if len(folds) < LEAST_FOLDS:
            return self._mixed_part(table, sample, names)
        heard = hear(rows, folds, STEADY + RECENT, self.seed)
        choice = choose(heard, rows.outcomes, by_block=True)
        pace = choose_pace(_moments(heard, rows.outcomes, choice))
        part, said = _fit(encoded, choice, self.seed)
        part["intercept"] += level_at(pace, said, table.outcomes)
        report = _report_of(choice) | {
            "level_half_life": pace.half_life,
            "level_share": pace.share,
        }
        return part, report


def _moments(
    heard: Sequence[Said], outcomes: np.ndarray, choice: Choice
) -> list[Moment]:
    """Return what the chosen mix said before and after each fold's moment."""
    return [
        Moment(
            choice.said(said.learn_points, said.learn_trees),
            outcomes[said.fold.learn],
            choice.said(said.judge_points, said.judge_trees),
            outcomes[said.fold.judge],
        )
        for said in heard
    ]


def _report_of(choice: Choice) -> dict:
    return {
        "kind": choice.kind,
        "strength": choice.caution.strength,
        "half_life": choice.caution.half_life,
        "rounds": choice.rounds,
        "points_weight": round(choice.points_weight, 4),
        "trees_weight": round(choice.trees_weight, 4),
        "belief": round(choice.belief, 4),
        "losses": choice.losses,
    }


def _constant_part(rate: float) -> dict:
    return {"kind": "constant", "intercept": logit(rate), "features": [], "trees": None}


def _fit(rows: Encoded, choice: Choice, seed: int) -> tuple[dict, np.ndarray]:
    """Return the part that the choice makes of all rows, and what it says of them.

    The level is not in it yet: `intercept` holds the table of points' own.
    """
    half_life = choice.caution.half_life
    weights = None if half_life is None else recency(len(rows), half_life)
    design = Design(rows.features, rows.codes, rows.outcomes)
    learnt = design.fit(choice.caution.strength, weights)
    said = choice.points_weight * learnt.logits(rows.codes)
    orders = rows.orders()
    features = [
        _feature_part(feature, choice.points_weight * points, order, column)
        for feature, points, order, column in zip(
            rows.features, learnt.points, orders, rows.codes, strict=True
        )
    ]
    trees = None
    if choice.rounds:
        values = rows.own_values(orders)
        growth = growth_for(len(rows), choice.rounds)
        forest = grow(values.T, rows.outcomes, growth, seed=seed)
        trees = scale(to_json(forest), choice.trees_weight)
        said = said + Forest(trees).logits(values)
    part = {
        "kind": choice.kind,
        "intercept": choice.points_weight * learnt.intercept,
        "features": features,
        "trees": trees,
    }
    return part, said


def _feature_part(
    feature: Feature, points: np.ndarray, order: np.ndarray | None, codes: np.ndarray
) -> dict:
    """Return what is stored of a feature: its groups, points, average and order."""
    mean = float(points[codes].mean())
    # A value that no closed lead had says neither yes nor no.
    unseen = np.bincount(codes, minlength=feature.size) == 0
    return feature.to_json() | {
        "points": np.where(unseen, mean, points).tolist(),
        "mean": mean,
        "order": None if order is None else order.tolist(),
    }

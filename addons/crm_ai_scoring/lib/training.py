"""Learning a model from closed leads."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from .examples import Table
from .features import learn_features
from .linear import Design, fit_points
from .metrics import measure
from .pls import PredictiveLeadScoring
from .scoring import MODEL_VERSION, Scorer, logit


@dataclass(frozen=True)
class Trained:
    """A model ready to be stored as JSON, and what is known of its quality."""

    model: dict
    metrics: dict
    report: dict = field(default_factory=dict)


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


def train(
    table: Table,
    *,
    as_of: date | None = None,
    seed: int = 0,
    priors: dict | None = None,
    stage_order: Sequence[str] | None = None,
    to_score: Table | None = None,
) -> Trained:
    """Learn a model from the closed leads of a table.

    :param as_of: outcomes that were not known on this day are left out
    :param seed: the only source of chance
    :param stage_order: stages from the first to the last, where the caller knows
    :param to_score: leads that wait for a score: what is never filled on them is
        no fact to learn from
    """
    table = table.take(closed_rows(table, as_of))
    table = table.take(time_order(table))
    cut = int(0.8 * len(table))
    old, new = table.take(slice(0, cut)), table.take(slice(cut, None))
    metrics = {}
    if len(new):
        scorer = Scorer(_fit(old))
        metrics = {
            "count": len(new),
            "base_rate": float(new.outcomes.mean()),
            "model": measure(new.outcomes, scorer.score(new)),
            "base": measure(new.outcomes, np.full(len(new), _rate(old))),
            "pls": measure(new.outcomes, PredictiveLeadScoring(old).score(new)),
        }
    return Trained(_fit(table), metrics, {"count": len(table)})


def _rate(table: Table) -> float:
    return (float((table.outcomes == 1).sum()) + 0.5) / (len(table) + 1)


def _fit(table: Table) -> dict:
    features = learn_features(table)
    is_learnable = features and 0 < table.outcomes.sum() < len(table)
    if not is_learnable:
        intercept, features, parts = logit(_rate(table)), [], []
    else:
        codes = [f.codes(table.columns[f.name]) for f in features]
        learnt = fit_points(Design(features), codes, table.outcomes, 0.1)
        intercept = learnt.intercept
        parts = [
            {"points": points.tolist(), "mean": float(points[column].mean())}
            for points, column in zip(learnt.points, codes, strict=True)
        ]
    return {
        "version": MODEL_VERSION,
        "kind": "linear",
        "intercept": intercept,
        "features": [
            f.to_json() | part for f, part in zip(features, parts, strict=True)
        ],
    }

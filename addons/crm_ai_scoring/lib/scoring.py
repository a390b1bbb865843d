"""From a stored model to probabilities: numpy only, whole tables at once.

A model is plain JSON: an intercept, points per group of values, and optionally small
trees. Build a `Scorer` once and keep it; it holds the model in its fast form.
"""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from .encoding import PERIOD, STAGE, Encoder
from .features import Feature
from .stages import stage_logits
from .table import Table
from .trees import Forest

MODEL_VERSION = 1
# The names under which the two facts that are no features are shown.
PERIOD_FACT, STAGE_FACT = "created", "stage"
# Probabilities stay within these limits: no lead is certain.
LEAST, MOST = 0.0005, 0.9995


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities of log-odds, without overflow."""
    return 1 / (1 + np.exp(-np.clip(logits, -40, 40)))


def logit(probability: float) -> float:
    """Return the log-odds of a probability strictly between 0 and 1."""
    return float(np.log(probability) - np.log1p(-probability))


class _Part:
    """Points and trees in their fast form."""

    def __init__(self, stored: Mapping) -> None:
        self.intercept = float(stored["intercept"])
        self.features = [Feature.from_json(one) for one in stored["features"]]
        self.points = [np.array(one["points"]) for one in stored["features"]]
        self.means = np.array([one["mean"] for one in stored["features"]])
        self.encoder = Encoder(
            tuple(self.features),
            tuple(
                None if one["order"] is None else np.array(one["order"])
                for one in stored["features"]
            ),
        )
        self.forest = None if stored["trees"] is None else Forest(stored["trees"])

    @cached_property
    def baseline(self) -> float:
        """The log-odds of the average lead."""
        trees = 0.0 if self.forest is None else self.forest.mean
        return self.intercept + float(self.means.sum()) + trees

    def logits(self, table: Table) -> np.ndarray:
        """Return the log-odds of each lead."""
        total = np.full(len(table), self.intercept)
        codes = self.encoder.codes(table)
        for points, column in zip(self.points, codes, strict=True):
            total += points[column]
        if self.forest is not None:
            total += self.forest.logits(self.encoder.values(table, codes))
        return total

    def contributions(self, table: Table) -> np.ndarray:
        """Return each feature's share of the log-odds against the baseline."""
        codes = self.encoder.codes(table)
        matrix = np.zeros((len(table), len(self.features)))
        for rank, (points, column) in enumerate(zip(self.points, codes, strict=True)):
            matrix[:, rank] = points[column] - self.means[rank]
        if self.forest is not None:
            matrix += self.forest.contributions(self.encoder.values(table, codes))
        return matrix


class Scorer:
    """A model in its fast form.

    Leads created in the period that the model learnt from may have a part of their own
    ("inside"), which knows how leads of each time ended; all others have "after".
    """

    def __init__(self, model: Mapping) -> None:
        if model.get("version") != MODEL_VERSION:
            raise ValueError(f"unknown model version {model.get('version')!r}")
        self.model = model
        self.stage: dict[str, float] = model["stage"] or {}
        self.horizon = model["horizon"]
        self.after = _Part(model["parts"]["after"])
        inside = model["parts"].get("inside")
        self.inside = None if inside is None else _Part(inside)

    @property
    def baseline(self) -> float:
        """The log-odds of the average lead."""
        return self.after.baseline

    def _parts(self, table: Table) -> list[tuple[_Part, np.ndarray]]:
        """Return each part with the rows that it scores."""
        if self.inside is None:
            return [(self.after, np.arange(len(table)))]
        within = table.created <= self.horizon
        return [
            (part, np.flatnonzero(rows))
            for part, rows in ((self.inside, within), (self.after, ~within))
            if rows.any()
        ]

    def logits(self, table: Table) -> np.ndarray:
        """Return the log-odds of each lead."""
        total = np.zeros(len(table))
        for part, rows in self._parts(table):
            chosen = table if len(rows) == len(table) else table.take(rows)
            total[rows] = part.logits(chosen)
        if self.stage:
            total += stage_logits(self.stage, table.stages)
        return total

    def score(self, table: Table) -> np.ndarray:
        """Return the probability of each lead, between 0.05 % and 99.95 %."""
        return np.clip(sigmoid(self.logits(table)), LEAST, MOST)

    def contributions(self, table: Table) -> tuple[list[str], np.ndarray]:
        """Return the names of the facts and, per lead and fact, its log-odds.

        Each row and the baseline sum to the lead's log-odds, exactly. The fact
        "created" holds what the period of a lead does to it, "stage" its stage.
        """
        names: dict[str, int] = {}
        for part in (self.after, self.inside):
            for feature in part.features if part else ():
                names.setdefault(shown_name(feature.name), len(names))
        if self.stage:
            names.setdefault(STAGE_FACT, len(names))
        if self.inside is not None:
            names.setdefault(PERIOD_FACT, len(names))
        matrix = np.zeros((len(table), len(names)))
        for part, rows in self._parts(table):
            shares = part.contributions(table.take(rows))
            for feature, share in zip(part.features, shares.T, strict=True):
                # A caller's feature may be called "stage" too: both shares count.
                matrix[rows, names[shown_name(feature.name)]] += share
            if part is self.inside:
                moved = part.baseline - self.baseline
                matrix[rows, names[PERIOD_FACT]] += moved
        if self.stage:
            matrix[:, names[STAGE_FACT]] += stage_logits(self.stage, table.stages)
        return list(names), matrix


def shown_name(name: str) -> str:
    """Return the name under which a fact is shown.

    >>> shown_name("@stage"), shown_name("city")
    ('stage', 'city')
    """
    return {PERIOD: PERIOD_FACT, STAGE: STAGE_FACT}.get(name, name)

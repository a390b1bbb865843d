"""From a stored model to probabilities: numpy only, whole tables at once.

A model is plain JSON: an intercept, points per group of values, and optionally small
trees. Build a `Scorer` once and keep it; it holds the model in its fast form.
"""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from .examples import Table
from .features import Feature

MODEL_VERSION = 1
# Probabilities stay within these limits: no lead is certain.
LEAST, MOST = 0.0005, 0.9995


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities of log-odds, without overflow."""
    return 1 / (1 + np.exp(-np.clip(logits, -40, 40)))


def logit(probability: float) -> float:
    """Return the log-odds of a probability strictly between 0 and 1."""
    return float(np.log(probability) - np.log1p(-probability))


class Scorer:
    """A model in its fast form."""

    def __init__(self, model: Mapping) -> None:
        if model.get("version") != MODEL_VERSION:
            raise ValueError(f"unknown model version {model.get('version')!r}")
        self.model = model
        self.kind: str = model["kind"]
        self.intercept = float(model["intercept"])
        self.features = [Feature.from_json(stored) for stored in model["features"]]
        self.points = [np.array(stored["points"]) for stored in model["features"]]
        self.means = np.array([stored["mean"] for stored in model["features"]])

    @cached_property
    def baseline(self) -> float:
        """The log-odds of the average lead."""
        return self.intercept + float(self.means.sum())

    def codes(self, table: Table) -> list[np.ndarray]:
        """Return the code of each lead, feature by feature."""
        return [feature.codes(table.column(feature.name)) for feature in self.features]

    def logits(self, table: Table) -> np.ndarray:
        """Return the log-odds of each lead."""
        total = np.full(len(table), self.intercept)
        for points, codes in zip(self.points, self.codes(table), strict=True):
            total += points[codes]
        return total

    def score(self, table: Table) -> np.ndarray:
        """Return the probability of each lead, between 0.05 % and 99.95 %."""
        return np.clip(sigmoid(self.logits(table)), LEAST, MOST)

    def contributions(self, table: Table) -> tuple[list[str], np.ndarray]:
        """Return the names of the facts and, per lead and fact, its log-odds.

        Each row and the baseline sum to the lead's log-odds, exactly.
        """
        parts = [
            points[codes] - mean
            for points, codes, mean in zip(
                self.points, self.codes(table), self.means, strict=True
            )
        ]
        names = [feature.name for feature in self.features]
        matrix = np.stack(parts, 1) if parts else np.zeros((len(table), 0))
        return names, matrix


def score(model: Mapping, table: Table) -> np.ndarray:
    """Return the probability of each lead; keep a `Scorer` to ask many times."""
    return Scorer(model).score(table)

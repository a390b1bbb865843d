"""Regularised logistic regression over groups of values: a table of points.

Each group of a feature has its points (log-odds). For numbers, a straight trend over
the intervals is learnt beside the single intervals, so that few rows are enough to see
a direction. Both are folded into the points at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from .features import Feature

# One curvature per trend: the trend runs from -1 to 1 over the intervals.
TREND_SCALE = 1.5


@dataclass(frozen=True)
class Points:
    """A learnt linear model: intercept and, per feature, the points of each code."""

    intercept: float
    points: tuple[np.ndarray, ...]

    def logits(self, codes: Sequence[np.ndarray]) -> np.ndarray:
        """Return the log-odds of rows given the codes of each feature."""
        total = np.full(len(codes[0]) if codes else 0, self.intercept)
        for table, column in zip(self.points, codes, strict=True):
            total += table[column]
        return total


def trend_of(feature: Feature) -> np.ndarray | None:
    """Return the trend's value per code, None without at least three intervals."""
    if feature.bins < 3:
        return None
    trend = np.zeros(feature.size)
    trend[: feature.bins] = np.linspace(-TREND_SCALE, TREND_SCALE, feature.bins)
    return trend


class Design:
    """The columns of zeros and ones (and trends) that the regression sees."""

    def __init__(self, features: Sequence[Feature]) -> None:
        self.features = list(features)
        self.offsets = np.cumsum([0] + [feature.size for feature in features])
        self.trends = [(rank, trend_of(f)) for rank, f in enumerate(features)]
        self.trends = [pair for pair in self.trends if pair[1] is not None]

    def matrix(self, codes: Sequence[np.ndarray]) -> sparse.csr_matrix:
        """Return the sparse design matrix of the rows."""
        count = len(codes[0]) if codes else 0
        indices = [column + self.offsets[rank] for rank, column in enumerate(codes)]
        values = [np.ones(count) for _column in codes]
        for extra, (rank, trend) in enumerate(self.trends):
            indices.append(np.full(count, self.offsets[-1] + extra))
            values.append(trend[codes[rank]])
        width = len(indices)
        return sparse.csr_matrix(
            (
                np.stack(values, 1).ravel(),
                np.stack(indices, 1).ravel(),
                np.arange(count + 1) * width,
            ),
            shape=(count, self.offsets[-1] + len(self.trends)),
        )

    def points(self, intercept: float, weights: np.ndarray) -> Points:
        """Return the points that a vector of weights stands for."""
        tables = []
        for rank in range(len(self.features)):
            tables.append(weights[self.offsets[rank] : self.offsets[rank + 1]].copy())
        for extra, (rank, trend) in enumerate(self.trends):
            tables[rank] += weights[self.offsets[-1] + extra] * trend
        return Points(float(intercept), tuple(tables))


def fit_points(
    design: Design,
    codes: Sequence[np.ndarray],
    outcomes: np.ndarray,
    strength: float,
    weights: np.ndarray | None = None,
) -> Points:
    """Learn the points.

    :param strength: inverse of the regularisation (`C`): small is cautious
    :param weights: weight per row
    """
    learner = LogisticRegression(C=strength, max_iter=300, tol=1e-4)
    learner.fit(design.matrix(codes), outcomes, sample_weight=weights)
    return design.points(learner.intercept_[0], learner.coef_[0])

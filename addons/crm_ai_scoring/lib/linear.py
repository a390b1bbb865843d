"""Regularised logistic regression over groups of values: a table of points.

Each group of a feature has its points (log-odds). For numbers, a straight trend over
the intervals is learnt beside the single intervals, so that few rows are enough to see
a direction. Both are folded into the points at the end.

How much a feature may say is learnt first: the spread of its groups' win rates, less
what chance alone would spread, sets how cautiously its points are learnt. A text with
hundreds of values that mean nothing is thus held down, a telling one is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from .features import Feature

TREND_SCALE = 1.5
LEAST_SPREAD, MOST_SPREAD = 0.15, 1.2


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


def spread_of(codes: np.ndarray, outcomes: np.ndarray, size: int) -> float:
    """Return how far a feature's groups lie apart, in log-odds, beyond chance."""
    rate = outcomes.mean()
    noise = rate * (1 - rate)
    counts = np.bincount(codes, minlength=size)
    wins = np.bincount(codes, weights=outcomes, minlength=size)
    used = counts > 0
    counts, wins = counts[used], wins[used]
    steps = (wins - counts * rate) / (counts * noise)
    excess = (counts * steps**2).sum() - (len(counts) - 1) / noise
    variance = max(excess, 0.0) / counts.sum()
    return float(np.clip(np.sqrt(variance), LEAST_SPREAD, MOST_SPREAD))


class Design:
    """The columns of zeros and ones (and trends) that the regression sees."""

    def __init__(
        self,
        features: Sequence[Feature],
        codes: Sequence[np.ndarray],
        outcomes: np.ndarray,
    ) -> None:
        self.sizes = [feature.size for feature in features]
        self.offsets = np.cumsum([0, *self.sizes])
        trends = [(rank, trend_of(f)) for rank, f in enumerate(features)]
        self.trends = [(rank, trend) for rank, trend in trends if trend is not None]
        spreads = np.array(
            [
                spread_of(column, outcomes, size)
                for column, size in zip(codes, self.sizes, strict=True)
            ]
        )
        self.scales = np.concatenate(
            [
                np.repeat(spreads, self.sizes),
                [spreads[rank] for rank, _trend in self.trends],
            ]
        )
        self.outcomes = outcomes
        self.rows = self._matrix(codes)

    def _matrix(self, codes: Sequence[np.ndarray]) -> sparse.csr_matrix:
        """Return the sparse design matrix of the rows, scaled by spread."""
        count = len(codes[0])
        places = [column + self.offsets[rank] for rank, column in enumerate(codes)]
        values = [self.scales[place] for place in places]
        for extra, (rank, trend) in enumerate(self.trends):
            place = self.offsets[-1] + extra
            places.append(np.full(count, place))
            values.append(trend[codes[rank]] * self.scales[place])
        return sparse.csr_matrix(
            (
                np.stack(values, 1).ravel(),
                np.stack(places, 1).ravel().astype(np.int32),
                np.arange(count + 1, dtype=np.int32) * len(places),
            ),
            shape=(count, len(self.scales)),
        )

    def fit(self, strength: float, weights: np.ndarray | None = None) -> Points:
        """Learn the points.

        :param strength: inverse of the regularisation (`C`): small is cautious
        :param weights: weight per row
        """
        learner = LogisticRegression(C=strength, max_iter=200, tol=1e-3)
        learner.fit(self.rows, self.outcomes, sample_weight=weights)
        learnt = learner.coef_[0] * self.scales
        tables = np.split(learnt[: self.offsets[-1]], self.offsets[1:-1])
        tables = [table.copy() for table in tables]
        for extra, (rank, trend) in enumerate(self.trends):
            tables[rank] += learnt[self.offsets[-1] + extra] * trend
        return Points(float(learner.intercept_[0]), tuple(tables))

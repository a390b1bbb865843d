"""Odoo's Predictive Lead Scoring, recomputed: the peer every model is shown beside.

Naive Bayes on text fields: 0.1 is added to each count, a value that was never seen
and an empty field are left out, the answer stays within 0.01 % and 99.99 %. Stages
follow Odoo: a won lead has reached all of them, a lost one those up to its own.
"""

from collections.abc import Sequence

import numpy as np

from .features import read_by_value, text_key
from .table import Table

EXTRA = 0.1
LEAST, MOST = 0.0001, 0.9999


def pls_fields(table: Table) -> list[str]:
    """Return the features that Odoo's formula can count: texts and booleans."""
    return [name for name, column in table.columns.items() if column.dtype == object]


class PredictiveLeadScoring:
    """The frequency table of won and lost leads per value."""

    def __init__(self, table: Table, fields: Sequence[str] | None = None) -> None:
        won = table.outcomes == 1
        self.wins, self.losses = int(won.sum()), int((table.outcomes == 0).sum())
        self.fields = list(pls_fields(table) if fields is None else fields)
        self.effects: dict[str, dict[str, float]] = {}
        for name in self.fields:
            keys = read_by_value(table.column(name), text_key, object)
            self.effects[name] = self._effects(keys, won)

    @staticmethod
    def _effects(keys: np.ndarray, won: np.ndarray) -> dict[str, float]:
        """Return the log of won share over lost share, per value."""
        known = keys != np.array(None)
        found, place = np.unique(keys[known].astype(str), return_inverse=True)
        wins = np.bincount(place, weights=won[known], minlength=len(found)) + EXTRA
        losses = np.bincount(place, weights=~won[known], minlength=len(found)) + EXTRA
        ratios = np.log(wins / wins.sum()) - np.log(losses / losses.sum())
        return dict(zip(found.tolist(), ratios.tolist(), strict=True))

    def score(self, table: Table) -> np.ndarray:
        """Return Odoo's probability of each row."""
        if not self.wins or not self.losses:
            return np.full(len(table), LEAST if not self.wins else MOST)
        total = np.full(len(table), np.log(self.wins / self.losses))
        for name in self.fields:
            effects = self.effects[name]
            total += read_by_value(
                table.column(name),
                lambda value, effects=effects: effects.get(text_key(value), 0.0),
                np.float64,
            )
        return np.clip(1 / (1 + np.exp(-np.clip(total, -40, 40))), LEAST, MOST)

"""Scores before there is a model: criteria with points, set by an administrator.

A criterion looks at one feature and gives points when it holds. Ten points double the
odds; no point at all is the usual share won.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .examples import Table, Value
from .features import read_by_value, read_number, text_key
from .reasons import Reason, value_label
from .scoring import logit, sigmoid

# Log-odds of one point: ten of them double the odds.
POINT = float(np.log(2) / 10)
USUAL_RATE = 0.2
# All criteria together move the log-odds by no more than this (odds times 20).
MOST_MOVE = 3.0

OPERATORS: dict[str, Callable[[Value, Value], bool]] = {
    "set": lambda value, _limit: text_key(value) not in (None, "false"),
    "not_set": lambda value, _limit: text_key(value) in (None, "false"),
    "is": lambda value, limit: text_key(value) == text_key(limit),
    "is_not": lambda value, limit: text_key(value) not in (None, text_key(limit)),
    "contains": lambda value, limit: (
        (text_key(limit) or "\0") in (text_key(value) or "")
    ),
    "at_least": lambda value, limit: _compare(value, limit) >= 0,
    "at_most": lambda value, limit: _compare(value, limit) <= 0,
}


def _compare(value: Value, limit: Value) -> float:
    """Return value minus limit; NaN (true of nothing) when one is no number."""
    one, other = read_number(value), read_number(limit)
    return np.nan if one is None or other is None else one - other


@dataclass(frozen=True)
class Criterion:
    """Points that a lead gets when a feature meets a condition.

    :param operator: one of `OPERATORS`
    :param points: positive for the lead, negative against it
    """

    feature: str
    operator: str
    value: Value
    points: float

    def holds(self, value: Value) -> bool:
        """Tell whether a lead's value meets the condition.

        >>> Criterion("seats", "at_least", 10, 5).holds("12")
        True
        """
        return bool(OPERATORS[self.operator](value, self.value))


@dataclass(frozen=True)
class RuleWeights:
    """The criteria of a company, and the share won that no points stand for."""

    criteria: tuple[Criterion, ...] = ()
    base_rate: float = USUAL_RATE

    def shares(self, table: Table) -> np.ndarray:
        """Return the log-odds each criterion gives: one row per lead.

        Beyond the limit of all together, each is cut by the same factor.
        """
        columns = [
            read_by_value(_objects(table, one.feature), one.holds, np.float64)
            * (one.points * POINT)
            for one in self.criteria
        ]
        if not columns:
            return np.zeros((len(table), 0))
        shares = np.stack(columns, 1)
        total = np.abs(shares.sum(1))
        factor = np.minimum(1.0, MOST_MOVE / np.maximum(total, 1e-12))
        return shares * factor[:, None]

    def logits(self, table: Table) -> np.ndarray:
        """Return the log-odds of each lead by the criteria."""
        return logit(self.base_rate) + self.shares(table).sum(1)

    def score(self, table: Table) -> np.ndarray:
        """Return the probability of each lead by the criteria."""
        return sigmoid(self.logits(table))

    def explain(self, table: Table) -> list[list[Reason]]:
        """Return the criteria that moved each lead, strongest first."""
        shares = self.shares(table)
        columns = [_objects(table, one.feature).tolist() for one in self.criteria]
        answers = []
        for row in range(len(table)):
            reasons = [
                Reason(
                    one.feature,
                    columns[place][row],
                    value_label(columns[place][row]),
                    float(shares[row, place]),
                )
                for place, one in enumerate(self.criteria)
                if shares[row, place]
            ]
            answers.append(sorted(reasons, key=lambda r: -abs(r.contribution)))
        return answers


def _objects(table: Table, name: str) -> np.ndarray:
    """Return a column as objects, None for missing numbers."""
    column = table.column(name)
    if column.dtype == object:
        return column
    missing = np.isnan(column)
    column = column.astype(object)
    column[missing] = None
    return column

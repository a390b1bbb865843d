"""A table of leads as the learners see it: codes for points, numbers for trees."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .features import Feature, learn_feature
from .table import Table

# Facts of a lead that are no features; no feature of a caller has such a name.
PERIOD, STAGE = "@created", "@stage"
# Texts with more values than this are ordered by the outcomes of other rows only.
FEW_LEVELS = 12
SMOOTHING = 15.0
CROSS_FOLDS = 5


def column_of(table: Table, name: str) -> np.ndarray:
    """Return a feature's column, or the day of creation, or the stage."""
    if name == PERIOD:
        return table.created
    return table.stages if name == STAGE else table.column(name)


@dataclass(frozen=True)
class Encoder:
    """What was learnt of the features' values.

    :param orders: per feature, a number for each code of a text (its smoothed
        log-odds), so that trees can order texts; None where trees read the number
    """

    features: tuple[Feature, ...]
    orders: tuple[np.ndarray | None, ...]

    def codes(self, table: Table) -> list[np.ndarray]:
        """Return the codes of each feature."""
        return [f.codes(column_of(table, f.name)) for f in self.features]

    def values(self, table: Table, codes: Sequence[np.ndarray]) -> np.ndarray:
        """Return the numbers trees read: one row per feature, one column per lead."""
        rows = [
            feature.numbers(column_of(table, feature.name))
            if order is None
            else order[column]
            for feature, order, column in zip(
                self.features, self.orders, codes, strict=True
            )
        ]
        return np.array(rows).reshape(len(rows), len(table))


def tells_something(table: Table, name: str) -> bool:
    """Tell whether a column has at least two groups of values."""
    return learn_feature(name, column_of(table, name)) is not None


def order_levels(codes: np.ndarray, outcomes: np.ndarray, size: int) -> np.ndarray:
    """Return the smoothed log-odds of each code; codes never seen get the average."""
    rate = (outcomes.sum() + 0.5) / (len(outcomes) + 1)
    counts = np.bincount(codes, minlength=size)
    wins = np.bincount(codes, weights=outcomes, minlength=size)
    smooth = (wins + SMOOTHING * rate) / (counts + SMOOTHING)
    return np.log(smooth / (1 - smooth))


@dataclass(frozen=True)
class Encoded:
    """Rows read once, so that folds only take from them.

    :param codes: per feature, the code of each row
    :param numbers: one row per feature; zeros where trees read an order of texts
    """

    features: tuple[Feature, ...]
    codes: list[np.ndarray]
    numbers: np.ndarray
    outcomes: np.ndarray

    def __len__(self) -> int:
        return len(self.outcomes)

    def take(self, rows: np.ndarray) -> "Encoded":
        """Return some of the rows."""
        return Encoded(
            self.features,
            [column[rows] for column in self.codes],
            self.numbers[:, rows],
            self.outcomes[rows],
        )

    def orders(self) -> tuple[np.ndarray | None, ...]:
        """Return the order of each text's codes that these rows teach."""
        return tuple(
            None
            if feature.edges is not None
            else order_levels(column, self.outcomes, feature.size)
            for feature, column in zip(self.features, self.codes, strict=True)
        )

    def values(self, orders: Sequence[np.ndarray | None]) -> np.ndarray:
        """Return the numbers trees read, for rows that did not teach the orders."""
        values = self.numbers.copy()
        for rank, order in enumerate(orders):
            if order is not None:
                values[rank] = order[self.codes[rank]]
        return values

    def own_values(self, orders: Sequence[np.ndarray | None]) -> np.ndarray:
        """Return the numbers trees read, for the rows that taught the orders.

        A text of many values would betray each row's own outcome to the trees; its
        numbers are therefore learnt without the row's own fifth.
        """
        values = self.values(orders)
        fold = np.arange(len(self)) % CROSS_FOLDS
        for rank, feature in enumerate(self.features):
            if orders[rank] is None or len(feature.levels) <= FEW_LEVELS:
                continue
            codes = self.codes[rank]
            for part in range(CROSS_FOLDS):
                rest = fold != part
                order = order_levels(codes[rest], self.outcomes[rest], feature.size)
                values[rank, ~rest] = order[codes[~rest]]
        return values


def encode(table: Table, names: Sequence[str]) -> Encoded:
    """Return the rows of a table as the learners see them.

    How values are grouped is learnt from the values alone, never from outcomes.
    """
    columns = {name: column_of(table, name) for name in names}
    found = [learn_feature(name, column) for name, column in columns.items()]
    features = tuple(feature for feature in found if feature is not None)
    numbers = np.zeros((len(features), len(table)))
    for rank, feature in enumerate(features):
        if feature.edges is not None:
            numbers[rank] = feature.numbers(columns[feature.name])
    codes = [feature.codes(columns[feature.name]) for feature in features]
    return Encoded(features, codes, numbers, table.outcomes)

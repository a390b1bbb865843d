"""A table of leads as the learners see it: codes for points, numbers for trees."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .examples import Table
from .features import Feature, learn_feature

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


def order_levels(codes: np.ndarray, outcomes: np.ndarray, size: int) -> np.ndarray:
    """Return the smoothed log-odds of each code; codes never seen get the average."""
    rate = (outcomes.sum() + 0.5) / (len(outcomes) + 1)
    counts = np.bincount(codes, minlength=size)
    wins = np.bincount(codes, weights=outcomes, minlength=size)
    smooth = (wins + SMOOTHING * rate) / (counts + SMOOTHING)
    return np.log(smooth / (1 - smooth))


def learn_encoder(
    table: Table, names: Sequence[str]
) -> tuple[Encoder, list[np.ndarray], np.ndarray]:
    """Return the encoder, the rows' codes, and their numbers for growing trees.

    A text of many values would betray each row's own outcome to the trees; its numbers
    are therefore learnt without the row's own fifth of the table.
    """
    found = [learn_feature(name, column_of(table, name)) for name in names]
    features = tuple(feature for feature in found if feature is not None)
    codes = [f.codes(column_of(table, f.name)) for f in features]
    outcomes = table.outcomes
    orders = tuple(
        None if f.edges is not None else order_levels(column, outcomes, f.size)
        for f, column in zip(features, codes, strict=True)
    )
    encoder = Encoder(features, orders)
    values = encoder.values(table, codes)
    fold = np.arange(len(table)) % CROSS_FOLDS
    for rank, feature in enumerate(features):
        if orders[rank] is None or len(feature.levels) <= FEW_LEVELS:
            continue
        for part in range(CROSS_FOLDS):
            rest = fold != part
            order = order_levels(codes[rank][rest], outcomes[rest], feature.size)
            values[rank, ~rest] = order[codes[rank][~rest]]
    return encoder, codes, values

"""Leads as the trainer and the scorer see them: a table of columns.

A table is what Odoo hands over after reading 100,000 leads by SQL: one array per
feature, no object per lead. A missing value is `None` in a column of objects and
NaN in a column of numbers. Days are ordinals (`date.toordinal()`), NaN when unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

Value = float | int | str | bool | None
NUMBERS = {int, float, type(None)}


def as_column(values: Sequence) -> np.ndarray:
    """Return one feature as an array: float64 for numbers, else objects.

    Infinite numbers are missing ones. Booleans stay objects, so that `True` is not
    taken for the number one.
    """
    if isinstance(values, np.ndarray):
        if values.dtype.kind in "iuf":
            return _finite(values.astype(np.float64))
        values = values.tolist()
    if set(map(type, values)) <= NUMBERS:
        return _finite(np.array(values, dtype=np.float64))
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column


def _finite(column: np.ndarray) -> np.ndarray:
    """Return the column with NaN for infinite numbers."""
    bad = np.isinf(column)
    return np.where(bad, np.nan, column) if bad.any() else column


class Coded:
    """A column of objects that are kept once each, with a number per row.

    Learning takes rows from a table many times; numbers are cheaper to take and read.
    """

    dtype = np.dtype(object)

    def __init__(self, distinct: list, index: np.ndarray) -> None:
        self.distinct = distinct
        self.index = index

    @classmethod
    def of(cls, column: np.ndarray) -> "Coded":
        """Return the coded form of a column of objects."""
        keys: dict = {}
        # The type is in the key: a dictionary takes True and 1 for the same.
        places = [
            keys.setdefault((type(value), value), len(keys))
            for value in column.tolist()
        ]
        index = np.array(places, dtype=np.int32)
        return cls([value for _type, value in keys], index)

    def __len__(self) -> int:
        return len(self.index)

    def __getitem__(self, rows: np.ndarray | slice) -> "Coded":
        return Coded(self.distinct, self.index[rows])

    def tolist(self) -> list:
        """Return the values as a list."""
        return [self.distinct[place] for place in self.index]


def values_of(column: "np.ndarray | Coded") -> list:
    """Return the values of a column, once each where they are kept so."""
    return column.distinct if isinstance(column, Coded) else column.tolist()


def as_days(values: Sequence | None, count: int) -> np.ndarray:
    """Return days as ordinals; dates, ordinals and missing ones may be given."""
    if values is None:
        return np.full(count, np.nan)
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
        return values.astype(np.float64)
    days = [
        value.toordinal() if hasattr(value, "toordinal") else value for value in values
    ]
    return np.array(days, dtype=np.float64)


def as_texts(values: Sequence | None, count: int) -> np.ndarray:
    """Return an array of texts; an empty text is a missing one."""
    column = np.empty(count, dtype=object)
    if values is not None:
        column[:] = [value if value is None else str(value) or None for value in values]
    return column


@dataclass(frozen=True)
class Table:
    """Many leads, one array per feature; `build` makes one from lists or arrays."""

    ids: np.ndarray
    columns: dict[str, np.ndarray]
    created: np.ndarray
    stages: np.ndarray
    outcomes: np.ndarray
    closed: np.ndarray
    stages_closed: np.ndarray
    size: int = field(default=0)

    @classmethod
    def build(
        cls,
        ids: Sequence,
        columns: Mapping[str, Sequence],
        *,
        created: Sequence | None = None,
        stages: Sequence | None = None,
        outcomes: Sequence | None = None,
        closed: Sequence | None = None,
        stages_closed: Sequence | None = None,
    ) -> "Table":
        """Return a table from columns of equal length (`ValueError` otherwise).

        :param outcomes: 1 won, 0 lost, None or NaN while open
        """
        size = len(ids)
        names = np.empty(size, dtype=object)
        names[:] = list(ids)
        ready = {name: as_column(values) for name, values in columns.items()}
        for name, column in ready.items():
            if len(column) != size:
                raise ValueError(f"column {name!r} has {len(column)} rows, not {size}")
        won = np.full(size, np.nan)
        if outcomes is not None:
            won = np.array(outcomes, dtype=np.float64)
        return cls(
            ids=names,
            columns=ready,
            created=as_days(created, size),
            stages=as_texts(stages, size),
            outcomes=won,
            closed=as_days(closed, size),
            stages_closed=as_texts(stages_closed, size),
            size=size,
        )

    def __len__(self) -> int:
        return self.size

    def take(self, index: np.ndarray) -> "Table":
        """Return the rows of the index (positions, a mask or a slice)."""
        ids = self.ids[index]
        return Table(
            ids=ids,
            columns={name: column[index] for name, column in self.columns.items()},
            created=self.created[index],
            stages=self.stages[index],
            outcomes=self.outcomes[index],
            closed=self.closed[index],
            stages_closed=self.stages_closed[index],
            size=len(ids),
        )

    def coded(self) -> "Table":
        """Return the table with its columns of objects in coded form."""
        coded = {
            name: Coded.of(column) if column.dtype == object else column
            for name, column in self.columns.items()
            if not isinstance(column, Coded)
        }
        return replace(self, columns=self.columns | coded)

    def without(self, names: Iterable[str]) -> "Table":
        """Return the table without some features."""
        gone = set(names)
        kept = {name: c for name, c in self.columns.items() if name not in gone}
        return replace(self, columns=kept)

    def column(self, name: str) -> np.ndarray:
        """Return a feature, all missing when the table does not know it."""
        found = self.columns.get(name)
        return np.full(self.size, np.nan) if found is None else found

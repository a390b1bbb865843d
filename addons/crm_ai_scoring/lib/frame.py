"""Facts of many deals while they are put together: one array of numbers a column."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Frame:
    """Deals of one company and what was read of them.

    Columns whose name begins with `_` are raw material, not facts of their own.

    :param ids: of the deals, ascending
    :param as_of: moment of each, in seconds
    """

    ids: np.ndarray
    as_of: np.ndarray
    columns: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def place(self, names: tuple[str, ...], rows: np.ndarray, empty: float) -> None:
        """Put the rows of a query where their deals are.

        :param rows: first column is the id of the deal, then one per name
        :param empty: value of deals without a row; raw material is NaN then
        """
        found = np.searchsorted(self.ids, rows[:, 0].astype(np.int64))
        for offset, name in enumerate(names, start=1):
            blank = np.nan if name.startswith("_") else empty
            column = np.full(len(self.ids), blank)
            column[found] = rows[:, offset]
            self.columns[name] = column

    def take(self, mask: np.ndarray) -> Frame:
        """Return some of the deals."""
        columns = {name: column[mask] for name, column in self.columns.items()}
        return Frame(self.ids[mask], self.as_of[mask], columns)


def as_keys(column: np.ndarray) -> np.ndarray:
    """Return ids as texts, None for NaN: the values of a category.

    With a `#`, so that nobody takes them for numbers whose order means something.
    """
    found, places = np.unique(column, return_inverse=True)
    keys = np.array(
        [None if np.isnan(value) else f"#{int(value)}" for value in found], dtype=object
    )
    return keys[places]


def read_key(key: str) -> int | None:
    """Return the id of a key, None when it is none.

    >>> read_key("#12"), read_key("true")
    (12, None)
    """
    number = key.removeprefix("#")
    return int(number) if key.startswith("#") and number.isdigit() else None

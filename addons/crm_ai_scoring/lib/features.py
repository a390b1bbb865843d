"""A feature as groups of values: intervals of numbers, texts, the rare ones together.

Every value of a feature falls into exactly one group: an interval of numbers, a text
of its own, the rare or unknown texts, or "missing", which is information too.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .table import Coded, Value, values_of

MOST_BINS = 16
MOST_LEVELS = 200
# Below this share of readable numbers, a column of texts stays a column of texts.
NUMBER_SHARE = 0.9


def text_key(value: Value) -> str | None:
    """Return the spelling under which a text or boolean is counted, None when empty.

    >>> text_key("  Bouche  à oreille "), text_key(True), text_key(3.0), text_key(" ")
    ('bouche à oreille', 'true', '3', None)
    """
    if value is None or value != value:
        return None
    if isinstance(value, str):
        return " ".join(value.split()).casefold() or None
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int | float | np.number):
        return f"{value:g}"
    return text_key(str(value))


def read_number(value: Value) -> float | None:
    """Return a number, also one written as a text; None when it is not one.

    >>> read_number("1 250,50"), read_number("12 rue"), read_number(7)
    (1250.5, None, 7.0)
    """
    if isinstance(value, str):
        value = "".join(value.split()).replace(",", ".")
        if not value or value[-1] not in "0123456789.":
            return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None


class _Memo(dict):
    """A dictionary that asks `compute` once for each key it misses."""

    def __init__(self, compute: Callable) -> None:
        super().__init__()
        self.compute = compute

    def __missing__(self, key):
        answer = self[key] = self.compute(key)
        return answer


def read_by_value(column: np.ndarray | Coded, compute: Callable, dtype) -> np.ndarray:
    """Return `compute` of each object of the column, asked once per distinct value."""
    if isinstance(column, Coded):
        answers = np.empty(len(column.distinct), dtype=dtype)
        answers[:] = [compute(value) for value in column.distinct]
        return answers[column.index]
    values = column.tolist()
    if bool in set(map(type, values)):
        # A dictionary takes True and 1 for the same key.
        memo = _Memo(lambda key: compute(key[0]))
        values = [(value, type(value)) for value in values]
    else:
        memo = _Memo(compute)
    result = np.empty(len(values), dtype=dtype)
    result[:] = list(map(memo.__getitem__, values))
    return result


@dataclass(frozen=True)
class Feature:
    """How the values of one feature are grouped.

    Codes: one per interval of numbers, then one per known text, then `other` (rare or
    unknown texts), then `missing`.

    :param edges: limits between the intervals, ascending; None when there are none
    :param levels: the texts that have a code of their own
    """

    name: str
    edges: tuple[float, ...] | None
    levels: tuple[str, ...] = ()

    @property
    def bins(self) -> int:
        return 0 if self.edges is None else len(self.edges) + 1

    @property
    def other(self) -> int:
        return self.bins + len(self.levels)

    @property
    def missing(self) -> int:
        return self.other + 1

    @property
    def size(self) -> int:
        return self.other + 2

    @cached_property
    def _level_codes(self) -> dict[str, int]:
        return {level: self.bins + rank for rank, level in enumerate(self.levels)}

    @cached_property
    def _edges(self) -> np.ndarray:
        return np.array(self.edges or (), dtype=np.float64)

    def code_of(self, value: Value) -> int:
        """Return the code of one value."""
        key = text_key(value)
        if key is None:
            return self.missing
        if self.edges is not None:
            number = read_number(value)
            if number is not None:
                return int(np.searchsorted(self._edges, number, side="right"))
        return self._level_codes.get(key, self.other)

    def numbers(self, column: np.ndarray) -> np.ndarray:
        """Return the column as numbers, NaN for whatever is none."""
        if column.dtype != object:
            return column
        return read_by_value(column, _number_or_nan, np.float64)

    def codes(self, column: np.ndarray) -> np.ndarray:
        """Return the code of each value of a column."""
        if column.dtype == object:
            return read_by_value(column, self.code_of, np.int32)
        if self.edges is None:
            column = column.astype(object)
            return read_by_value(column, self.code_of, np.int32)
        codes = np.searchsorted(self._edges, column, side="right").astype(np.int32)
        codes[np.isnan(column)] = self.missing
        return codes

    def to_json(self) -> dict:
        """Return the feature as plain JSON values."""
        edges = None if self.edges is None else list(self.edges)
        return {"name": self.name, "edges": edges, "levels": list(self.levels)}

    @classmethod
    def from_json(cls, stored: Mapping) -> "Feature":
        """Return the feature that `to_json` wrote."""
        edges = stored["edges"]
        return cls(
            stored["name"],
            None if edges is None else tuple(edges),
            tuple(stored["levels"]),
        )


def _number_or_nan(value: Value) -> float:
    number = read_number(value)
    return np.nan if number is None else number


def learn_feature(name: str, column: np.ndarray) -> Feature | None:
    """Return how to group a column's values, None when it tells nothing.

    A column that is missing everywhere, or the same everywhere, tells nothing.
    """
    count = len(column)
    if column.dtype != object:
        filled = column[~np.isnan(column)]
        texts: list[str] = []
        is_number = True
    else:
        keys = read_by_value(column, text_key, object)
        known = keys != np.array(None)
        numbers = read_by_value(column[known], _number_or_nan, np.float64)
        readable = ~np.isnan(numbers)
        has_bool = bool in set(map(type, values_of(column)))
        is_number = (
            not has_bool and readable.mean() >= NUMBER_SHARE if len(numbers) else False
        )
        filled = numbers[readable] if is_number else numbers[:0]
        texts = (keys[known][~readable] if is_number else keys[known]).tolist()
    levels = common_levels(texts, count)
    edges = cut_numbers(filled, count) if is_number and len(filled) else None
    feature = Feature(name, edges, levels)
    used = np.unique(feature.codes(column))
    return feature if len(used) > 1 else None


def common_levels(texts: Iterable[str], count: int) -> tuple[str, ...]:
    """Return the texts that occur often enough to be judged alone, commonest first."""
    found, counts = np.unique(np.array(list(texts), dtype=object), return_counts=True)
    least = max(3.0, 0.0004 * count)
    order = np.lexsort((found, -counts))[:MOST_LEVELS]
    return tuple(str(found[rank]) for rank in order if counts[rank] >= least)


def cut_numbers(values: np.ndarray, count: int) -> tuple[float, ...]:
    """Return limits between intervals of about equal frequency.

    A number that is very common (0 calls, 999 for "never") gets an interval of its
    own, and the rest is cut as if it were not there.
    """
    found, counts = np.unique(values, return_counts=True)
    bins = int(np.clip(np.sqrt(count) / 4, 4, MOST_BINS))
    if len(found) <= bins:
        return _limits(found, range(1, len(found)))
    heavy = counts > len(values) / bins
    least = max(5.0, counts[~heavy].sum() / bins)
    cuts, total = [], 0.0
    for rank in range(len(found)):
        if rank and (heavy[rank] or heavy[rank - 1] or total >= least):
            cuts.append(rank)
            total = 0.0
        total += counts[rank]
    return _limits(found, cuts)


def _limits(found: np.ndarray, cuts: Iterable[int]) -> tuple[float, ...]:
    return tuple(float((found[rank - 1] + found[rank]) / 2) for rank in cuts)

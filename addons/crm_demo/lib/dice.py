"""Repeatable draws: the same seed gives the same story, on every Python, for ever."""

from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Dice:
    """The splitmix64 sequence (public domain, S. Vigna), enough for a story."""

    def __init__(self, seed: int):
        self._state = seed & _MASK

    def fraction(self) -> float:
        """Return the next number of [0, 1)."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((mixed ^ (mixed >> 31)) >> 11) / (1 << 53)

    def between(self, low: int, high: int) -> int:
        """Return an integer from ``low`` to ``high``, both included."""
        return low + int(self.fraction() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.fraction() * len(options))]

    def weighted(self, options: Sequence[T], weights: Sequence[int]) -> T:
        """Return an option as often as its weight says."""
        sums = list(accumulate(weights))
        target = self.fraction() * sums[-1]
        return next(
            option for option, sum_ in zip(options, sums, strict=True) if target < sum_
        )

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in a new order."""
        keyed = [(self.fraction(), rank) for rank in range(len(items))]
        return [items[rank] for _draw, rank in sorted(keyed)]

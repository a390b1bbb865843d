"""The group a value is in, as a short text that is kept with a reason.

`"2.5..10"` is a number from 2.5 up to 10, `"..2.5"` and `"10.."` are open on a side,
`""` is missing, `"=text"` is a value of a category, `"*"` any other value of it. A
group stays the same while its value grows older by a day, so a deal is not written
again each night for a reason that did not change.
"""

from __future__ import annotations

from dataclasses import dataclass

MISSING, OTHER = "", "*"


@dataclass(frozen=True)
class Interval:
    """From `low` (None: no limit) up to `high` (None: no limit)."""

    low: float | None
    high: float | None


def label_codes(feature) -> list[str]:
    """Return the text of each code of a feature of the trainer, in their order.

    >>> from .features import Feature
    >>> label_codes(Feature("calls", (0.5, 2.5)))
    ['..0.5', '0.5..2.5', '2.5..', '*', '']
    """
    tokens = []
    if feature.edges is not None:
        limits = [None, *feature.edges, None]
        tokens = [
            f"{_text(low)}..{_text(high)}"
            for low, high in zip(limits, limits[1:], strict=False)
        ]
    return [*tokens, *(f"={level}" for level in feature.levels), OTHER, MISSING]


def _text(limit: float | None) -> str:
    return "" if limit is None else f"{limit:.6g}"


def read_interval(token: str) -> Interval | None:
    """Return the interval of a token, None when it is none.

    >>> read_interval("..0.5"), read_interval("=12")
    (Interval(low=None, high=0.5), None)
    """
    if token.startswith("=") or ".." not in token:
        return None
    low, high = token.split("..", 1)
    return Interval(float(low) if low else None, float(high) if high else None)


def read_value(token: str) -> str | None:
    """Return the value of a category, None when it is none.

    >>> read_value("=12"), read_value("*")
    ('12', None)
    """
    return token[1:] if token.startswith("=") else None


def round_counts(interval: Interval) -> tuple[int | None, int | None]:
    """Return the whole numbers an interval holds, first and last.

    >>> round_counts(Interval(0.5, 3.5)), round_counts(Interval(None, 0.5))
    ((1, 3), (None, 0))
    """
    low = None if interval.low is None else _ceil(interval.low)
    high = None if interval.high is None else _ceil(interval.high) - 1
    return low, high


def _ceil(number: float) -> int:
    whole = int(number)
    return whole if whole == number else whole + 1 if number > 0 else whole

"""Why a lead has its score, and what would raise it.

A reason is a share of the log-odds: the average lead's log-odds and all contributions
of a lead sum to the lead's own log-odds, exactly, whichever kind the model is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .examples import Table, Value, as_column
from .scoring import Scorer, sigmoid

# The name under which the stage of a lead gives its reason.
STAGE = "stage"
LEAST = 1e-9


@dataclass(frozen=True)
class Reason:
    """One fact and what it does to the log-odds.

    :param feature: name of the feature, or "stage"
    :param value: what the lead has, None when missing
    :param value_label: the value as a short text, empty when missing
    :param contribution: log-odds against the average lead; positive is for the lead
    """

    feature: str
    value: Value
    value_label: str
    contribution: float


@dataclass(frozen=True)
class Change:
    """One change of one fact, and what the lead's probability would be then."""

    feature: str
    value: Value
    value_label: str
    probability: float
    gain: float


def value_label(value: Value) -> str:
    """Return a value as a short text.

    >>> value_label(3.0), value_label(None), value_label(True), value_label("Paris")
    ('3', '', 'true', 'Paris')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return f"{value:.10g}"
    return str(value)


def explain(scorer: Scorer, table: Table, top: int | None = 5) -> list[list[Reason]]:
    """Return the strongest reasons of each lead, for and against, strongest first.

    :param top: at most so many for and so many against; None returns every reason
    """
    names, matrix = scorer.contributions(table)
    columns = {name: _values(table, name) for name in names}
    return [
        _strongest(
            [
                Reason(
                    name,
                    columns[name][row],
                    value_label(columns[name][row]),
                    float(matrix[row, place]),
                )
                for place, name in enumerate(names)
                if abs(matrix[row, place]) > LEAST
            ],
            top,
        )
        for row in range(len(table))
    ]


def _values(table: Table, name: str) -> list[Value]:
    """Return a feature's values as plain Python values."""
    column = table.stages if name == STAGE else table.column(name)
    return [None if v is None or v != v else v for v in column.tolist()]


def _strongest(reasons: list[Reason], top: int | None) -> list[Reason]:
    """Return the strongest reasons of both directions, strongest first."""
    reasons = sorted(reasons, key=lambda r: (-abs(r.contribution), r.feature))
    if top is None:
        return reasons
    left = {True: top, False: top}
    kept = []
    for reason in reasons:
        is_for = reason.contribution > 0
        if left[is_for]:
            left[is_for] -= 1
            kept.append(reason)
    return kept


def what_would_raise(
    scorer: Scorer,
    table: Table,
    allowed: Mapping[str, Sequence[Value]],
    *,
    row: int = 0,
    top: int = 5,
) -> list[Change]:
    """Return the best single changes of one lead, at most one per feature.

    :param allowed: features somebody can act on, each with the values it could get
    :param row: which lead of the table
    """
    single = table.take(np.array([row]))
    before = float(scorer.score(single)[0])
    changes = []
    for name, values in allowed.items():
        tried = [value for value in values if value is not None]
        if not tried:
            continue
        many = table.take(np.full(len(tried), row))
        many.columns[name] = as_column(tried)
        after = sigmoid(scorer.logits(many))
        best = int(np.argmax(after))
        if after[best] > before + 1e-6:
            chance = float(after[best])
            changes.append(
                Change(
                    name, tried[best], value_label(tried[best]), chance, chance - before
                )
            )
    return sorted(changes, key=lambda c: (-c.gain, c.feature))[:top]

"""What would raise the score of a lead: each possible change is scored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .scoring import Scorer
from .table import Table, Value, as_column

LEAST_GAIN = 1e-6


@dataclass(frozen=True)
class Change:
    """One change of one fact, and what the lead's probability would be then."""

    feature: str
    value: Value
    probability: float
    gain: float


def what_would_raise(
    scorer: Scorer,
    lead: Table,
    allowed: Mapping[str, Sequence[Value]],
    top: int = 5,
) -> list[Change]:
    """Return the best single changes of one lead, at most one per feature.

    :param lead: a table of one row
    :param allowed: features somebody can act on, each with the values it could get
    """
    before = float(scorer.score(lead)[0])
    changes = []
    for name, values in allowed.items():
        if not values:
            continue
        tried = lead.take(np.zeros(len(values), dtype=int))
        tried.columns[name] = as_column(values)
        after = scorer.score(tried)
        best = int(np.argmax(after))
        gain = float(after[best]) - before
        if gain > LEAST_GAIN:
            changes.append(Change(name, values[best], before + gain, gain))
    return sorted(changes, key=lambda change: (-change.gain, change.feature))[:top]

"""What the stage of an open lead tells, learnt without looking into the future.

Closed leads show where they ended: won ones in the stage of won leads, which would
betray the outcome. What counts is who reached a stage: won leads reached all of them,
lost ones those up to where they were lost. The odds of a lead are multiplied by how
much rarer it is for a lost lead to come as far.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

import numpy as np

from .table import Table

# Leads added to each side, so that a stage nobody was lost in stays believable.
SMOOTHING = 2.0
# A stage that was recorded on closed leads differs from the final one this often.
SNAPSHOT_SHARE = 0.05
PAIRS = 10


def is_snapshot(table: Table) -> bool:
    """Tell whether the closed leads' `stage` is where they were before they closed.

    It is not when it is absent, always the final stage, or when some stage holds won
    leads only and nearly all of them (the stage of won leads).
    """
    known = table.stages != np.array(None)
    if known.mean() < 0.5:
        return False
    final = table.stages_closed != np.array(None)
    both = known & final
    if both.sum() >= 20:
        same = (table.stages[both] == table.stages_closed[both]).mean()
        if same > 1 - SNAPSHOT_SHARE:
            return False
    won = table.outcomes[known] == 1
    names = table.stages[known].astype(str)
    for name in np.unique(names[won]):
        here = names == name
        if won[here].all() and won[here].sum() > 0.9 * won.sum() and not won.all():
            return False
    return True


def final_stages(table: Table) -> np.ndarray:
    """Return where closed leads ended; their `stage` where nothing else is told."""
    if (table.stages_closed != np.array(None)).any() or is_snapshot(table):
        return table.stages_closed
    return table.stages


def order_stages(table: Table, order: Sequence[str] | None = None) -> list[str]:
    """Return the stages in which leads were lost, from the first to the last.

    The caller's order counts most, then numbers at the start of all names. Without
    either, the order is read from leads that were seen in one stage and closed in
    another, then from how long lost leads had lived.
    """
    lost = (table.outcomes == 0) & (table.stages_closed != np.array(None))
    names = sorted(set(table.stages_closed[lost].tolist()))
    if order is not None:
        known = [name for name in order if name in set(names)]
        return known + [name for name in names if name not in set(known)]
    numbers = [_leading_number(name) for name in names]
    if None not in numbers and len(set(numbers)) == len(names):
        return sorted(names, key=_leading_number)
    later = _seen_later(table)
    ages = {name: _age(table, lost, name) for name in names}
    return sorted(names, key=lambda name: (later.get(name, 0.5), ages[name], name))


def _leading_number(name: str) -> int | None:
    """Return the number a stage's name begins with.

    >>> _leading_number("2. Devis"), _leading_number("Devis")
    (2, None)
    """
    digits = "".join(takewhile(str.isdigit, name.strip()))
    return int(digits) if digits else None


def _seen_later(table: Table) -> dict[str, float]:
    """Return how often a stage came second when a lead was seen in two."""
    both = (table.stages != np.array(None)) & (table.stages_closed != np.array(None))
    both &= (table.stages != table.stages_closed) & (table.outcomes == 0)
    first, second = table.stages[both].tolist(), table.stages_closed[both].tolist()
    found: dict[str, list[int]] = {}
    for one, two in zip(first, second, strict=True):
        found.setdefault(one, []).append(0)
        found.setdefault(two, []).append(1)
    return {
        name: float(np.mean(places))
        for name, places in found.items()
        if len(places) >= PAIRS
    }


def _age(table: Table, lost: np.ndarray, name: str) -> float:
    """Return how many days leads lost in a stage had lived, by their median."""
    here = lost & (table.stages_closed == name)
    days = table.closed[here] - table.created[here]
    days = days[~np.isnan(days)]
    return float(np.median(days)) if len(days) else 0.0


def reach_points(table: Table, order: Sequence[str] | None = None) -> dict[str, float]:
    """Return the points of each stage, zero for one that every lead reaches.

    Empty when the closed leads do not say where they were lost, or when the order of
    the stages is unknown.
    """
    table = replace(table, stages_closed=final_stages(table))
    lost = (table.outcomes == 0) & (table.stages_closed != np.array(None))
    count = int(lost.sum())
    if count < 20:
        return {}
    ordered = order_stages(table, order)
    if order is None and not _is_order_known(table, lost):
        return {}
    ended = np.array([(table.stages_closed[lost] == name).sum() for name in ordered])
    reached = ended[::-1].cumsum()[::-1]
    chances = (reached + SMOOTHING) / (count + SMOOTHING)
    points = {
        name: float(-np.log(chance))
        for name, chance in zip(ordered, chances, strict=True)
    }
    won_only = set(table.stages_closed[table.outcomes == 1].tolist()) - {None}
    best = float(-np.log(SMOOTHING / (count + SMOOTHING)))
    return points | dict.fromkeys(sorted(won_only - set(ordered)), best)


def _is_order_known(table: Table, lost: np.ndarray) -> bool:
    """Tell whether dates or pairs of stages say in which order stages come."""
    names = set(table.stages_closed[lost].tolist())
    if None not in map(_leading_number, names) or _seen_later(table):
        return True
    days = (table.closed - table.created)[lost]
    return bool((~np.isnan(days)).mean() > 0.5 and np.nanstd(days) > 0)


def stage_logits(points: Mapping[str, float], stages: np.ndarray) -> np.ndarray:
    """Return the points of each lead's stage, zero when it is unknown."""
    return np.array([points.get(stage, 0.0) for stage in stages.tolist()], dtype=float)

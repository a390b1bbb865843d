"""Who signs when: groups of signers with the same number sign in parallel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SIGNED = "signed"
# A person who handed over to somebody else has no part in the order any more.
OUT = "delegated"


@dataclass(frozen=True)
class Turn:
    """One signer in the order.

    :param key: whatever identifies the signer for the caller
    :param order: number of the group, the lowest first
    :param state: state of the signer, as stored
    """

    key: int
    order: int
    state: str


def current_group(turns: Iterable[Turn]) -> tuple[int, ...]:
    """Return the keys of those who may sign now.

    >>> current_group([Turn(7, 1, "signed"), Turn(8, 2, "waiting")])
    (8,)
    """
    waiting = [turn for turn in turns if turn.state not in (SIGNED, OUT)]
    if not waiting:
        return ()
    lowest = min(turn.order for turn in waiting)
    return tuple(turn.key for turn in waiting if turn.order == lowest)


def is_complete(turns: Iterable[Turn]) -> bool:
    """Tell whether everybody concerned has signed, and there was somebody."""
    states = [turn.state for turn in turns if turn.state != OUT]
    return bool(states) and all(state == SIGNED for state in states)


def is_ordered(orders: Iterable[int]) -> bool:
    """Tell whether somebody has to wait for somebody else."""
    return len(set(orders)) > 1

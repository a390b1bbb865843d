"""What a person or a client had done before a given moment, for many moments at once.

Nothing that happened at the moment itself or later counts, so a deal never sees its own
outcome nor those after it.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Deals:
    """All deals of a company, one element each in every array.

    :param owner: seller or client, -1 when there is none
    :param opened: instant in seconds
    :param closed: instant in seconds, NaN while it is open
    :param won: 1.0 or 0.0; read for closed deals only
    """

    owner: np.ndarray
    opened: np.ndarray
    closed: np.ndarray
    won: np.ndarray


@dataclass(frozen=True)
class Record:
    """Per question: deals closed before, those won among them, deals open then."""

    closed: np.ndarray
    won: np.ndarray
    open: np.ndarray


def look_back(deals: Deals, owner: np.ndarray, moment: np.ndarray) -> Record:
    """Return what each `owner` had behind him at his `moment` (both one per question).

    Questions without owner (-1) get zeros. A moment is exclusive: deals closed exactly
    then do not count, and are still open.
    """
    ends = np.isfinite(deals.closed)
    closed_at = _Ledger(deals.owner[ends], deals.closed[ends], deals.won[ends])
    opened_at = _Ledger(deals.owner, deals.opened, np.zeros(len(deals.owner)))
    closed, won = closed_at.before(owner, moment)
    opened, _none = opened_at.before(owner, moment)
    return Record(closed, won, np.maximum(opened - closed, 0.0))


def smooth_rate(
    won: np.ndarray, closed: np.ndarray, base: np.ndarray, strength: float = 10.0
) -> np.ndarray:
    """Return win rates pulled towards `base`, as if `strength` more deals had ended.

    With few deals the rate says little; with many the base no longer matters.
    """
    return (won + strength * base) / (closed + strength)


class _Ledger:
    """Instants and weights by owner, ordered, with running sums."""

    def __init__(self, owner: np.ndarray, at: np.ndarray, weight: np.ndarray):
        order = np.lexsort((at, owner))
        self.owner = owner[order]
        self.at = at[order]
        self.sums = np.concatenate(([0.0], np.cumsum(weight[order])))

    def before(self, owner: np.ndarray, moment: np.ndarray):
        first = np.searchsorted(self.owner, owner, side="left")
        last = self._end(owner, moment)
        nobody = owner < 0
        count = np.where(nobody, 0, last - first).astype(np.float64)
        weight = np.where(nobody, 0.0, self.sums[last] - self.sums[first])
        return count, weight

    def _end(self, owner: np.ndarray, moment: np.ndarray) -> np.ndarray:
        """Return where each owner's entries before the moment end."""
        if not len(self.owner):
            return np.zeros(len(owner), dtype=np.intp)
        # One sorted key of (owner, instant): ranks instead of instants keep it exact.
        instants = np.unique(self.at)
        size = len(instants) + 1
        owners = np.unique(self.owner)
        keys = np.searchsorted(owners, self.owner) * size + np.searchsorted(
            instants, self.at
        )
        asked = np.searchsorted(owners, owner)
        known = (asked < len(owners)) & (
            owners[np.minimum(asked, len(owners) - 1)] == owner
        )
        wanted = asked * size + np.searchsorted(instants, moment, side="left")
        ends = np.searchsorted(keys, wanted, side="left")
        return np.where(known, ends, np.searchsorted(self.owner, owner, side="left"))

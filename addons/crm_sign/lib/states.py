"""The life of a signature request, as one table.

A draft is sent, then signed by one person after another (partly signed) until the
last one (signed). It may also end without signature: refused by a signer, expired,
or cancelled by its owner. Facts may come twice, late and in any order: an ended
request never changes any more.
"""

from __future__ import annotations

from enum import Enum


class State(str, Enum):
    """Where a request is; the values are stored."""

    DRAFT = "draft"
    SENT = "sent"
    PARTIAL = "partial"
    SIGNED = "signed"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Fact(str, Enum):
    """What happened, whoever told us."""

    SENT = "sent"
    ONE_SIGNED = "one_signed"
    ALL_SIGNED = "all_signed"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


# Signers are awaited; stored values, as searches want them.
OPEN_STATES = (State.SENT.value, State.PARTIAL.value)
# Ends at which a signature comes too late.
UNSIGNED = frozenset({State.REFUSED, State.EXPIRED, State.CANCELLED})

TRANSITIONS: dict[tuple[State, Fact], State] = {
    (State.DRAFT, Fact.SENT): State.SENT,
    (State.DRAFT, Fact.CANCELLED): State.CANCELLED,
    (State.SENT, Fact.ONE_SIGNED): State.PARTIAL,
    (State.SENT, Fact.ALL_SIGNED): State.SIGNED,
    (State.SENT, Fact.REFUSED): State.REFUSED,
    (State.SENT, Fact.EXPIRED): State.EXPIRED,
    (State.SENT, Fact.CANCELLED): State.CANCELLED,
    (State.PARTIAL, Fact.ONE_SIGNED): State.PARTIAL,
    (State.PARTIAL, Fact.ALL_SIGNED): State.SIGNED,
    (State.PARTIAL, Fact.REFUSED): State.REFUSED,
    (State.PARTIAL, Fact.EXPIRED): State.EXPIRED,
    (State.PARTIAL, Fact.CANCELLED): State.CANCELLED,
}


def decide(state: str, fact: Fact) -> State | None:
    """Return the state after a fact, None when it changes nothing.

    >>> decide("sent", Fact.ALL_SIGNED).value
    'signed'
    >>> decide("signed", Fact.EXPIRED) is None
    True
    """
    return TRANSITIONS.get((State(state), fact))

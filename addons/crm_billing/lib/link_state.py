"""The life of a payment link, as one table.

A link is being created, then waits for the client. A card ends it at once (paid);
a bank debit first goes through processing and may still fail. An unpaid link
expires or is canceled. Paid money may go back (refunded in part or in full) or be
contested (disputed). Events arrive twice, late and in any order: what is true of
the money always wins, and nothing ever un-pays a link but a refund or a dispute.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(str, Enum):
    """Where a link is; the values are stored."""

    CREATING = "creating"
    WAITING = "waiting"
    PROCESSING = "processing"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELED = "canceled"
    FAILED = "failed"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"


class Fact(str, Enum):
    """What we learned, whoever told us: an event, a check, a click."""

    CREATED = "created"
    CREATION_FAILED = "creation_failed"
    PROCESSING = "processing"
    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"
    EXPIRED = "expired"
    CANCELED = "canceled"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"


UNPAID = frozenset(
    {
        State.CREATING,
        State.WAITING,
        State.PROCESSING,
        State.EXPIRED,
        State.CANCELED,
        State.FAILED,
    }
)
OPEN = frozenset({State.CREATING, State.WAITING, State.PROCESSING})
SETTLED = frozenset({State.PAID, State.PART_REFUNDED, State.REFUNDED, State.DISPUTED})


@dataclass(frozen=True)
class Rule:
    """From which states a fact moves a link, and where to."""

    sources: frozenset[State]
    target: State


# One line per fact; a state that is not among the sources ignores the fact.
RULES: dict[Fact, Rule] = {
    Fact.CREATED: Rule(frozenset({State.CREATING}), State.WAITING),
    Fact.CREATION_FAILED: Rule(frozenset({State.CREATING}), State.FAILED),
    # A client may finish the page while our own deadline or cancel is on its way.
    Fact.PROCESSING: Rule(UNPAID - {State.PROCESSING, State.FAILED}, State.PROCESSING),
    Fact.PAID: Rule(UNPAID, State.PAID),
    Fact.PAYMENT_FAILED: Rule(OPEN, State.FAILED),
    Fact.EXPIRED: Rule(frozenset({State.CREATING, State.WAITING}), State.EXPIRED),
    Fact.CANCELED: Rule(frozenset({State.CREATING, State.WAITING}), State.CANCELED),
    # Money that goes back had come in, even when we have not heard of it yet.
    Fact.PART_REFUNDED: Rule(
        UNPAID | {State.PAID, State.REFUNDED}, State.PART_REFUNDED
    ),
    Fact.REFUNDED: Rule(
        UNPAID | {State.PAID, State.PART_REFUNDED, State.DISPUTED}, State.REFUNDED
    ),
    Fact.DISPUTED: Rule(UNPAID | {State.PAID, State.PART_REFUNDED}, State.DISPUTED),
    Fact.DISPUTE_WON: Rule(frozenset({State.DISPUTED}), State.PAID),
}
# Facts that prove the money came in.
PROVE_PAYMENT = frozenset({Fact.PAID, Fact.PART_REFUNDED, Fact.REFUNDED, Fact.DISPUTED})


@dataclass(frozen=True)
class Decision:
    """What to do with a fact.

    :param state: the state to store, the present one when nothing changes
    :param is_change: whether the link moves
    :param is_payment_news: whether the payment itself must be recorded now
    """

    state: State
    is_change: bool
    is_payment_news: bool


def decide(current: State, fact: Fact) -> Decision:
    """Return what a fact does to a link.

    >>> decide(State.PAID, Fact.EXPIRED).is_change
    False
    >>> decide(State.WAITING, Fact.REFUNDED)
    Decision(state=<State.REFUNDED: 'refunded'>, is_change=True, is_payment_news=True)
    """
    rule = RULES[fact]
    if current not in rule.sources:
        return Decision(current, False, False)
    is_news = fact in PROVE_PAYMENT and current in UNPAID
    return Decision(rule.target, rule.target != current, is_news)


def refund_fact(amount_minor: int, refunded_minor: int) -> Fact | None:
    """Return the fact behind a cumulated refund; None when nothing went back.

    >>> refund_fact(1000, 400)
    <Fact.PART_REFUNDED: 'part_refunded'>
    """
    if refunded_minor <= 0:
        return None
    return Fact.REFUNDED if refunded_minor >= amount_minor else Fact.PART_REFUNDED

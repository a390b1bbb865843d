"""What Stripe says against what the books say, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

ZERO = Decimal(0)


class Kind(Enum):
    """What does not agree."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    AMOUNT = "amount"
    FEE = "fee"
    BLOCKED = "blocked"
    NO_BANK_LINE = "no_bank_line"
    BALANCE = "balance"


@dataclass(frozen=True)
class There:
    """A movement of Stripe.

    :param amount: gross, in the currency the client paid in
    :param is_ours_expected: a payment or refund, which Odoo should have
    :param known: amount of our payment, None when there is none
    :param is_waiting: it sits on the waiting account, a person must identify it
    :param is_fee_due: its fee should be in the books by now and is not
    """

    key: int
    day: date
    amount: Decimal
    currency: str
    is_ours_expected: bool
    known: Decimal | None
    known_currency: str = ""
    fee: Decimal = ZERO
    is_waiting: bool = False
    is_fee_due: bool = False


@dataclass(frozen=True)
class Here:
    """A payment of the books on this account that no movement of Stripe names."""

    key: int
    day: date
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class PayoutFacts:
    """A payout as the books have it.

    :param state: ours
    :param arrival: the day the bank should have it
    :param fee_missing: fees that no posted entry holds
    """

    key: int
    state: str
    arrival: date
    amount: Decimal
    currency: str
    fee_missing: Decimal = ZERO


@dataclass(frozen=True)
class BalanceFacts:
    """Both balances of one currency, and what explains their distance.

    :param stripe: available and pending
    :param clearing: of our clearing account
    :param on_the_way: payouts Stripe has sent and no bank line has closed
    :param to_book: of movements whose payout is not booked yet: what our books have
        of them, less what Stripe has (fees, disputes, payments nobody knows)
    :param only_here: payments Stripe does not know
    """

    currency: str
    stripe: Decimal
    clearing: Decimal
    on_the_way: Decimal = ZERO
    to_book: Decimal = ZERO
    only_here: Decimal = ZERO

    @property
    def expected(self) -> Decimal:
        """What clearing should hold."""
        return self.stripe + self.on_the_way + self.to_book + self.only_here


@dataclass(frozen=True)
class Drift:
    """One difference; `key` names it from one day to the next."""

    kind: Kind
    key: str
    there: Decimal
    here: Decimal
    currency: str

    @property
    def gap(self) -> Decimal:
        return self.here - self.there


def find_drifts(
    there: Iterable[There],
    here: Iterable[Here],
    payouts: Iterable[PayoutFacts],
    balances: Iterable[BalanceFacts],
    *,
    today: date,
    grace_days: int,
    late_days: int,
) -> list[Drift]:
    """Return every difference.

    :param grace_days: days before a payment missing on one side is a difference
    :param late_days: days after its arrival before a payout misses its bank line
    """
    ripe = today - timedelta(days=grace_days)
    drifts = [drift for row in there for drift in _compare(row, ripe)]
    drifts += [
        Drift(Kind.MISSING_THERE, f"payment:{row.key}", ZERO, row.amount, row.currency)
        for row in here
        if row.day <= ripe
    ]
    drifts += [drift for row in payouts for drift in _judge(row, today, late_days)]
    drifts += [
        Drift(
            Kind.BALANCE,
            f"balance:{row.currency}",
            row.expected,
            row.clearing,
            row.currency,
        )
        for row in balances
        if row.expected != row.clearing
    ]
    return drifts


def _compare(row: There, ripe: date) -> list[Drift]:
    found = []
    key = f"movement:{row.key}"
    if row.known is None:
        if row.is_waiting or (row.is_ours_expected and row.day <= ripe):
            found.append(Drift(Kind.MISSING_HERE, key, row.amount, ZERO, row.currency))
    elif row.known_currency == row.currency and row.known != row.amount:
        found.append(Drift(Kind.AMOUNT, key, row.amount, row.known, row.currency))
    if row.is_fee_due and row.fee:
        found.append(Drift(Kind.FEE, f"fee:{row.key}", row.fee, ZERO, row.currency))
    return found


def _judge(row: PayoutFacts, today: date, late_days: int) -> list[Drift]:
    key = f"payout:{row.key}"
    if row.state == "blocked":
        return [Drift(Kind.BLOCKED, key, row.amount, ZERO, row.currency)]
    found = []
    is_late = (today - row.arrival).days > late_days
    if is_late and row.state in ("waiting", "ready", "booked"):
        found.append(Drift(Kind.NO_BANK_LINE, key, row.amount, ZERO, row.currency))
    if row.fee_missing:
        fee = row.fee_missing
        found.append(Drift(Kind.FEE, f"fee-{key}", fee, ZERO, row.currency))
    return found

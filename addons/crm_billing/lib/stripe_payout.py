"""What Stripe says of a payout and of the movements it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

# Names of our outgoing exchanges.
CALL_PAYOUT = "stripe.payouts.read"
CALL_PAYOUTS = "stripe.payouts.list"
CALL_LINES = "stripe.payouts.lines"
CALL_LEDGER = "stripe.balance.lines"
CALL_BALANCE = "stripe.balance.read"
CALLS = frozenset({CALL_PAYOUT, CALL_PAYOUTS, CALL_LINES, CALL_LEDGER, CALL_BALANCE})

EVENT_PREFIX = "payout."
DEAD_STATUSES = frozenset({"failed", "canceled"})


class Role(Enum):
    """What a movement of Stripe's balance is for our books."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"
    FEE = "fee"
    RETURNED = "returned"
    PAYOUT = "payout"
    OTHER = "other"


# https://docs.stripe.com/reports/balance-transaction-types, read 2026-09. The list is
# open: what is not here is kept as text and booked on the waiting account.
_ROLE_BY_TYPE = {
    "charge": Role.PAYMENT,
    "payment": Role.PAYMENT,
    "refund": Role.REFUND,
    "payment_refund": Role.REFUND,
    "payment_reversal": Role.DISPUTE,
    "payment_failure_refund": Role.DISPUTE,
    "stripe_fee": Role.FEE,
    "stripe_fx_fee": Role.FEE,
    "tax_fee": Role.FEE,
    "network_cost": Role.FEE,
    "payout": Role.PAYOUT,
    "payout_failure": Role.RETURNED,
    "payout_cancel": Role.RETURNED,
}
_ROLE_BY_CATEGORY = {
    "dispute": Role.DISPUTE,
    "dispute_reversal": Role.DISPUTE_WON,
    "fee": Role.FEE,
    "network_cost": Role.FEE,
    "payout_reversal": Role.RETURNED,
}


def role_of(kind: str, category: str) -> Role:
    """Return what a movement is, from its type and its reporting category.

    >>> role_of("charge", "charge"), role_of("adjustment", "dispute")
    (<Role.PAYMENT: 'payment'>, <Role.DISPUTE: 'dispute'>)
    >>> role_of("something_new", "other_adjustment")
    <Role.OTHER: 'other'>
    """
    return _ROLE_BY_TYPE.get(kind) or _ROLE_BY_CATEGORY.get(category, Role.OTHER)


@dataclass(frozen=True)
class PayoutNews:
    """One payout; amounts are integers as Stripe counts them.

    :param is_complete: its breakdown can be read
    :param arrival_at: Unix time, the day the bank should have it
    :param trace_id: the bank's reference, empty while there is none
    """

    remote_id: str
    amount_minor: int
    currency: str
    status: str
    is_automatic: bool
    is_complete: bool
    created_at: int
    arrival_at: int
    trace_id: str = ""
    descriptor: str = ""
    failure: str = ""


def read_payout(item: dict) -> PayoutNews:
    """Read a payout.

    :raise KeyError, TypeError, ValueError: when it is not one
    """
    if item["object"] != "payout":
        raise KeyError(item["object"])
    trace = item.get("trace_id") or {}
    return PayoutNews(
        remote_id=item["id"],
        amount_minor=int(item["amount"]),
        currency=item["currency"].upper(),
        status=item["status"],
        is_automatic=bool(item.get("automatic")),
        is_complete=item.get("reconciliation_status") == "completed",
        created_at=int(item["created"]),
        arrival_at=int(item["arrival_date"]),
        trace_id=trace.get("value") or "",
        descriptor=item.get("statement_descriptor") or "",
        failure=item.get("failure_message") or item.get("failure_code") or "",
    )


@dataclass(frozen=True)
class MovementNews:
    """One balance transaction.

    :param source_id: charge, refund, dispute, payout ...
    :param payment_intent_id: of the payment behind it, when its source was unfolded
    :param metadata: of the charge: our references
    :param source_minor: in the currency the client paid in
    :param fees: (type, integer, description)
    """

    remote_id: str
    kind: str
    category: str
    role: Role
    amount_minor: int
    fee_minor: int
    net_minor: int
    currency: str
    created_at: int
    available_at: int
    description: str
    source_id: str
    payment_intent_id: str
    metadata: dict[str, str]
    source_minor: int | None
    source_currency: str
    exchange_rate: float
    fees: tuple[tuple[str, int, str], ...]


def read_movement(item: dict) -> MovementNews:
    """Read a balance transaction, its source unfolded or not.

    :raise KeyError, TypeError, ValueError: when it is not one
    """
    if item["object"] != "balance_transaction":
        raise KeyError(item["object"])
    source = item.get("source")
    unfolded = source if isinstance(source, dict) else {}
    kind, category = item["type"], item.get("reporting_category") or ""
    amount = unfolded.get("amount")
    return MovementNews(
        remote_id=item["id"],
        kind=kind,
        category=category,
        role=role_of(kind, category),
        amount_minor=int(item["amount"]),
        fee_minor=int(item["fee"]),
        net_minor=int(item["net"]),
        currency=item["currency"].upper(),
        created_at=int(item["created"]),
        available_at=int(item.get("available_on") or item["created"]),
        description=item.get("description") or "",
        source_id=unfolded.get("id") or (source if isinstance(source, str) else ""),
        payment_intent_id=unfolded.get("payment_intent") or "",
        metadata=dict(unfolded.get("metadata") or {}),
        source_minor=None if amount is None else int(amount),
        source_currency=(unfolded.get("currency") or "").upper(),
        exchange_rate=float(item.get("exchange_rate") or 0),
        fees=tuple(
            (fee.get("type") or "", int(fee["amount"]), fee.get("description") or "")
            for fee in item.get("fee_details") or ()
        ),
    )


def read_balance(item: dict) -> dict[str, tuple[int, int]]:
    """Return currency -> (available, pending) of the account.

    :raise KeyError, TypeError, ValueError: when it is not a balance
    """
    if item["object"] != "balance":
        raise KeyError(item["object"])
    sums: dict[str, list[int]] = {}
    for position, name in enumerate(("available", "pending")):
        for row in item[name]:
            pair = sums.setdefault(row["currency"].upper(), [0, 0])
            pair[position] += int(row["amount"])
    return {currency: (pair[0], pair[1]) for currency, pair in sums.items()}


@dataclass(frozen=True)
class WrongSum:
    """A payout whose figures contradict each other.

    :param remote_id: the line, empty when it is the sum of all
    """

    expected: int
    found: int
    remote_id: str = ""


def find_wrong_sum(
    amount: int, rows: list[tuple[str, int, int, int, int]]
) -> WrongSum | None:
    """Check a payout to the cent.

    :param amount: of the payout
    :param rows: (id, gross, fee, sum of the fee's details, net) of each movement
    :return: the first contradiction, None when all adds up
    """
    for remote_id, gross, fee, details, net in rows:
        if gross - fee != net:
            return WrongSum(gross - fee, net, remote_id)
        if details != fee:
            return WrongSum(fee, details, remote_id)
    total = sum(row[4] for row in rows)
    return None if total == amount else WrongSum(amount, total)

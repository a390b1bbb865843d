"""The entry of a payout: what is missing on the clearing account, against what.

Payments and refunds already sit on the clearing account at gross. The entry adds
the fees, brings over what sits elsewhere, and puts what nobody knows on a waiting
account, so that the clearing account receives the payout to the cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from .stripe_payout import Role

ZERO = Decimal(0)


class Place(Enum):
    """Where the gross amount of a movement was found or put."""

    CLEARING = "clearing"
    BROUGHT = "brought"
    DIFFERENT = "different"
    RECEIVABLE = "receivable"
    FEE = "fee"
    WAITING = "waiting"


@dataclass(frozen=True)
class Item:
    """The open journal item of a payment, or of a payout sent back.

    :param residual: in the item's currency, signed, positive when it is money in
    :param balance: the same in the company's currency
    """

    account: int
    currency: str
    residual: Decimal
    balance: Decimal
    is_clearing: bool
    can_reconcile: bool = True


@dataclass(frozen=True)
class Movement:
    """A line of the payout.

    :param fees: (kind, amount) in the payout's currency
    :param item: what our books have for it
    :param receivable: account of the client who owes again
    """

    key: int
    role: Role
    gross: Decimal
    fees: tuple[tuple[str, Decimal], ...] = ()
    item: Item | None = None
    receivable: int | None = None
    partner: int | None = None


@dataclass(frozen=True)
class Books:
    """Accounts of one company, by id."""

    clearing: int
    waiting: int
    fee: int
    exchange_gain: int
    exchange_loss: int
    currency: str


@dataclass(frozen=True)
class EntryLine:
    """One line of the entry; debit is positive.

    :param subject: fee, brought, exchange, dispute, waiting, or clearing_<subject>
    :param key: the movement it stands for, None for sums
    """

    account: int
    amount: Decimal
    currency: str
    balance: Decimal
    subject: str
    key: int | None = None
    partner: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class EntryPlan:
    """The entry, and where each movement was placed."""

    lines: tuple[EntryLine, ...]
    places: dict[int, Place]


class _Draft:
    """Collects counterparts; their sum by subject is what clearing receives."""

    def __init__(self, books: Books, currency: str, convert) -> None:
        self.books = books
        self.currency = currency
        self.convert = convert
        self.lines: list[EntryLine] = []
        self.cleared: dict[str, list[Decimal]] = {}

    def add(
        self, subject: str, account: int, amount: Decimal, balance=None, **values
    ) -> None:
        """Give `amount` (payout's currency) to clearing, against an account."""
        balance = self.convert(amount) if balance is None else balance
        self.lines.append(
            EntryLine(account, -amount, self.currency, -balance, subject, **values)
        )
        self.clear(subject, amount, balance)

    def clear(self, subject: str, amount: Decimal, balance: Decimal) -> None:
        sums = self.cleared.setdefault(subject, [ZERO, ZERO])
        sums[0] += amount
        sums[1] += balance

    def close(self) -> tuple[EntryLine, ...]:
        for subject, (amount, balance) in self.cleared.items():
            if amount or balance:
                self.lines.append(
                    EntryLine(
                        self.books.clearing,
                        amount,
                        self.currency,
                        balance,
                        f"clearing_{subject}",
                    )
                )
        return tuple(self.lines)


def plan_entry(
    movements: Iterable[Movement],
    books: Books,
    currency: str,
    convert: Callable[[Decimal], Decimal],
) -> EntryPlan:
    """Return the entry of a payout; no line at all when nothing is missing.

    :param currency: of the payout
    :param convert: payout's currency to the company's, at the payout's date
    """
    draft = _Draft(books, currency, convert)
    places: dict[int, Place] = {}
    fees: dict[str, Decimal] = {}
    for movement in movements:
        for kind, amount in movement.fees:
            fees[kind] = fees.get(kind, ZERO) + amount
        if movement.role is Role.FEE:
            fees[""] = fees.get("", ZERO) - movement.gross
            places[movement.key] = Place.FEE
        else:
            places[movement.key] = _place(draft, movement)
    for kind, amount in fees.items():
        if amount:
            draft.add("fee", books.fee, -amount, detail=kind)
    return EntryPlan(draft.close(), places)


def _place(draft: _Draft, movement: Movement) -> Place:
    is_known = movement.item is not None and movement.item.residual
    disputed = movement.role in (Role.DISPUTE, Role.DISPUTE_WON)
    if disputed and movement.receivable and not is_known:
        draft.add(
            "dispute",
            movement.receivable,
            movement.gross,
            key=movement.key,
            partner=movement.partner,
        )
        return Place.RECEIVABLE
    item = movement.item
    if item is None or not item.residual or not item.can_reconcile:
        return _wait(draft, movement, movement.gross)
    if item.is_clearing and item.currency == draft.currency:
        missing = movement.gross - item.residual
        if missing:
            _wait(draft, movement, missing)
            return Place.DIFFERENT
        return Place.CLEARING
    return _bring(draft, movement, item)


def _wait(draft: _Draft, movement: Movement, amount: Decimal) -> Place:
    draft.add(
        "waiting",
        draft.books.waiting,
        amount,
        key=movement.key,
        partner=movement.partner,
    )
    return Place.WAITING


def _bring(draft: _Draft, movement: Movement, item: Item) -> Place:
    """Empty the account where the payment sits in favour of clearing."""
    is_same = item.currency == draft.currency
    taken = item.residual if is_same else movement.gross
    balance = item.balance if is_same else draft.convert(movement.gross)
    draft.lines.append(
        EntryLine(
            item.account,
            -item.residual,
            item.currency,
            -item.balance,
            "brought",
            key=movement.key,
            partner=movement.partner,
        )
    )
    draft.clear("brought", taken, balance)
    difference = balance - item.balance
    if difference:
        books = draft.books
        account = books.exchange_gain if difference > 0 else books.exchange_loss
        draft.lines.append(
            EntryLine(
                account,
                -difference,
                books.currency,
                -difference,
                "exchange",
                key=movement.key,
            )
        )
    if movement.gross != taken:
        _wait(draft, movement, movement.gross - taken)
        return Place.DIFFERENT
    return Place.BROUGHT

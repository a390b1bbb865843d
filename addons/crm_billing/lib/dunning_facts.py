"""What the rules of reminders look at, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum


class Action(str, Enum):
    """What happens to a document today."""

    SEND = "send"
    TASK = "task"
    WAIT = "wait"
    NOTHING = "nothing"


class Reason(str, Enum):
    """Why; each one is a sentence on the screen."""

    REACHED = "reached"
    NO_ADDRESS = "no_address"
    FOR_HUMAN = "for_human"
    NO_FIGURES = "no_figures"
    NOT_YET = "not_yet"
    CLOSED_DAY = "closed_day"
    TOO_SOON = "too_soon"
    PART_PAID = "part_paid"
    BLOCKED = "blocked"
    SETTLED = "settled"
    NOT_POSTED = "not_posted"
    BEFORE_START = "before_start"
    BELOW_MINIMUM = "below_minimum"
    TIME_BARRED = "time_barred"
    COMPLETE = "complete"


class Note(str, Enum):
    """Something the reader should know beside the reason."""

    BROKEN_PROMISE = "broken_promise"
    MISSED_STEPS = "missed_steps"


@dataclass(frozen=True)
class Step:
    """One step of a policy.

    :param offset_days: after the due date, negative before it
    :param channel: mail, sms, letter or task
    :param audience: all, business or consumer
    :param is_formal: announces legal action; never on a time-barred debt
    :param needs_interest: cannot leave without the figures of late interest
    :param shows_interest: states them when they are known
    :param min_residual: left to pay below which the step is skipped
    :param quiet_days: the step waits so long after a part payment
    """

    key: int
    offset_days: int
    channel: str = "mail"
    audience: str = "all"
    is_formal: bool = False
    needs_interest: bool = False
    shows_interest: bool = False
    min_residual: Decimal = Decimal(0)
    quiet_days: int = 0

    def is_for(self, *, is_business: bool) -> bool:
        """Tell whether the step speaks to this kind of client."""
        return self.audience == "all" or (self.audience == "business") == is_business


@dataclass(frozen=True)
class Block:
    """Something that holds a document back.

    :param kind: ticket, dispute, promise, pause, exclusion, payment
    :param until: last day held back; None: until somebody lifts it
    """

    kind: str
    reason: str = ""
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether the document is still held back that day."""
        return self.until is None or day <= self.until


@dataclass(frozen=True)
class Client:
    """Whom the message goes to.

    :param last_on: day of the last message of any step, by any document
    """

    key: int
    is_business: bool = True
    has_mail: bool = True
    has_phone: bool = True
    has_postal_address: bool = True
    last_on: date | None = None


@dataclass(frozen=True)
class Item:
    """One thing due: an invoice, one of its due dates, or an instalment.

    :param residual: left to pay, in the document's currency
    :param residual_company: the same as it stands in the books; no rate of the day is
        ever needed
    :param last_paid_on: day of the last part payment
    :param recorded: offsets in days of the steps already recorded for it
    :param recorded_keys: keys of those steps
    :param barred_from: first day the debt is time-barred
    :param figures_trouble: why interest cannot be computed, empty when it can
    """

    key: tuple
    client: Client
    date_due: date
    residual: Decimal
    residual_company: Decimal
    is_posted: bool = True
    recorded: frozenset[int] = frozenset()
    recorded_keys: frozenset[int] = frozenset()
    blocks: tuple[Block, ...] = ()
    last_paid_on: date | None = None
    barred_from: date | None = None
    promise_broken: bool = False
    figures_trouble: str = ""


@dataclass(frozen=True)
class Policy:
    """The rules of one policy.

    :param min_amount: in the company's currency
    :param gap_days: least number of days between two messages to one client
    :param date_from: invoices due earlier are left alone
    """

    steps: tuple[Step, ...]
    min_amount: Decimal = Decimal(0)
    gap_days: int = 5
    is_grouped: bool = True
    date_from: date | None = None


@dataclass(frozen=True)
class Decision:
    """What happens to one item, and why.

    :param step: the item's own step; for WAIT the one it waits for
    :param message_step: the step of the message it leaves in
    :param until: for WAIT, the first day it can leave; None: unknown
    """

    item: Item
    action: Action
    reason: Reason
    step: Step | None = None
    message_step: Step | None = None
    until: date | None = None
    block: Block | None = None
    notes: tuple[Note, ...] = ()

    @property
    def is_covered(self) -> bool:
        """Tell whether the item leaves in the message of a higher step."""
        return self.message_step is not None and self.message_step != self.step


@dataclass
class Message:
    """One message to one client: the items oldest first."""

    client: Client
    action: Action
    reason: Reason
    step: Step
    decisions: list[Decision] = field(default_factory=list)

"""Decisions of the exchange engine: states, leases, retries, the circuit breaker.

Nothing here reads a clock or draws a number: `now` and `rand` are given. Instants
may be naive or aware as long as they are all UTC and all of the same kind.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from odoo.addons.crm_base.lib.errors import (
    AuthenticationError,
    ClientError,
    ConfigurationError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from odoo.addons.crm_base.lib.retry import (
    STANDARD_SCHEDULE,
    RetrySchedule,
    next_delay_seconds,
)

PENDING, DONE, FAILED, IGNORED = "pending", "done", "failed", "ignored"
INCOMING, OUTGOING = "in", "out"

# (state, what happened) -> new state. Anything absent is refused.
TRANSITIONS: dict[tuple[str, str], str] = {
    (PENDING, "succeed"): DONE,
    (PENDING, "ignore"): IGNORED,
    (PENDING, "postpone"): PENDING,
    (PENDING, "hold"): PENDING,
    (PENDING, "give_up"): FAILED,
    (PENDING, "retry"): PENDING,
    (FAILED, "retry"): PENDING,
    (FAILED, "ignore"): IGNORED,
    (FAILED, "replay"): PENDING,
    (IGNORED, "replay"): PENDING,
    (DONE, "replay"): PENDING,
}


class TransitionError(ValueError):
    """The state does not allow what was asked."""


def allows(state: str, event: str) -> bool:
    """Tell whether `event` may happen in `state`."""
    return (state, event) in TRANSITIONS


def next_state(state: str, event: str) -> str:
    """Return the state after `event`.

    >>> next_state("failed", "retry")
    'pending'
    """
    if not allows(state, event):
        raise TransitionError(f"{event} is not allowed on a {state} exchange")
    return TRANSITIONS[state, event]


@dataclass(frozen=True)
class CallResult:
    """What the partner answered to an outgoing exchange.

    :param status: HTTP status, None when the transport has none
    :param body: bytes of the answer, for the provider only (not stored)
    :param remote_id: the partner's name for what was created
    :param duration_ms: milliseconds spent on the wire (0: measured by the engine)
    """

    status: int | None = None
    body: bytes = b""
    remote_id: str | None = None
    duration_ms: int = 0


@dataclass(frozen=True)
class CheckResult:
    """What a "Test" or "Dry run" learned: one sentence, then details line by line."""

    message: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """An error reduced to what decisions and the log need."""

    code: str
    message: str
    status: int | None = None
    retry_after_seconds: float | None = None


# First match wins: subclasses before their parents.
_CODES: tuple[tuple[type[ClientError], str], ...] = (
    (AuthenticationError, "authentication"),
    (ConfigurationError, "configuration"),
    (RateLimitedError, "rate_limited"),
    (UnavailableError, "unavailable"),
    (MalformedAnswerError, "malformed"),
    (RefusedError, "refused"),
)


def describe_error(error: ClientError) -> Trouble:
    """Reduce an error of a client to its code, text, status and asked delay."""
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "refused")
    return Trouble(
        code=code,
        message=str(error),
        status=getattr(error, "status", None),
        retry_after_seconds=getattr(error, "delay_seconds", None),
    )


@dataclass(frozen=True)
class Rule:
    """What one kind of trouble does to the exchange and to its connection.

    :param event: postpone (try again on schedule), hold (stay pending, no attempt
        lost), give_up (failed, a person decides)
    :param connection: none, error (shown on the card), pause (nothing is sent
        until a test succeeds or the connection is edited), slow (after several
        in a row the whole connection waits)
    """

    event: str
    connection: str


# (direction, code) -> rule
RULES: dict[tuple[str, str], Rule] = {
    (OUTGOING, "authentication"): Rule("hold", "pause"),
    (OUTGOING, "configuration"): Rule("give_up", "error"),
    (OUTGOING, "rate_limited"): Rule("postpone", "slow"),
    (OUTGOING, "unavailable"): Rule("postpone", "slow"),
    (OUTGOING, "malformed"): Rule("give_up", "error"),
    (OUTGOING, "refused"): Rule("give_up", "error"),
    (OUTGOING, "busy"): Rule("postpone", "none"),
    (OUTGOING, "business"): Rule("give_up", "none"),
    (OUTGOING, "internal"): Rule("give_up", "none"),
    (INCOMING, "authentication"): Rule("give_up", "error"),
    (INCOMING, "configuration"): Rule("give_up", "error"),
    (INCOMING, "rate_limited"): Rule("postpone", "none"),
    (INCOMING, "unavailable"): Rule("postpone", "none"),
    (INCOMING, "malformed"): Rule("give_up", "none"),
    (INCOMING, "refused"): Rule("give_up", "none"),
    (INCOMING, "busy"): Rule("postpone", "none"),
    (INCOMING, "business"): Rule("give_up", "none"),
    (INCOMING, "internal"): Rule("give_up", "none"),
}


@dataclass(frozen=True)
class Decision:
    """What to write after a trouble."""

    event: str
    state: str
    next_attempt_at: datetime | None
    connection: str
    exhausted: bool = False


def decide(
    direction: str,
    trouble: Trouble,
    attempts_done: int,
    *,
    now: datetime,
    rand: float,
    schedule: RetrySchedule = STANDARD_SCHEDULE,
) -> Decision:
    """Decide what becomes of a pending exchange after a trouble.

    :param attempts_done: attempts made so far, this one included
    :param rand: number in [0, 1) that spreads the retries
    """
    rule = RULES[direction, trouble.code]
    if rule.event == "hold":
        return Decision("hold", PENDING, now, rule.connection)
    if rule.event == "give_up":
        return Decision("give_up", FAILED, None, rule.connection)
    delay_seconds = next_delay_seconds(
        schedule,
        attempts_done,
        rand=rand,
        retry_after_seconds=trouble.retry_after_seconds,
    )
    if delay_seconds is None:
        effect = "error" if rule.connection == "slow" else rule.connection
        return Decision("give_up", FAILED, None, effect, exhausted=True)
    at = now + timedelta(seconds=ceil(delay_seconds))
    return Decision("postpone", PENDING, at, rule.connection)


# -- leases -------------------------------------------------------------------


def lease_end(now: datetime, lease_seconds: int) -> datetime:
    """Return until when a claimed exchange belongs to its sender."""
    return now + timedelta(seconds=lease_seconds)


def lease_was_lost(lease_until: datetime | None, now: datetime) -> bool:
    """Tell whether an earlier sender claimed the row and never reported back."""
    return lease_until is not None and lease_until <= now


def result_applies(state: str, row_token: str, my_token: str, success: bool) -> bool:
    """Tell whether a result may still change its exchange.

    A success is true whoever owns the lease now: the partner has done it. A
    failure counts only for the sender that still holds the row; the newer
    attempt decides otherwise.
    """
    if state != PENDING:
        return False
    return success or row_token == my_token


# -- circuit breaker ----------------------------------------------------------

BREAKER_THRESHOLD = 5
BREAKER_FIRST_PAUSE_SECONDS = 30.0
BREAKER_LONGEST_PAUSE_SECONDS = 900.0


def breaker_pause_seconds(
    failures_in_a_row: int, retry_after_seconds: float | None = None
) -> float:
    """Return how long a whole connection rests after transient failures.

    A delay asked by the partner is obeyed at once; otherwise the pause starts
    with the fifth failure in a row and doubles up to a quarter of an hour.

    >>> [breaker_pause_seconds(n) for n in (4, 5, 6, 20)]
    [0.0, 30.0, 60.0, 900.0]
    """
    asked = max(0.0, retry_after_seconds or 0.0)
    if failures_in_a_row < BREAKER_THRESHOLD:
        return asked
    doublings = min(failures_in_a_row - BREAKER_THRESHOLD, 10)
    pause = BREAKER_FIRST_PAUSE_SECONDS * 2**doublings
    return max(asked, min(pause, BREAKER_LONGEST_PAUSE_SECONDS))


# -- retention ----------------------------------------------------------------


@dataclass(frozen=True)
class Retention:
    """Days before bodies are emptied and rows deleted; 0 keeps them for ever.

    :param failed_days: deletion of failed rows, which wait for a person
    """

    body_days: int
    row_days: int
    failed_days: int


@dataclass(frozen=True)
class RetentionLimits:
    """Instants before which something goes; None: nothing goes."""

    bodies_before: datetime | None = field(default=None)
    rows_before: datetime | None = field(default=None)
    failed_before: datetime | None = field(default=None)


def retention_limits(retention: Retention, now: datetime) -> RetentionLimits:
    """Turn days into instants. Failed rows never go before the others."""

    def before(days: int) -> datetime | None:
        return now - timedelta(days=days) if days > 0 else None

    failed_days = retention.failed_days
    if failed_days > 0 and retention.row_days > 0:
        failed_days = max(failed_days, retention.row_days)
    return RetentionLimits(
        bodies_before=before(retention.body_days),
        rows_before=before(retention.row_days),
        failed_before=before(failed_days),
    )


# -- wake-up protocol ---------------------------------------------------------

_LOCK_SPACE = 0x43524D  # "CRM": keeps our advisory locks apart from others'
_LOCK_KINDS = {"wake_in": 0, "wake_out": 1, "run_in": 2, "run_out": 3}


def advisory_key(kind: str, connection_id: int) -> int:
    """Return the PostgreSQL advisory lock number of a connection (63 bits)."""
    return (_LOCK_SPACE << 36) + (connection_id << 2) + _LOCK_KINDS[kind]

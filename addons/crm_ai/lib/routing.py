"""What the engine does after each attempt: again, the next model, or the rules."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from odoo.addons.crm_base.lib.errors import (
    AuthenticationError,
    ClientError,
    ConfigurationError,
    MalformedAnswerError,
    RateLimitedError,
    UnavailableError,
)

# A call is billed again at each try and has no idempotency key (vendor/ai-layer).
MAX_RETRIES = 2
# A person waits: a model that asks for more than this leaves its place to the next.
LONGEST_WAIT_SECONDS = 8.0
FIRST_WAIT_SECONDS = 0.5
QUOTA = "quota"
TOO_LONG = "too_long"

# Why rules answered, or a model was passed over; sentences are in models/.
Reason = Literal[
    "no_model", "rules_chosen", "budget", "not_capable", "paused", "authentication",
    "configuration", "quota", "rate_limited", "unavailable", "malformed", "refused",
    "too_long", "bad_output", "model_refused", "prompt", "cancelled", "internal",
]  # fmt: skip


@dataclass(frozen=True)
class Next:
    """What to do now.

    :param wait_seconds: before the same model is asked again; None: not again
    :param reason: why this model is given up
    """

    wait_seconds: float | None
    reason: Reason


def after_error(error: ClientError, tries_done: int, rand: float) -> Next:
    """Decide after a failed attempt.

    :param tries_done: attempts made at this model, this one included
    :param rand: in [0, 1), spreads the waits
    """
    reason = reason_of(error)
    if reason not in ("rate_limited", "unavailable") or tries_done > MAX_RETRIES:
        return Next(None, reason)
    wait = FIRST_WAIT_SECONDS * 2 ** (tries_done - 1) * (1 + rand)
    asked = getattr(error, "delay_seconds", None)
    if asked is not None:
        wait = max(asked, 0.05)
    return Next(wait if wait <= LONGEST_WAIT_SECONDS else None, reason)


def reason_of(error: ClientError) -> Reason:
    """Return the word for an error of a client."""
    if error.remote_code in (QUOTA, TOO_LONG):
        return error.remote_code
    for kind, reason in (
        (AuthenticationError, "authentication"),
        (ConfigurationError, "configuration"),
        (RateLimitedError, "rate_limited"),
        (UnavailableError, "unavailable"),
        (MalformedAnswerError, "malformed"),
    ):
        if isinstance(error, kind):
            return reason
    return "refused"


# (what the feature needs) -> capability that the connection must have
NEEDS = {"text": None, "tools": "tools", "audio": "audio"}


def edit_ratio(draft: str, sent: str) -> float:
    """Return how much of a draft was changed: 0 nothing, 1 everything.

    Words are compared, not spaces.

    >>> edit_ratio("un deux trois quatre", "un  deux trois cinq")
    0.25
    """
    left, right = draft.split(), sent.split()
    if not left and not right:
        return 0.0
    ratio = SequenceMatcher(None, left, right, autojunk=False).ratio()
    return round(1 - ratio, 4)

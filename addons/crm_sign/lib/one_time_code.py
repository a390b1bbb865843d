"""Rules of the one-time code asked before signing.

Six digits, ten minutes, one use. Five wrong ones close the door for half an hour,
whatever number of codes was sent: a new code gives no new attempts. Each further
code takes longer to get, so that a forwarded link cannot flood somebody's mailbox.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

DIGITS = 6
LIFETIME = timedelta(minutes=10)
MAX_ATTEMPTS = 5
BLOCKED_FOR = timedelta(minutes=30)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(minutes=60)
# Slow on purpose: six digits are few, should the database be read by somebody.
ROUNDS = 20_000


def make_code(random_bytes: bytes) -> str:
    """Return a code from at least 8 random bytes."""
    if len(random_bytes) < 8:
        raise ValueError("a code needs 8 random bytes")
    return str(int.from_bytes(random_bytes, "big") % 10**DIGITS).zfill(DIGITS)


def hash_code(code: str, salt: bytes) -> str:
    """Return what is stored of a code: its salt and a slow hash."""
    digest = hashlib.pbkdf2_hmac("sha256", code.encode(), salt, ROUNDS)
    return f"{salt.hex()}${digest.hex()}"


def code_matches(code: str, stored: str | None) -> bool:
    """Compare a typed code with what is stored, in constant time."""
    salt, separator, _digest = (stored or "").partition("$")
    if not separator:
        return False
    return hmac.compare_digest(hash_code(code, bytes.fromhex(salt)), stored)


def clean(typed: str | None) -> str:
    """Return the digits of what somebody typed: "123 456" is a code too."""
    return "".join(char for char in typed or "" if char in "0123456789")[:32]


@dataclass(frozen=True)
class CodeFacts:
    """What is stored about the code of a signer; instants are aware UTC.

    :param attempts: wrong codes since the last good one or the end of a block
    :param sends: codes sent since the last good one
    """

    digest: str | None = None
    expires_at: datetime | None = None
    attempts: int = 0
    blocked_until: datetime | None = None
    sent_at: datetime | None = None
    sends: int = 0


@dataclass(frozen=True)
class CodeAnswer:
    """What a typed code is worth.

    :param reason: ``ok``, ``wrong``, ``blocked``, ``expired``, ``missing``
    :param attempts: wrong codes to store
    :param blocked_until: to store
    :param left: attempts left before the block
    """

    reason: str
    attempts: int
    blocked_until: datetime | None
    left: int


def is_blocked(facts: CodeFacts, now: datetime) -> bool:
    """Tell whether the door is closed at an instant."""
    return bool(facts.blocked_until and now < facts.blocked_until)


def check_code(facts: CodeFacts, typed: str, now: datetime) -> CodeAnswer:
    """Judge a typed code."""
    if is_blocked(facts, now):
        return CodeAnswer("blocked", facts.attempts, facts.blocked_until, 0)
    # The end of a block gives the attempts back.
    attempts = 0 if facts.blocked_until else facts.attempts
    left = MAX_ATTEMPTS - attempts
    if not facts.digest:
        return CodeAnswer("missing", attempts, None, left)
    if not facts.expires_at or now >= facts.expires_at:
        return CodeAnswer("expired", attempts, None, left)
    if code_matches(clean(typed), facts.digest):
        return CodeAnswer("ok", 0, None, MAX_ATTEMPTS)
    attempts, left = attempts + 1, left - 1
    if left <= 0:
        return CodeAnswer("blocked", attempts, now + BLOCKED_FOR, 0)
    return CodeAnswer("wrong", attempts, None, left)


def wait_before_sending(facts: CodeFacts, now: datetime) -> timedelta:
    """Return how long the next code has to wait; zero when it may go now."""
    if is_blocked(facts, now):
        return facts.blocked_until - now
    if not facts.sent_at or not facts.sends:
        return timedelta()
    # 30 s, 30 s, 1 min, 2 min, 4 min ... a quarter of an hour
    wait = min(FIRST_WAIT * 2 ** max(0, min(facts.sends, 12) - 2), LONGEST_WAIT)
    return max(timedelta(), facts.sent_at + wait - now)

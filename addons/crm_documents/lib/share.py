"""Passwords and states of shared links; the clock and the dice are parameters."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

MIN_PASSWORD_LENGTH = 8
MAX_PASSWORD_LENGTH = 200
MAX_ATTEMPTS = 5
BLOCK = timedelta(minutes=30)
# 16 MB and some 50 ms per try: a list of a million words takes half a day per link.
_COST, _BLOCK_SIZE, _PARALLEL, _LENGTH = 2**14, 8, 1, 32
_SCHEME = "scrypt1"


def hash_password(password: str, salt: bytes) -> str:
    """Return what is stored for a password: scheme, salt and slow hash.

    :param salt: 16 random bytes
    :raise ValueError: too few random bytes, or a password of unreasonable length
    """
    if len(salt) < 16:
        raise ValueError("a salt needs 16 random bytes")
    if not 0 < len(password) <= MAX_PASSWORD_LENGTH:
        raise ValueError("a password has 1 to 200 characters")
    return f"{_SCHEME}${salt.hex()}${_derive(password, salt).hex()}"


def password_matches(password: str, stored: str | None) -> bool:
    """Compare in constant time; without a stored hash nothing matches."""
    parts = (stored or "").split("$")
    if len(parts) != 3 or parts[0] != _SCHEME or not password:
        return False
    if len(password) > MAX_PASSWORD_LENGTH:
        return False
    try:
        salt, expected = bytes.fromhex(parts[1]), bytes.fromhex(parts[2])
    except ValueError:
        return False
    return hmac.compare_digest(_derive(password, salt), expected)


def _derive(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=_COST, r=_BLOCK_SIZE, p=_PARALLEL, dklen=_LENGTH
    )


def browser_pass(token_hash: str, password_hash: str, share_id: int) -> str:
    """Return what an unlocked browser keeps; a new password makes it worthless."""
    facts = f"{share_id}|{token_hash}|{password_hash}"
    return hashlib.sha256(facts.encode()).hexdigest()


@dataclass(frozen=True)
class ShareFacts:
    """What decides whether a link opens; instants are aware or all naive UTC."""

    has_password: bool
    is_unlocked: bool
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    blocked_until: datetime | None = None
    has_file: bool = True


def share_state(facts: ShareFacts, now: datetime) -> str:
    """Return what the page shows: revoked, expired, gone, blocked, locked or open."""
    if facts.revoked_at is not None and facts.revoked_at <= now:
        return "revoked"
    if facts.expires_at is not None and facts.expires_at <= now:
        return "expired"
    if not facts.has_file:
        return "gone"
    if not facts.has_password or facts.is_unlocked:
        return "open"
    if facts.blocked_until is not None and now < facts.blocked_until:
        return "blocked"
    return "locked"


def after_wrong_password(attempts: int, now: datetime) -> tuple[int, datetime | None]:
    """Return (attempts kept, blocked until) after one more wrong password."""
    attempts += 1
    if attempts >= MAX_ATTEMPTS:
        return 0, now + BLOCK
    return attempts, None

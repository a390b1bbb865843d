"""Random tokens for links and webhooks: hashed at rest, scoped, expiring."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

MIN_RANDOM_BYTES = 16  # 128 bits


def make_token(random_bytes: bytes) -> str:
    """Return a token for an address: URL-safe base64 without padding.

    :param random_bytes: at least 16 bytes from ``secrets.token_bytes``
    :raise ValueError: fewer bytes
    """
    if len(random_bytes) < MIN_RANDOM_BYTES:
        raise ValueError(f"a token needs at least {MIN_RANDOM_BYTES} random bytes")
    return urlsafe_b64encode(random_bytes).rstrip(b"=").decode()


def hash_token(token: str) -> str:
    """Return what is stored instead of the token: SHA-256 in hexadecimal.

    A slow hash would protect guessable passwords; random tokens need none.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def token_matches(token: str | None, digest: str | None) -> bool:
    """Compare a token with a stored hash in constant time; empty never matches."""
    if not token or not digest:
        return False
    return hmac.compare_digest(hash_token(token).encode(), digest.encode())


@dataclass(frozen=True)
class TokenGrant:
    """What a token opens.

    :param digest: hash of the token
    :param scope: what it is for; another purpose is refused
    :param expires_at: aware instant from which it is refused, None for never
    :param revoked_at: aware instant of the revocation, None while valid
    """

    digest: str
    scope: str
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


def grant_allows(grant: TokenGrant, token: str, scope: str, now: datetime) -> bool:
    """Tell whether ``token`` opens ``scope`` at the aware instant ``now``."""
    matches = token_matches(token, grant.digest)
    return (
        matches
        and bool(scope)
        and scope == grant.scope
        and (grant.expires_at is None or now < grant.expires_at)
        and (grant.revoked_at is None or now < grant.revoked_at)
    )

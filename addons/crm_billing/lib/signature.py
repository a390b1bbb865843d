"""Stripe's webhook signature, checked over the bytes as they arrived.

https://docs.stripe.com/webhooks/signature, read 2026-09. The header reads
``t=<unix>,v1=<hex>[,v1=<hex>][,v0=...]``; the signed bytes are ``<t>.<raw body>``;
the key is the whole endpoint secret, ``whsec_`` included.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from odoo.addons.crm_integrations.lib.webhook import NO_SECRET, WebhookRefusedError


def sign(body: bytes, secret: str, timestamp: int) -> str:
    """Return the header value that ``verify`` accepts."""
    return f"t={timestamp},v1={_digest(body, secret, str(timestamp))}"


def verify(
    body: bytes,
    header: str,
    secrets: Iterable[str],
    now: float,
    tolerance_seconds: int = 300,
) -> int:
    """Check a webhook and return the time it was signed.

    Any ``v1`` may match any secret: after a secret is rolled both sign for a day.

    :param body: the raw request body, untouched
    :param header: value of ``Stripe-Signature``
    :param secrets: endpoint secrets; empty ones are dropped
    :param now: current Unix time
    :raise WebhookRefusedError: with the reason
    """
    keys = [secret for secret in secrets if secret]
    if not keys:
        raise WebhookRefusedError(NO_SECRET)
    if not header:
        raise WebhookRefusedError("no_header")
    stamp, given = _parse(header)
    # Both comparisons always run to the end: no hint from the time it takes.
    matches = [
        hmac.compare_digest(_digest(body, key, stamp).encode(), candidate.encode())
        for key in keys
        for candidate in given
    ]
    if not any(matches):
        raise WebhookRefusedError("no_match")
    if int(stamp) < now - tolerance_seconds:
        raise WebhookRefusedError("too_old")
    if int(stamp) > now + tolerance_seconds:
        raise WebhookRefusedError("in_future")
    return int(stamp)


def _parse(header: str) -> tuple[str, list[str]]:
    stamp, given = "", []
    for part in header.split(","):
        name, _equal, value = part.strip().partition("=")
        if name == "t":
            stamp = value
        elif name == "v1":
            given.append(value)
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or not given:
        raise WebhookRefusedError("bad_header")
    return stamp, given


def _digest(body: bytes, secret: str, stamp: str) -> str:
    return hmac.new(
        secret.encode(), stamp.encode() + b"." + body, hashlib.sha256
    ).hexdigest()

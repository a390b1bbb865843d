"""Yousign's webhook signature, checked over the bytes as they arrived.

https://developers.yousign.com/docs/use-webhooks-in-your-app, read 2026-09. Header
``X-Yousign-Signature-256: sha256=<hex>``, HMAC-SHA256 of the raw body with the text
of the secret as key. No time is signed: the number of the event tells repetitions.
"""

from __future__ import annotations

import hashlib
import hmac

from odoo.addons.crm_integrations.lib.webhook import NO_SECRET, WebhookRefusedError


def sign(body: bytes, secret: str) -> str:
    """Return the header value that :func:`verify` accepts."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify(body: bytes, header: str, secret: str) -> None:
    """Check a webhook.

    :param body: the raw request body, untouched
    :param header: value of ``X-Yousign-Signature-256``
    :raise WebhookRefusedError: with the reason
    """
    if not secret:
        raise WebhookRefusedError(NO_SECRET)
    if not header:
        raise WebhookRefusedError("no_header")
    good = sign(body, secret)
    if not hmac.compare_digest(good.encode(), header.strip().encode()):
        raise WebhookRefusedError("no_match")

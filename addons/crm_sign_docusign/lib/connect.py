"""Events of Connect: the signature over the bytes as they arrived, then the content.

https://developers.docusign.com/platform/webhooks/connect/hmac and
.../json-sim-event-model, read 2026-11. Each active key gives one header
``X-DocuSign-Signature-<n>``: base64 of HMAC-SHA256 over the raw body. The signature
holds no time; what an event says is a state that can only be repeated, and an event
that is too old is refused.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from odoo.addons.crm_integrations.lib.webhook import (
    NO_SECRET,
    NOT_AN_EVENT,
    WebhookRefusedError,
)

from .facts import parse_moment

MAX_KEYS = 100
HEADER = "X-DocuSign-Signature-{}"


@dataclass(frozen=True)
class Event:
    """One event.

    :param event_id: the same for each delivery of the same event
    :param summary: the envelope as it was, None when it was not included
    """

    event_id: str
    name: str
    envelope_id: str
    summary: Mapping[str, Any] | None


def split_keys(text: str) -> list[str]:
    """Return the keys that were entered, with commas or spaces between them.

    A field of one line swallows the ends of lines: commas survive it.
    """
    return [key for key in re.split(r"[\s,;]+", text) if key]


def sign(body: bytes, key: str) -> str:
    """Return the header value that `verify` accepts."""
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def signatures(headers: Mapping[str, str]) -> list[str]:
    """Return the signatures of a request, in their order."""
    names = (HEADER.format(number) for number in range(1, MAX_KEYS + 1))
    return [headers[name] for name in names if name in headers]


def verify(body: bytes, given: Iterable[str], keys: Iterable[str]) -> None:
    """Refuse a body that none of our keys has signed.

    Any signature may match any key: while keys change, old and new both sign.

    :raise WebhookRefusedError: with the reason
    """
    keys = [key for key in keys if key]
    given = list(given)
    if not keys:
        raise WebhookRefusedError(NO_SECRET)
    if not given:
        raise WebhookRefusedError("no_header")
    # All comparisons run to the end: no hint from the time it takes.
    matches = [
        hmac.compare_digest(sign(body, key).encode(), candidate.strip().encode())
        for key in keys
        for candidate in given
    ]
    if not any(matches):
        raise WebhookRefusedError("no_match")


def read_event(body: bytes, now: datetime, max_age: timedelta) -> Event:
    """Return a verified event.

    :param now: aware UTC
    :raise WebhookRefusedError: it is none, or too old
    """
    try:
        message = json.loads(body)
        name, data = message["event"], message["data"]
        envelope_id, at = data["envelopeId"], parse_moment(message["generatedDateTime"])
        recipient_id, summary = data.get("recipientId"), data.get("envelopeSummary")
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise WebhookRefusedError(NOT_AN_EVENT) from None
    texts = (name, envelope_id)
    if at is None or not all(isinstance(x, str) and x.isprintable() for x in texts):
        raise WebhookRefusedError(NOT_AN_EVENT)
    if at < now - max_age:
        raise WebhookRefusedError("too_old")
    if isinstance(summary, Mapping):
        # The id is beside the summary in some versions, inside it in others.
        summary = {"envelopeId": envelope_id, **summary}
    else:
        summary = None
    return Event(
        event_id=_event_id(
            name, envelope_id, message["generatedDateTime"], recipient_id
        ),
        name=name[:100],
        envelope_id=envelope_id.lower()[:64],
        summary=summary,
    )


def _event_id(*facts: Any) -> str:
    """Connect names no event: what happened, where and when names it.

    The body itself would not do: a repeated delivery counts its attempts in it.
    """
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

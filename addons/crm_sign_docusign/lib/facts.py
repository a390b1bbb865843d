"""What an envelope says, in our words.

The same reader serves answers to calls and events of Connect: both carry the whole
envelope. Only the state it is in counts, never the order in which news arrives.
Statuses: https://developers.docusign.com/docs/esign-rest-api/esign101/concepts/
envelopes/lifecycle, read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from odoo.addons.crm_base.lib.errors import MalformedAnswerError

DRAFT, SENT, SIGNED, REFUSED = "draft", "sent", "signed", "refused"
CANCELLED, EXPIRED, UNKNOWN = "cancelled", "expired", "unknown"
BOUNCED = "bounced"

# Status of an envelope -> (our word, field that holds its time).
ENVELOPE_STATES = {
    "created": (DRAFT, "createdDateTime"),
    "processing": (DRAFT, "statusChangedDateTime"),
    "sent": (SENT, "sentDateTime"),
    "delivered": (SENT, "sentDateTime"),
    "signed": (SENT, "sentDateTime"),
    "correct": (SENT, "sentDateTime"),
    "completed": (SIGNED, "completedDateTime"),
    "declined": (REFUSED, "declinedDateTime"),
    "voided": (CANCELLED, "voidedDateTime"),
    "deleted": (CANCELLED, "statusChangedDateTime"),
    "timedout": (EXPIRED, "statusChangedDateTime"),
}
# Status of a recipient -> (our word, field that holds its time).
SIGNER_STATES = {
    "sent": ("notified", "sentDateTime"),
    "delivered": ("opened", "deliveredDateTime"),
    "signed": ("signed", "signedDateTime"),
    "completed": ("signed", "signedDateTime"),
    "declined": ("refused", "declinedDateTime"),
    "autoresponded": (BOUNCED, "sentDateTime"),
    "faxpending": ("signed", "signedDateTime"),
}
# An envelope voided this close to its end has expired; nobody voided it.
_EXPIRY_SLACK = timedelta(minutes=5)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?")


# What a recipient went through on the way, oldest first.
_STEPS = (("notified", "sentDateTime"), ("opened", "deliveredDateTime"))


@dataclass(frozen=True)
class SignerFact:
    """Where one recipient stands.

    :param steps: (state, time) of what he went through, oldest first, the state he
        is in last; empty as long as it is not his turn
    """

    recipient_id: str
    state: str
    at: datetime | None
    steps: tuple[tuple[str, datetime | None], ...] = ()
    name: str = ""
    email: str = ""
    reason: str = ""


@dataclass(frozen=True)
class EnvelopeFacts:
    """Where an envelope stands.

    :param status: DocuSign's word, for the log
    :param reference: our custom field, empty when it was not included
    :param has_signers: whether the recipients were included at all
    """

    envelope_id: str
    status: str
    state: str
    at: datetime | None
    reference: str = ""
    reason: str = ""
    signers: tuple[SignerFact, ...] = ()
    has_signers: bool = False


def parse_moment(text: Any) -> datetime | None:
    """Return an aware UTC instant, None when the text is none.

    >>> parse_moment("2026-11-29T10:15:30.1234567Z").isoformat()
    '2026-11-29T10:15:30+00:00'
    """
    found = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    zone = found[3] if found[3] and found[3] != "Z" else "+00:00"
    try:
        return datetime.fromisoformat(found[1] + zone).astimezone(timezone.utc)
    except ValueError:
        return None


def read_envelope(data: Any, reference_field: str) -> EnvelopeFacts:
    """Return what an envelope says.

    :param data: the envelope as decoded JSON
    :raise MalformedAnswerError: it is no envelope
    """
    if not isinstance(data, Mapping):
        raise MalformedAnswerError("DocuSign's envelope is not an object")
    envelope_id, status = data.get("envelopeId"), data.get("status")
    if not (isinstance(envelope_id, str) and envelope_id and isinstance(status, str)):
        raise MalformedAnswerError("DocuSign's envelope has no id or no status")
    state, stamp = ENVELOPE_STATES.get(status.lower(), (UNKNOWN, ""))
    at = parse_moment(data.get(stamp)) or parse_moment(
        data.get("statusChangedDateTime")
    )
    if state == CANCELLED and _has_expired(data, at):
        state = EXPIRED
    signers = (data.get("recipients") or {}).get("signers")
    return EnvelopeFacts(
        envelope_id=envelope_id.lower(),
        status=status,
        state=state,
        at=at,
        reference=_reference(data, reference_field),
        reason=str(data.get("voidedReason") or ""),
        signers=tuple(_read_signer(item) for item in signers or ()),
        has_signers=signers is not None,
    )


def _has_expired(data: Mapping[str, Any], voided_at: datetime | None) -> bool:
    ends_at = parse_moment(data.get("expireDateTime"))
    if data.get("expireEnabled") != "true" or not (ends_at and voided_at):
        return False
    return voided_at >= ends_at - _EXPIRY_SLACK


def _reference(data: Mapping[str, Any], name: str) -> str:
    fields = (data.get("customFields") or {}).get("textCustomFields") or ()
    return next(
        (str(f.get("value") or "") for f in fields if f.get("name") == name), ""
    )


def _read_signer(item: Mapping[str, Any]) -> SignerFact:
    status = str(item.get("status") or "").lower()
    state, stamp = SIGNER_STATES.get(status, ("waiting", ""))
    reason = item.get("declinedReason") or item.get("autoRespondedReason") or ""
    at = parse_moment(item.get(stamp))
    before = [
        (step, moment)
        for step, name in _STEPS
        if step != state and (moment := parse_moment(item.get(name)))
    ]
    return SignerFact(
        recipient_id=str(item.get("recipientId") or ""),
        state=state,
        at=at,
        steps=(*before, (state, at)) if stamp else (),
        name=str(item.get("name") or ""),
        email=str(item.get("email") or ""),
        reason=str(reason),
    )

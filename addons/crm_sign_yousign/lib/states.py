"""What Yousign's words mean for us, as tables.

Words: https://developers.yousign.com (API v3, read 2026-09). Facts may come twice,
late and in any order: the engine of `crm_sign` takes each once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Fact(str, Enum):
    """What we learn from one word."""

    NOTHING = "nothing"
    SENT = "sent"
    NOTIFIED = "notified"
    OPENED = "opened"
    IDENTIFIED = "identified"
    SIGNED = "signed"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DONE = "done"
    TROUBLE = "trouble"


# Facts of one signer that the engine takes as they are.
PROGRESS = frozenset({Fact.NOTIFIED, Fact.OPENED, Fact.IDENTIFIED, Fact.SIGNED})

REQUEST_STATES: dict[str, Fact] = {
    "draft": Fact.NOTHING,
    "approval": Fact.SENT,
    "ongoing": Fact.SENT,
    "paused": Fact.SENT,
    "done": Fact.DONE,
    "declined": Fact.REFUSED,
    "rejected": Fact.REFUSED,
    "expired": Fact.EXPIRED,
    "canceled": Fact.CANCELLED,
    "deleted": Fact.CANCELLED,
}

SIGNER_STATES: dict[str, Fact] = {
    "initiated": Fact.NOTHING,
    "notified": Fact.NOTIFIED,
    "verified": Fact.IDENTIFIED,
    "processing": Fact.IDENTIFIED,
    "consent_given": Fact.IDENTIFIED,
    "signed": Fact.SIGNED,
    "declined": Fact.REFUSED,
    "aborted": Fact.NOTHING,
    "error": Fact.TROUBLE,
}

# Events that are worth a webhook; the others are kept in the log and ignored.
EVENTS: dict[str, Fact] = {
    "signature_request.activated": Fact.SENT,
    "signature_request.done": Fact.DONE,
    "signature_request.declined": Fact.REFUSED,
    "signature_request.rejected": Fact.REFUSED,
    "signature_request.expired": Fact.EXPIRED,
    "signature_request.canceled": Fact.CANCELLED,
    "signature_request.deleted": Fact.CANCELLED,
    "signature_request.permanently_deleted": Fact.CANCELLED,
    "signer.notified": Fact.NOTIFIED,
    "signer.link_opened": Fact.OPENED,
    "signer.done": Fact.SIGNED,
    "signer.declined": Fact.REFUSED,
    "signer.error": Fact.TROUBLE,
    "signer.notification_delivery_failed": Fact.TROUBLE,
    "signer.identification_failed": Fact.TROUBLE,
    "signer.identification_blocked": Fact.TROUBLE,
}

# What a cancellation has to do at the vendor, by the state found there.
CANCEL_BY: dict[str, str] = {
    "draft": "delete",
    "approval": "cancel",
    "ongoing": "cancel",
    "paused": "cancel",
}


def request_fact(status: str) -> Fact:
    """Return what a state of a request means; an unknown one means nothing."""
    return REQUEST_STATES.get(status, Fact.NOTHING)


def signer_fact(status: str) -> Fact:
    """Return what a state of a signer means; an unknown one means nothing."""
    return SIGNER_STATES.get(status, Fact.NOTHING)


@dataclass(frozen=True)
class Progress:
    """What already exists at the vendor.

    :param request: the request has its number there
    :param documents: keys of our documents, in order, that are not there yet
    :param signers: keys of our signers, in order, that are not there yet
    """

    request: bool
    documents: tuple[int, ...]
    signers: tuple[int, ...]


def next_step(progress: Progress) -> tuple[str, int | None]:
    """Return the next call of a sending, and the key of what it is about.

    >>> next_step(Progress(True, (), (4, 5)))
    ('signer', 4)
    """
    if not progress.request:
        return "create", None
    if progress.documents:
        return "document", progress.documents[0]
    if progress.signers:
        return "signer", progress.signers[0]
    return "activate", None

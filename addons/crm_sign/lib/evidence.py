"""The chain of evidence: canonical bytes, one hash per event, verification.

Each event of a request carries the hash of the event before. The first one carries
the hash of the reference of the request. Changing, removing, adding or moving one
event breaks the chain from there on; removing the last ones is seen against the
head and the count kept on the request.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone

EXPORT_FORMAT = "crm-sign-evidence/1"


def canonical_json(value) -> bytes:
    """Return the one way to write a value: sorted keys, no spaces, UTF-8.

    :raise TypeError: a float, which has no canonical form; send text instead

    >>> canonical_json({"b": 1, "a": "e\\u0301"})
    b'{"a":"e\\xcc\\x81","b":1}'
    """
    _refuse_floats(value)
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_fail
    )
    return text.encode()


def _refuse_floats(value) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no canonical form")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("keys are texts")
            _refuse_floats(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_floats(inner)


def _fail(value):
    raise TypeError(f"{type(value).__name__} has no canonical form")


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Event:
    """One event, exactly what its hash covers.

    :param reference: reference of the request
    :param sequence: 1 for the first event
    :param at: aware UTC instant, whole seconds
    :param kind: what happened, e.g. ``signed``
    :param actor: who did it, readable
    :param signer: name and mail of the signer concerned, empty when none is
    :param document_sha256: hash of the documents the event is about, empty or not
    :param details: more facts, JSON without floats
    :param previous_hash: hash of the event before
    """

    reference: str
    sequence: int
    at: datetime
    kind: str
    actor: str
    previous_hash: str
    signer: str = ""
    ip: str = ""
    user_agent: str = ""
    document_sha256: str = ""
    details: Mapping = field(default_factory=dict)

    def body(self) -> dict:
        """Return what is hashed, ready for JSON."""
        return {
            "reference": self.reference,
            "sequence": self.sequence,
            "at": iso_utc(self.at),
            "kind": self.kind,
            "actor": self.actor,
            "signer": self.signer,
            "ip": self.ip,
            "user_agent": self.user_agent,
            "document_sha256": self.document_sha256,
            "details": dict(self.details),
            "previous_hash": self.previous_hash,
        }

    def hash(self) -> str:
        """Return the hash of this event."""
        return sha256(canonical_json(self.body()))


def iso_utc(at: datetime) -> str:
    """Write an aware instant in UTC, to the second: ``2026-03-02T09:30:00Z``."""
    if at.tzinfo is None:
        raise ValueError("an instant without zone is no evidence")
    utc = at.astimezone(timezone.utc).replace(microsecond=0, tzinfo=None)
    return f"{utc.isoformat()}Z"


def first_link(reference: str) -> str:
    """Return what the first event of a request carries as previous hash."""
    return sha256(reference.encode())


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold.

    :param sequence: number of the event, 0 when events are missing
    :param reason: ``content``, ``link``, ``order`` or ``head``
    """

    sequence: int
    reason: str


def verify_chain(
    reference: str,
    events: Iterable[tuple[Event, str]],
    head: str | None = None,
    count: int | None = None,
) -> list[Break]:
    """Return every place where a chain does not hold; empty: intact.

    :param events: each event with the hash stored for it, in order
    :param head: hash of the last event as kept on the request, None: not checked
    :param count: number of events as kept on the request, None: not checked
    """
    breaks = []
    previous, number = first_link(reference), 0
    for number, (event, stored) in enumerate(events, start=1):
        if event.sequence != number:
            breaks.append(Break(event.sequence, "order"))
        if event.previous_hash != previous:
            breaks.append(Break(event.sequence, "link"))
        if not hmac.compare_digest(event.hash(), stored or ""):
            breaks.append(Break(event.sequence, "content"))
        previous = stored
    expected = previous if number else ""
    wrong_head = head is not None and (head or "") != expected
    if wrong_head or (count is not None and count != number):
        breaks.append(Break(0, "head"))
    return breaks


def export(
    request: Mapping, documents: list, signers: list, events: list[tuple[Event, str]]
) -> bytes:
    """Return the evidence of a request as one JSON file, verifiable without us.

    :param request: reference, name, state, company, dates, head of the chain
    :param documents: name and hashes of each document
    :param signers: who was asked, how identified, when signed
    :param events: the chain
    """
    content = {
        "format": EXPORT_FORMAT,
        "request": dict(request),
        "documents": documents,
        "signers": signers,
        "events": [{**event.body(), "hash": stored} for event, stored in events],
        "how_to_verify": (
            "hash = SHA-256 of the canonical JSON (keys sorted, no spaces, UTF-8) of"
            " an event without its hash; previous_hash = hash of the event before;"
            " the first one carries the SHA-256 of the reference"
        ),
    }
    return json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True).encode()

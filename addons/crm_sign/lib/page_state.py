"""What the signing page shows to whoever opened a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

KINDS = (
    "unknown", "cancelled", "expired", "outdated", "refused", "delegated", "done",
    "waiting_turn", "read", "code", "sign",
)  # fmt: skip
# Kinds in which the documents may be read and downloaded.
READABLE = frozenset({"read", "code", "sign", "done"})


@dataclass(frozen=True)
class PageFacts:
    """What is known when a page opens.

    :param request_state: state of the request, as stored
    :param signer_state: state of the signer, as stored
    :param is_past: the last day for signing is over
    :param is_outdated: the document has a newer version
    :param is_turn: the signer may sign now
    :param code_channel: ``mail``, ``sms`` or ``none``
    :param code_is_out: a code was sent and may still be typed
    :param is_identified: this browser typed a good code not long ago
    :param is_blocked: too many wrong codes
    :param can_delegate: handing over to somebody else is allowed
    """

    request_state: str
    signer_state: str
    is_past: bool = False
    is_outdated: bool = False
    is_turn: bool = True
    code_channel: str = "mail"
    code_is_out: bool = False
    is_identified: bool = False
    is_blocked: bool = False
    can_delegate: bool = False


@dataclass(frozen=True)
class PageState:
    """What to show.

    :param kind: one of ``KINDS``
    :param needs_code: a code is asked before signing
    :param is_identified: no code needs to be typed in this browser
    :param is_blocked: no code is accepted for the moment
    :param can_refuse: the button to refuse is shown
    :param can_delegate: the button to hand over is shown
    :param can_read: the documents are shown
    """

    kind: str
    needs_code: bool = False
    is_identified: bool = False
    is_blocked: bool = False
    can_refuse: bool = False
    can_delegate: bool = False
    can_read: bool = False


UNKNOWN = PageState("unknown")

# The first rule that holds decides.
RULES: tuple[tuple[Callable[[PageFacts], bool], str], ...] = (
    (lambda f: f.request_state == "draft", "unknown"),
    (lambda f: f.signer_state == "delegated", "delegated"),
    (lambda f: f.request_state == "signed" or f.signer_state == "signed", "done"),
    (lambda f: f.request_state == "refused", "refused"),
    (lambda f: f.request_state == "cancelled", "cancelled"),
    (lambda f: f.request_state == "expired" or f.is_past, "expired"),
    (lambda f: f.is_outdated, "outdated"),
    (lambda f: not f.is_turn, "waiting_turn"),
    (lambda f: f.is_identified, "sign"),
    (lambda f: f.code_channel != "none" and f.code_is_out, "code"),
    (lambda f: True, "read"),
)


def decide_page(facts: PageFacts | None) -> PageState:
    """Return what the page shows; no facts means an unknown link."""
    if facts is None:
        return UNKNOWN
    kind = next(kind for rule, kind in RULES if rule(facts))
    is_active = kind in ("read", "code", "sign")
    needs_code = facts.code_channel != "none"
    # Somebody who signed keeps his copy, unless the whole request was withdrawn.
    withdrawn = facts.request_state in ("refused", "cancelled", "expired")
    return PageState(
        kind=kind,
        needs_code=is_active and needs_code,
        is_identified=is_active and (facts.is_identified or not needs_code),
        is_blocked=is_active and facts.is_blocked,
        can_refuse=is_active,
        can_delegate=is_active and facts.can_delegate,
        can_read=kind in READABLE and not withdrawn,
    )

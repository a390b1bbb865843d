"""What keeps a draft from being sent; the sentences are in the models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DraftSigner:
    """A signer before the sending.

    :param email: normalized address, empty when missing or unreadable
    :param phone: anything a code by SMS can be sent to
    :param channel: ``mail``, ``sms`` or ``none``
    :param signatures: number of signature fields that are the signer's
    """

    name: str
    email: str = ""
    phone: str = ""
    channel: str = "mail"
    signatures: int = 0


@dataclass(frozen=True)
class Draft:
    """A request before the sending.

    :param channels: ways to send a code that are installed
    :param documents: names, in order
    :param outside: (document, label) of fields outside their page
    :param orphans: labels of fields of nobody
    """

    signers: Sequence[DraftSigner]
    documents: Sequence[str]
    today: date
    date_expiry: date | None = None
    channels: frozenset[str] = frozenset({"mail", "none"})
    outside: Sequence[tuple[str, str]] = ()
    orphans: Sequence[str] = ()


@dataclass(frozen=True)
class Problem:
    """One reason not to send, and whom or what it is about."""

    code: str
    subject: str = ""


def find_problems(draft: Draft) -> list[Problem]:
    """Return everything that keeps a draft from being sent, worst first."""
    problems = []
    if not draft.documents:
        problems.append(Problem("no_document"))
    if not draft.signers:
        problems.append(Problem("no_signer"))
    problems += _signer_problems(draft)
    problems += [Problem("field_of_nobody", label) for label in draft.orphans]
    problems += [
        Problem("field_outside", f"{label} ({name})") for name, label in draft.outside
    ]
    if draft.date_expiry and draft.date_expiry < draft.today:
        problems.append(Problem("expiry_past", draft.date_expiry.isoformat()))
    return problems


def _signer_problems(draft: Draft) -> list[Problem]:
    problems, seen = [], set()
    for signer in draft.signers:
        key = signer.email or (signer.name.casefold(), signer.phone)
        if key in seen:
            problems.append(Problem("same_signer", signer.email or signer.name))
        seen.add(key)
        if signer.channel not in draft.channels:
            problems.append(Problem("no_such_channel", signer.name))
        if signer.channel == "sms":
            if not signer.phone:
                problems.append(Problem("no_phone", signer.name))
        elif not signer.email:
            problems.append(Problem("no_mail", signer.name))
    return problems

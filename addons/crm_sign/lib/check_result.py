"""What the public check page answers, and how a browser proves it holds a file."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace

# Hash of a file in hexadecimal.
DIGEST_CHARS = 64


@dataclass(frozen=True)
class CheckedSignature:
    """One signature as shown.

    :param at: instant in the language and zone of the page
    :param note: how the person was identified, or who certified the instant
    :param is_ours: made with a certificate of a company of this site
    """

    name: str
    at: str
    note: str = ""
    is_ours: bool = True


@dataclass(frozen=True)
class CheckResult:
    """The answer.

    :param verdict: ``known`` (a signed file of ours, untouched), ``intact``,
        ``extended``, ``altered``, ``unsigned``, ``unreadable``, ``unknown`` (the hash
        says nothing, the file must be sent), ``reference_known``,
        ``reference_unknown``, ``empty``, ``too_many`` or ``too_large``
    :param reason: why a file is unreadable
    :param reference_match: ``yes``, ``no``, or empty when none was typed
    """

    verdict: str
    reason: str = ""
    company: str = ""
    document: str = ""
    reference: str = ""
    completed: str = ""
    signatures: tuple[CheckedSignature, ...] = ()
    is_ours: bool = False
    reference_match: str = ""

    def matched(self, typed: str, is_match: bool) -> CheckResult:
        """Return the answer with the judgement on a typed reference."""
        if not typed:
            return self
        return replace(self, reference_match="yes" if is_match else "no")


def clean_digest(text: str | None) -> str:
    """Return a SHA-256 in hexadecimal, empty when it is none.

    >>> clean_digest("AB" * 32) == "ab" * 32
    True
    """
    digest = (text or "").strip().lower()
    is_digest = len(digest) == DIGEST_CHARS and set(digest) <= set("0123456789abcdef")
    return digest if is_digest else ""


def prove_possession(challenge: str, content: bytes) -> str:
    """Return what only somebody who holds the file can compute.

    The hash of a file is written in logs and exports; it is no proof of holding the
    file. SHA-256 over a fresh challenge and the file is.
    """
    return hashlib.sha256(challenge.encode() + content).hexdigest()


def is_possession_proven(challenge: str, content: bytes, proof: str | None) -> bool:
    """Compare in constant time."""
    expected = prove_possession(challenge, content)
    return hmac.compare_digest(expected, clean_digest(proof) or "-")

"""What we ask of Yousign, as the dictionaries it expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .wording import NO_FIRST_NAME, NOTE_MAX, SUBJECT_MAX, clean_text, split_name

# our level -> (the vendor's, ways to prove who one is; the first is the default)
# https://developers.yousign.com/docs/setup-signature-security, read 2026-09
LEVELS: dict[str, tuple[str, tuple[str | None, ...]]] = {
    "simple": ("electronic_signature", ("no_otp", "otp_email", "otp_sms")),
    "advanced": ("advanced_electronic_signature", ("otp_sms",)),
    "qualified": ("qualified_electronic_signature", (None,)),
}
CHANNELS = {"none": "no_otp", "mail": "otp_email", "sms": "otp_sms"}
# Levels at which a document of identity is compared with the name.
IDENTITY_LEVELS = frozenset({"advanced", "qualified"})
AUDIT_LOCALES = ("de", "en", "es", "fr", "it", "pt", "ro")


@dataclass(frozen=True)
class RequestFacts:
    """A request to create.

    :param orders: order of each signer, in the order they are added
    :param last_day: ISO date or empty
    """

    reference: str
    name: str
    note: str
    orders: tuple[int, ...]
    last_day: str
    lang: str


@dataclass(frozen=True)
class SignerFacts:
    """A signer to add.

    :param phone: E.164 or empty
    :param channel: none, mail or sms
    :param locale: the vendor's
    :param fields: the vendor's, see `places.py`
    """

    name: str
    email: str
    phone: str
    channel: str
    level: str
    locale: str
    fields: tuple[dict, ...]


def flow_kind(orders: Sequence[int]) -> str:
    """Tell how people follow one another: parallel, one by one, or in groups.

    >>> flow_kind([1, 1]), flow_kind([1, 2]), flow_kind([1, 2, 2])
    ('parallel', 'sequence', 'groups')
    """
    different = len(set(orders))
    if different <= 1:
        return "parallel"
    return "sequence" if different == len(orders) else "groups"


def build_request(facts: RequestFacts) -> dict:
    """Return the body that creates a request; people get the vendor's mails."""
    kind = flow_kind(facts.orders)
    lang = facts.lang[:2]
    body = {
        "name": clean_text(facts.name, SUBJECT_MAX) or facts.reference,
        "delivery_mode": "email",
        "external_id": facts.reference,
        "ordered_signers": kind == "sequence",
        "timezone": "Europe/Paris",
        "signers_allowed_to_decline": True,
        "audit_trail_locale": lang if lang in AUDIT_LOCALES else "en",
    }
    if kind == "groups":
        body["custom_recipient_order"] = True
    if facts.last_day:
        body["expiration_date"] = facts.last_day
    note = clean_text(facts.note, NOTE_MAX)
    if note:
        body["email_notification"] = {"custom_note": note}
    return body


def auth_mode(level: str, channel: str) -> str | None:
    """Return how a signer proves who he is, as far as the level lets us choose."""
    modes = LEVELS[level][1]
    wanted = CHANNELS.get(channel)
    return wanted if wanted in modes else modes[0]


def needs_phone(level: str, channel: str) -> bool:
    """Tell whether a signer must have a phone number."""
    return auth_mode(level, channel) == "otp_sms"


def build_signer(
    facts: SignerFacts, placed: Sequence[tuple[int, str]], order: int, kind: str
) -> dict:
    """Return the body that adds a signer.

    :param placed: (order, vendor's id) of those added before, in order
    :param kind: see :func:`flow_kind`
    """
    first, last = split_name(facts.name)
    info = {
        "first_name": first or NO_FIRST_NAME,
        "last_name": last or NO_FIRST_NAME,
        "email": facts.email,
        "locale": facts.locale,
    }
    if facts.phone:
        info["phone_number"] = facts.phone
    body = {
        "info": info,
        "signature_level": LEVELS[facts.level][0],
        "fields": list(facts.fields),
    }
    mode = auth_mode(facts.level, facts.channel)
    if mode:
        body["signature_authentication_mode"] = mode
    return {**body, **_position(placed, order, kind)}


def _position(placed: Sequence[tuple[int, str]], order: int, kind: str) -> dict:
    if kind != "groups" or not placed:
        return {}
    same = [remote for known, remote in placed if known == order]
    if same:
        return {"group_with_id": same[0]}
    before = [remote for known, remote in placed if known < order]
    return {"insert_after_id": before[-1]} if before else {}

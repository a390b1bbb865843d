"""Removal of secrets from texts and mappings before they are logged or shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

REDACTED = "[removed]"

# Keys whose value is a secret, compared in lower case without separators.
_SECRET_KEY = re.compile(
    r"(secret|password|passwd|passphrase|authorization|cookie|signature|"
    r"apikey|accesskey|privatekey|signingkey|encryptionkey|"
    r"credential|bearer|jwt|cvc|cvv|cardnumber|iban|accountnumber)"
    r"|token$|^(pan|pin|otp|auth|key|sig)$"
)
# Same ending, but names of things and counters: useful in a log.
_NOT_SECRET_KEY = re.compile(r"(publickey|publishablekey|tokencount|tokentype)$")

# Every repetition is bounded or cannot be tried twice: hostile text stays cheap.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Stripe, Standard Webhooks, AI vendors, GitHub, Slack, ours: the prefix is kept
    (
        re.compile(
            r"\b((?:sk|rk|pk)_(?:live|test)_|whsec_|whsk_|sk-(?:proj-|ant-)?|"
            r"gh[pousr]_|xox[abprs]-|enc1:)[A-Za-z0-9_\-+/=:.]{6,}"
        ),
        rf"\1{REDACTED}",
    ),
    (
        re.compile(r"(?i)\b(bearer|basic|digest)\s+[A-Za-z0-9._~+/=\-]{6,}"),
        rf"\1 {REDACTED}",
    ),
    # JSON Web Tokens
    (re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"), REDACTED),
    # credentials inside an address
    (re.compile(r"(://)[^\s/@:]{0,256}:[^\s/@]{1,256}@"), rf"\1{REDACTED}@"),
    # name=value and "name": "value" with a telling name
    (
        re.compile(
            r"(?i)((?:secret|passw(?:or)?d|(?:api|access)[_-]?key|token|signature|"
            r"authorization|cookie)[\"']?\s{0,4}[=:]\s{0,4})(?!\[removed\])"
            r"(?:\"[^\"]*\"|'[^']*'|(?!bearer |basic |digest )[^\s&,;\"'}]+)"
        ),
        rf"\1{REDACTED}",
    ),
)
# Visa, Mastercard, Discover (16 or 19 digits), American Express (15). Not 14 digits:
# a SIRET passes the same checksum.
_CARD = re.compile(r"(?<![\w.])(?:3[47]|[2456]\d)(?:[ -]?\d){13,17}(?!\w)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")


def redact_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` without what looks like a secret.

    :param secrets: values known to be secret, removed wherever they appear
    """
    # the longest first: a secret may contain another one
    for secret in sorted({s for s in secrets if s}, key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    text = _CARD.sub(_redact_card, text)
    return _IBAN.sub(_redact_iban, text)


def redact_mapping(mapping: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return a copy of nested data whose secret values are replaced.

    Values under telling names are removed whole; other texts pass
    :func:`redact_text`.
    """
    return {
        key: REDACTED
        if value not in (None, "", False) and is_secret_key(str(key))
        else _redact_value(value)
        for key, value in mapping.items()
    }


def is_secret_key(name: str) -> bool:
    """Tell whether a field, header or parameter of that name holds a secret.

    >>> is_secret_key("X-Api-Key"), is_secret_key("token_count")
    (True, False)
    """
    compact = re.sub(r"[^a-z0-9]", "", name.lower())
    return bool(_SECRET_KEY.search(compact)) and not _NOT_SECRET_KEY.search(compact)


def _redact_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return redact_mapping(value)
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, (bytes, bytearray)):
        return REDACTED
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_redact_value(item) for item in value]
    return value


def _redact_card(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match.group())
    return f"{REDACTED}{digits[-4:]}" if _passes_luhn(digits) else match.group()


def _passes_luhn(digits: str) -> bool:
    doubled = (int(d) * 2 for d in digits[-2::-2])
    total = sum(int(d) for d in digits[-1::-2]) + sum(d - 9 * (d > 9) for d in doubled)
    return total % 10 == 0


def _redact_iban(match: re.Match[str]) -> str:
    compact = match.group().replace(" ", "")
    moved = compact[4:] + compact[:4]
    checked = int("".join(str(int(char, 36)) for char in moved)) % 97 == 1
    return f"{compact[:4]}{REDACTED}" if checked else match.group()

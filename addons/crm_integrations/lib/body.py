"""Bodies of exchanges: bytes to storable text and back, and a safe preview."""

import base64
import json
import re

from odoo.addons.crm_base.lib.redaction import redact_mapping, redact_text

UTF8, BASE64 = "utf8", "base64"
MASK = "***"
PREVIEW_MAX_CHARS = 20_000

_EMAIL = re.compile(r"\b([\w.+-])[\w.+-]*@[\w-]+(?:\.[\w-]+)+\b")
_PHONE = re.compile(r"(?<![\w.])\+?\d(?:[ .()-]?\d){8,13}(?![\w.])")
# Keys whose value names or locates a person; compared in lower case.
_PERSONAL_KEYS = frozenset(
    """
    address address1 address2 address_line1 address_line2 billing_address birthdate
    birthday city contact_name customer_name date_of_birth dob email email_address
    first_name firstname full_name fullname holder_name ip ip_address last_name
    lastname line1 line2 mobile name phone phone_number postal_code receipt_email
    shipping_address street street2 surname username zip zip_code
    """.split()
)


def encode_body(raw: bytes) -> tuple[str, str]:
    """Return (text, encoding) that PostgreSQL can store and `decode_body` undoes.

    >>> encode_body(b'{"a": 1}')
    ('{"a": 1}', 'utf8')
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return base64.b64encode(raw).decode("ascii"), BASE64
    if "\x00" in text:
        return base64.b64encode(raw).decode("ascii"), BASE64
    return text, UTF8


def decode_body(text: str, encoding: str) -> bytes:
    """Return exactly the bytes that `encode_body` was given."""
    if encoding == BASE64:
        return base64.b64decode(text)
    return text.encode("utf-8")


def mask_personal(value: object, key: str = "") -> object:
    """Mask what names or locates a person in a decoded JSON value."""
    if isinstance(value, dict):
        return {k: mask_personal(v, str(k)) for k, v in value.items()}
    if isinstance(value, list):
        return [mask_personal(item, key) for item in value]
    if isinstance(value, str):
        if key.lower() in _PERSONAL_KEYS:
            return MASK if value else value
        return mask_personal_text(value)
    return value


def mask_personal_text(text: str) -> str:
    """Mask mail addresses and telephone numbers written in a text."""
    return _PHONE.sub(MASK, _EMAIL.sub(rf"\1{MASK}", text))


def pretty(raw: bytes) -> str:
    """Return the body for a reader who may see all of it."""
    text, encoding = encode_body(raw)
    if encoding == BASE64:
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def preview(raw: bytes) -> str:
    """Return the body indented, without secrets and without personal data."""
    text, encoding = encode_body(raw)
    if encoding == BASE64:
        return f"({len(raw)} bytes)"
    try:
        value = json.loads(text)
    except ValueError:
        shown = mask_personal_text(redact_text(text))
    else:
        value = redact_mapping({"body": value})["body"]
        shown = json.dumps(mask_personal(value), indent=2, ensure_ascii=False)
    if len(shown) > PREVIEW_MAX_CHARS:
        return shown[:PREVIEW_MAX_CHARS] + "\n[...]"
    return shown

"""The reference of a request: unguessable, short enough to be typed."""

from __future__ import annotations

import re
from base64 import b32encode

RANDOM_BYTES = 10  # 80 bits, 16 characters
GROUP = 4


def make_reference(random_bytes: bytes) -> str:
    """Return a reference, e.g. ``7KQ2-M3XA-PLDE-5WTZ``.

    :param random_bytes: 10 bytes from ``secrets.token_bytes``
    """
    if len(random_bytes) != RANDOM_BYTES:
        raise ValueError(f"a reference needs {RANDOM_BYTES} random bytes")
    text = b32encode(random_bytes).decode()
    return "-".join(text[i : i + GROUP] for i in range(0, len(text), GROUP))


def clean_reference(typed: str | None) -> str:
    """Return the reference somebody typed, empty when it cannot be one.

    >>> clean_reference(" 7kq2 m3xa plde 5wtz ")
    '7KQ2-M3XA-PLDE-5WTZ'
    """
    # base32 has neither 0, 1 nor 8: what people read for O, I and B
    text = re.sub(r"[\s-]", "", (typed or "")[:64]).upper()
    text = text.translate(str.maketrans("018", "OIB"))
    if not re.fullmatch(r"[A-Z2-7]{16}", text):
        return ""
    return "-".join(text[i : i + GROUP] for i in range(0, len(text), GROUP))

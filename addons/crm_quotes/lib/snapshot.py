"""What a version of a quotation holds, as canonical text that can be hashed.

A quotation is a mapping of plain values::

    {
        "order": {"partner": {"id": 7, "text": "TechCorp"}, "note": "...", ...},
        "lines": [{"key": "line-3", "kind": "line", "name": "...", ...}, ...],
        "totals": {"untaxed": "21200.00", "tax": "4240.00", "total": "25440.00"},
    }

Numbers are texts without useless zeros, so that the same quotation always gives the
same bytes, whatever wrote it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal

# Amounts follow from the lines and the taxes.
DERIVED = ("subtotal",)


def canonical_json(value: object) -> str:
    """Return the one text that stands for ``value``: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_hex(text: str | bytes) -> str:
    """Return the SHA-256 of a text (as UTF-8) or of bytes, in hexadecimal."""
    data = text.encode() if isinstance(text, str) else text
    return hashlib.sha256(data).hexdigest()


def number_text(value: float | int | str | Decimal, decimals: int = 6) -> str:
    """Return a number as text without useless zeros.

    >>> number_text(800.0)
    '800'
    >>> number_text(0.1 + 0.2)
    '0.3'
    """
    # repr of a float is the shortest text that gives it back: no binary noise.
    exact = round(Decimal(repr(value) if isinstance(value, float) else value), decimals)
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def plain(value: object) -> object:
    """Return what makes two values the same: a record counts by its id.

    A record that was renamed since is still the same one; a list of records does not
    depend on their order.
    """
    if isinstance(value, Mapping):
        return value.get("id") or value.get("text") or None
    if isinstance(value, (list, tuple)):
        return sorted((plain(item) for item in value), key=str)
    return value or None


def fingerprint(quote: Mapping) -> str:
    """Return the SHA-256 of what the quotation says.

    Two quotations with the same fingerprint show the same lines in the same order, the
    same texts, prices, taxes and totals. Keys of lines do not count.
    """
    said = {
        "order": {name: plain(value) for name, value in quote["order"].items()},
        "lines": [
            {
                name: plain(value)
                for name, value in line.items()
                if name not in ("key", "product")
            }
            for line in quote["lines"]
        ],
        "totals": quote["totals"],
    }
    return sha256_hex(canonical_json(said))


def find_damage(content: str, sha256: str, pdf: bytes, previous: str) -> str:
    """Return what of a version no longer fits: ``content``, ``pdf``, ``chain``.

    :param content: canonical text of the version
    :param sha256: noted for it on the day it was kept
    :param pdf: the document, empty when none was kept
    :param previous: SHA-256 of the version before, empty for the first
    :return: empty when all is as it was kept
    """
    if sha256_hex(content) != sha256:
        return "content"
    kept = json.loads(content)
    if (sha256_hex(pdf) if pdf else "") != kept["pdf_sha256"]:
        return "pdf"
    if kept["previous"] != previous:
        return "chain"
    return ""

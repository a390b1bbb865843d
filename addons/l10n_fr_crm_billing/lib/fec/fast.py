"""The fast way: one regular expression recognises a line that is plainly right."""

from __future__ import annotations

import re

from .columns import CASH, SIDED, STANDARD, Layout

DAY = rb"(\d{8})"
POSITIVE = rb"([1-9]\d*,\d\d?|0,(?:[1-9]\d?|0[1-9]))"
ZERO = rb"0(?:,00?)?"


def _text(separator: bytes, first: bytes) -> bytes:
    """A filled text without quote, separator, control or leading space.

    :param first: class of the first byte; a no-break space (A0, or C2 A0) is no text
    """
    return first + rb'[^%s"\x00-\x1f|\x7f]*' % re.escape(separator)


def build_pattern(layout: Layout) -> re.Pattern[bytes] | None:
    """Return the pattern of a right line, None when the file needs the slow way.

    Groups: journal code and label, number, day, account and label, piece date,
    debit, credit (or amount and side), lettering date, validation date, sign of the
    amount in currency.
    """
    lawful = SIDED if layout.is_sided else STANDARD
    if layout.names[: len(lawful)] != lawful or set(CASH) & set(layout.names):
        return None
    sep = re.escape(layout.separator)
    text = _text(layout.separator, rb'[^%s"\x00-\x20|\x7f\xa0\xc2]' % sep)
    legible = _text(layout.separator, rb"[0-9A-Za-z\x80-\x9f\xa1-\xc1\xc3-\xff]")
    account = rb'\d{3}[^%s"\x00-\x20|\x7f]*' % sep
    if layout.is_sided:
        amounts = [POSITIVE, rb"([DC]|\+1|-1)"]
    else:
        amounts = [
            rb"(?:%(p)s%(s)s%(z)s|%(z)s%(s)s%(p)s)"
            % {b"p": POSITIVE, b"s": sep, b"z": ZERO}
        ]
    parts = [
        rb"(%s)" % text, rb"(%s)" % text, rb"(%s)" % text, DAY,
        rb"(%s)" % account, rb"(%s)" % text,
        rb"(?:%s%s%s|%s)" % (text, sep, text, sep),
        legible, DAY, legible, *amounts,
        rb"(?:%s%s%s|%s)" % (text, sep, DAY, sep),
        DAY,
        rb"(?:(-?)(?:0|[1-9]\d*)(?:,\d+)?%s[A-Z]{3}|%s)" % (sep, sep),
    ]  # fmt: skip
    extra = layout.width - len(lawful)
    parts += [rb'[^%s"\x00-\x1f|\x7f]*' % sep] * extra
    return re.compile(sep.join(parts))

"""Amounts of the file: decimal comma, no thousands separator, sign first or last."""

from __future__ import annotations

import re
from decimal import Decimal

PLAIN = re.compile(
    rb"(?P<before>[+-]?)(?P<whole>\d+)(,(?P<cents>\d*))?(?P<after>[+-]?)"
)
THOUSANDS = re.compile(
    rb"[+-]?\d{1,3}([ .\xa0]|\xc2\xa0|\xe2\x80\xaf)\d{3}.*", re.DOTALL
)


def parse_amount(raw: bytes) -> tuple[int | Decimal | None, str]:
    """Return (hundredths, case to report).

    A value that can be read although it is badly written comes with both, so that
    one bad comma does not also make the entry look unbalanced.

    >>> parse_amount(b"1200,50")
    (120050, '')
    >>> parse_amount(b"1200.50")
    (120050, 'number_point')
    """
    value = _read_plain(raw)
    if value is not None:
        digits = raw.lstrip(b"+-")
        has_zeros = len(digits) > 1 and digits[:1] == b"0" and digits[1:2].isdigit()
        return value, "number_zeros" if has_zeros else ""
    stripped = raw.strip(b" ")
    if stripped != raw:
        value = _read_plain(stripped)
        if value is not None:
            return value, "number_space"
    if THOUSANDS.fullmatch(stripped) and (b"," in stripped or b" " in stripped):
        bare = re.sub(rb"[ .\xa0\xc2\xe2\x80\xaf]", b"", stripped)
        return _read_plain(bare), "number_thousands"
    if stripped.count(b".") == 1:
        value = _read_plain(stripped.replace(b".", b","))
        return value, "number_point" if value is not None else "number_shape"
    return None, "number_shape"


def _read_plain(raw: bytes) -> int | Decimal | None:
    match = PLAIN.fullmatch(raw)
    if not match or (match["before"] and match["after"]):
        return None
    cents = match["cents"] or b""
    if len(cents) <= 2:
        value: int | Decimal = int(match["whole"] + cents.ljust(2, b"0"))
    else:
        value = Decimal(f"{match['whole'].decode()}.{cents.decode()}") * 100
    return -value if b"-" in (match["before"], match["after"]) else value


def show_amount(hundredths: int | Decimal) -> str:
    """Return hundredths as a plain decimal number with a point.

    >>> show_amount(-5)
    '-0.05'
    """
    if isinstance(hundredths, int):
        sign, value = "-" if hundredths < 0 else "", abs(hundredths)
        return f"{sign}{value // 100}.{value % 100:02d}"
    return format((hundredths / 100).normalize(), "f")

"""Bytes of a text file as text, whatever wrote them."""

from __future__ import annotations

import codecs
import re

MAX_TEXT_BYTES = 5 * 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
# cp1252 reads nearly anything: more odd characters than this is no French text
_MAX_ODD_SHARE = 0.02


class TranscriptError(Exception):
    """The file cannot be used. :param code: why, see `CODES`"""

    CODES = ("empty", "too_large", "unreadable", "wrong_type", "no_speech")

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or Windows-1252.

    Line ends become `\\n`.

    :raise TranscriptError: empty, too large, or no text at all
    """
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise TranscriptError("empty")
    if len(content) > MAX_TEXT_BYTES:
        raise TranscriptError("too_large")
    for encoding in _candidates(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise TranscriptError("unreadable")


def _candidates(content: bytes) -> tuple[str, ...]:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return (encoding,)
    zeros_even, zeros_odd = content[0:400:2].count(0), content[1:400:2].count(0)
    if zeros_odd > 8 * (zeros_even + 1):
        return ("utf-16-le",)
    if zeros_even > 8 * (zeros_odd + 1):
        return ("utf-16-be",)
    return ("utf-8", "cp1252")


def _is_text(text: str) -> bool:
    sample = text[:20_000]
    odd = len(_CONTROL.findall(sample))
    return odd <= _MAX_ODD_SHARE * len(sample)

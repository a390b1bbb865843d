"""From bytes to lines, in batches, without ever holding the file."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from contextlib import suppress

# The tax authority's checker looks for the end of line in as many bytes.
HEAD_SIZE = 4096
MAX_LINE = 1 << 20
UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class LongLineError(ValueError):
    """A line is so long that the file cannot be a FEC."""


class LineReader:
    """Cuts chunks of bytes into lines.

    :ivar wide: Python name of the UTF-16 flavour, empty for lawful encodings
    :ivar has_bom: whether the file began with the UTF-8 mark
    :ivar end: bytes that end a line
    """

    def __init__(self, chunks: Iterable[bytes]):
        self._chunks = iter(chunks)
        self._head = b""
        while len(self._head) < HEAD_SIZE:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._head += chunk
        self.wide = self._find_wide()
        self._decoder = codecs.getincrementaldecoder(self.wide or "utf-8")("replace")
        head = self._convert(self._head)
        self.has_bom = not self.wide and head.startswith(codecs.BOM_UTF8)
        self.end = self._find_end(head[:HEAD_SIZE])
        self.is_xml = head.removeprefix(codecs.BOM_UTF8).lstrip()[:5] == b"<?xml"
        self._head = head

    def _find_wide(self) -> str:
        head = self._head[:HEAD_SIZE]
        mark = UTF16.get(head[:2])
        if mark:
            return mark
        if head.count(0) * 3 < len(head) or not head:
            return ""
        return "utf-16-be" if head[:1] == b"\0" else "utf-16-le"

    def _convert(self, chunk: bytes, final: bool = False) -> bytes:
        if not self.wide:
            return chunk
        return self._decoder.decode(chunk, final).lstrip("\ufeff").encode()

    @staticmethod
    def _find_end(head: bytes) -> bytes:
        for end in (b"\r\n", b"\r", b"\n"):
            if end in head:
                return end
        return b"\n"

    def batches(self) -> Iterator[list[bytes]]:
        """Yield lists of lines without their ends.

        :raises LongLineError: when a line passes a megabyte
        """
        rest, end = b"", self.end
        chunk: bytes | None = self._head
        while chunk is not None:
            lines = (rest + chunk).split(end)
            rest = lines.pop()
            if lines:
                yield lines
            if len(rest) > MAX_LINE:
                raise LongLineError
            chunk = next(self._chunks, None)
            if chunk is not None:
                chunk = self._convert(chunk)
        rest += self._convert(b"", final=True)
        if rest:
            yield [rest]


def pick_lines(chunks: Iterable[bytes], numbers: set[int]) -> dict[int, bytes]:
    """Return the lines of these numbers (the first line of the file is 1)."""
    found: dict[int, bytes] = {}
    last, line = max(numbers, default=0), 0
    with suppress(LongLineError):
        for batch in LineReader(chunks).batches():
            wanted = [n for n in numbers if line < n <= line + len(batch)]
            found.update((n, batch[n - line - 1]) for n in wanted)
            line += len(batch)
            if line >= last:
                break
    return found

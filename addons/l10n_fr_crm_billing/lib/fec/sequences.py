"""Are the entry numbers one continuous sequence? Memory: one record per sequence.

A file may number all its entries in one sequence or each journal in its own; what
stands before the last digits (`INV/2026/`) separates sequences too. Numbers may come
out of order: what is missing so far is kept as intervals, so memory depends on the
number of holes, not of entries.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

NUMBER = re.compile(rb"(.*?)(\d{1,18})", re.DOTALL)
MAX_SEQUENCES = 50_000
MAX_HOLES = 5_000
MAX_LATE = 20


def split_number(number: bytes) -> tuple[bytes, int, int] | None:
    """Return what precedes the last digits, the number they write, its padding.

    >>> split_number(b"VE/2026/00012")
    (b'VE/2026/', 12, 5)
    """
    match = NUMBER.fullmatch(number)
    if not match:
        return None
    is_padded = match[2][:1] == b"0"
    return match[1], int(match[2]), len(match[2]) if is_padded else 0


@dataclass
class Sequence:
    """One sequence: its highest number and the holes below it.

    A hole is (first, last, line): `line` is where the number after it stands.
    """

    highest: int
    lowest: int
    holes: list[tuple[int, int, int]] = field(default_factory=list)
    late: list[tuple[int, int]] = field(default_factory=list)
    late_count: int = 0
    width: int = 0
    is_lost: bool = False

    def feed(self, number: int, line: int) -> bool:
        """Take the number of an entry; False when it has been seen before."""
        if number == self.highest + 1:
            self.highest = number
            return True
        if number > self.highest:
            self._open(self.highest + 1, number - 1, line)
            self.highest = number
            return True
        if number < self.lowest:
            if number + 1 < self.lowest:
                self._open(number + 1, self.lowest - 1, line, place=0)
            self.lowest = number
            return self._note_late(number, line)
        return self._fill(number, line)

    def _note_late(self, number: int, line: int) -> bool:
        self.late_count += 1
        if len(self.late) < MAX_LATE:
            self.late.append((number, line))
        return True

    def _open(self, first: int, last: int, line: int, place: int | None = None) -> None:
        if len(self.holes) < MAX_HOLES:
            at = len(self.holes) if place is None else place
            self.holes.insert(at, (first, last, line))
        else:
            self.is_lost = True

    def _fill(self, number: int, line: int) -> bool:
        place = bisect_right(self.holes, (number, float("inf"), 0)) - 1
        if place < 0 or self.holes[place][1] < number:
            return self.is_lost
        first, last, at = self.holes[place]
        parts = [(first, number - 1, at), (number + 1, last, at)]
        self.holes[place : place + 1] = [part for part in parts if part[0] <= part[1]]
        return self._note_late(number, line)


@dataclass
class Scope:
    """All the sequences under one reading of the file (per journal, or for all)."""

    sequences: dict[tuple[bytes, bytes], Sequence] = field(default_factory=dict)
    is_lost: bool = False

    def feed(self, journal: bytes, parts: tuple[bytes, int, int], line: int) -> bool:
        """Take the number of an entry; False when it has been seen before."""
        prefix, number, width = parts
        key = (journal, prefix)
        sequence = self.sequences.get(key)
        if sequence is not None:
            return sequence.feed(number, line)
        if len(self.sequences) < MAX_SEQUENCES:
            self.sequences[key] = Sequence(number, number, width=width)
        else:
            self.is_lost = True
        return True

    @property
    def badness(self) -> int:
        """How many holes and late numbers this reading finds."""
        found = self.sequences.values()
        return sum(len(one.holes) + one.late_count for one in found)


class Numbering:
    """Follows both readings and reports the kinder one at the end."""

    def __init__(self):
        self.by_journal = Scope()
        self.whole = Scope()
        self.no_number: dict[bytes, tuple[bytes, int]] = {}

    def feed(self, journal: bytes, number: bytes, line: int) -> bool:
        """Take a new entry; False when its journal already had this number."""
        parts = split_number(number)
        if parts is None:
            if len(self.no_number) < MAX_SEQUENCES:
                self.no_number.setdefault(journal, (number, line))
            return True
        self.whole.feed(b"", parts, line)
        return self.by_journal.feed(journal, parts, line)

    def report(self, report) -> None:
        """Add the findings of the kinder reading."""
        by_journal, whole = self.by_journal, self.whole
        scope = whole if whole.badness <= by_journal.badness else by_journal
        for (journal, prefix), sequence in scope.sequences.items():
            self._report_sequence(report, journal, prefix, sequence)
        if scope.is_lost:
            report.add("sequence_unknown", journal="")
        for journal, (number, line) in self.no_number.items():
            report.add(
                "sequence_none", line, "EcritureNum", journal=journal, number=number
            )

    @staticmethod
    def _report_sequence(report, journal, prefix, sequence) -> None:
        start, width = prefix.decode("utf-8", "replace"), sequence.width
        for first, last, line in sequence.holes:
            report.add(
                "sequence_gap", line, "EcritureNum",
                journal=journal, count=last - first + 1,
                first=f"{start}{first:0{width}d}", last=f"{start}{last:0{width}d}",
            )  # fmt: skip
        for number, line in sequence.late:
            report.add(
                "sequence_late", line, "EcritureNum",
                journal=journal, number=f"{start}{number:0{width}d}",
            )  # fmt: skip
        unseen = sequence.late_count - len(sequence.late)
        if unseen:
            report.counts["sequence_late"] += unseen
        if sequence.is_lost:
            report.add("sequence_unknown", column="EcritureNum", journal=journal)

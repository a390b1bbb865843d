"""What only several lines together can show: balance, numbers, order.

Memory: an entry is remembered while it does not balance, then forgotten. A file that
keeps entries together remembers one; a file sorted by account remembers those it
has begun, at most `MAX_OPEN` (some 200 MB), after which entries are no longer
balanced one by one (the file as a whole still is) and a warning says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from .amounts import show_amount
from .findings import Report
from .sequences import Numbering

MAX_OPEN = 500_000
MAX_LABELS = 200_000
OPENING_CODES = frozenset((b"AN", b"ANO", b"A-N", b"RAN", b"OUV", b"AN0", b"A N"))
OPENING_LABEL = re.compile(rb"nouveau|ouverture|balance initiale", re.IGNORECASE)
CENTRAL_LABEL = re.compile(rb"centralis", re.IGNORECASE)
HAS_RESULT, HAS_PROFIT = 1, 2


def is_opening(code: bytes, label: bytes) -> bool:
    """Whether a journal is the one of opening balances, by its code or its label."""
    return code.upper() in OPENING_CODES or bool(OPENING_LABEL.search(label))


@dataclass
class Running:
    """The entry whose lines are being read."""

    code: bytes = b""
    number: bytes = b""
    day: bytes = b""
    valid: bytes = b""
    line: int = 0
    debit: int | Decimal = 0
    credit: int | Decimal = 0
    flags: int = 0


class EntryBook:
    """Follows entries and journals through the file."""

    def __init__(self, report: Report, closing: bytes):
        self.report = report
        self.closing = closing
        self.numbering = Numbering()
        self.current = Running()
        self.open: dict[tuple[bytes, bytes], Running] = {}
        self.debit: int | Decimal = 0
        self.credit: int | Decimal = 0
        self.entry_count = 0
        self.last_valid = b""
        self.is_lost = False
        self.journals: dict[bytes, bytes] = {}
        self.openings: dict[bytes, bool] = {}
        self.accounts: dict[bytes, bytes] = {}
        self.has_begun = False
        self.first_day = self.last_day = b""

    def switch(self, code, number, day, valid, line) -> Running:
        """Begin another entry, or another date of the same one; return it."""
        current = self.current
        if code == current.code and number == current.number and current.line:
            if day and current.day and day != current.day:
                self._report_two_dates(current, day, line)
            current.day, current.valid = day or current.day, valid or current.valid
            self._follow_order(code, number, valid, line)
            return current
        self._suspend(current)
        found = self.open.pop((code, number), None)
        if found is None:
            found = self._begin(code, number, day, line)
        elif day and found.day and day != found.day:
            self._report_two_dates(found, day, line)
        found.day, found.valid = day or found.day, valid or found.valid
        self._follow_order(code, number, valid, line)
        self.current = found
        return found

    def _report_two_dates(self, entry, day, line) -> None:
        self.report.add(
            "entry_dates", line, "EcritureDate",
            number=entry.number, journal=entry.code, day=entry.day, other_day=day,
        )  # fmt: skip

    def _begin(self, code, number, day, line) -> Running:
        if number and not self.numbering.feed(code, number, line):
            self.report.add(
                "entry_again", line, "EcritureNum", number=number, journal=code
            )
        elif number:
            self.entry_count += 1
        if day:
            self.first_day = min(self.first_day or day, day)
            self.last_day = max(self.last_day, day)
        if self.openings.get(code):
            if self.has_begun:
                self.report.add("opening_late", line, "JournalCode", journal=code)
        else:
            self.has_begun = True
        return Running(code, number, line=line)

    def _suspend(self, entry: Running) -> None:
        """Put an entry aside; a balanced one is judged and forgotten."""
        if entry.number:
            self._judge_closing(entry)
            if entry.debit != entry.credit and len(self.open) < MAX_OPEN:
                self.open[entry.code, entry.number] = entry
                return
            self.is_lost |= entry.debit != entry.credit
        self.debit += entry.debit
        self.credit += entry.credit

    def _judge_closing(self, entry: Running) -> None:
        if entry.flags & HAS_RESULT and self.openings.get(entry.code):
            self.report.add(
                "opening_result", entry.line, "CompteNum",
                number=entry.number, journal=entry.code,
            )  # fmt: skip
            entry.flags = 0
        both = HAS_RESULT | HAS_PROFIT
        if entry.flags & both == both and entry.day == self.closing:
            self.report.add(
                "closing_entry", entry.line, "CompteNum",
                number=entry.number, journal=entry.code,
            )  # fmt: skip
            entry.flags = 0

    def _follow_order(self, code, number, valid, line) -> None:
        # Opening balances come first, whenever they became final.
        if not valid or (self.openings.get(code) and not self.has_begun):
            return
        if valid < self.last_valid:
            self.report.add(
                "valid_order", line, "ValidDate",
                number=number, journal=code, day=valid, previous=self.last_valid,
            )  # fmt: skip
        else:
            self.last_valid = valid

    def meet_journal(self, code: bytes, label: bytes, line: int) -> None:
        """Take a journal whose label differs from the last one seen."""
        known = self.journals.get(code)
        if known is None:
            if len(self.journals) < MAX_LABELS:
                self.journals[code] = label
                self.openings[code] = is_opening(code, label)
            if CENTRAL_LABEL.search(label):
                self.report.add(
                    "central_journal", line, "JournalLib", journal=code, label=label
                )
        elif known != label:
            self.report.add(
                "journal_labels", line, "JournalLib",
                journal=code, first=known, second=label,
            )  # fmt: skip

    def meet_account(self, account: bytes, label: bytes, line: int) -> None:
        """Take an account whose label differs from the last one seen."""
        known = self.accounts.get(account)
        if known is None:
            if len(self.accounts) < MAX_LABELS:
                self.accounts[account] = label
        elif known != label:
            self.report.add(
                "account_labels", line, "CompteLib",
                account=account, first=known, second=label,
            )  # fmt: skip

    def finish(self) -> None:
        """Judge what is left when the file has ended."""
        report = self.report
        self._suspend(self.current)
        for entry in self.open.values():
            self.debit += entry.debit
            self.credit += entry.credit
            report.add(
                "balance_entry", entry.line, "Debit",
                number=entry.number, journal=entry.code,
                debit=show_amount(entry.debit), credit=show_amount(entry.credit),
                difference=show_amount(entry.debit - entry.credit),
            )  # fmt: skip
        if self.is_lost:
            report.add("balance_unknown", count=MAX_OPEN)
        if self.debit != self.credit:
            report.add(
                "balance_file",
                debit=show_amount(self.debit), credit=show_amount(self.credit),
                difference=show_amount(self.debit - self.credit),
            )  # fmt: skip
        self.numbering.report(report)
        report.entry_count = self.entry_count
        report.debit, report.credit = show_amount(self.debit), show_amount(self.credit)

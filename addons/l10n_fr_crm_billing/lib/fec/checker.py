"""Reads a whole file once and writes the report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from .columns import BOM, find_separator, read_header
from .entries import HAS_PROFIT, HAS_RESULT, EntryBook
from .fast import build_pattern
from .fields import LineChecker, Period, is_ordered, missing_columns
from .findings import Options, Report
from .naming import parse_day, parse_name
from .reader import LineReader, LongLineError
from .structure_tool import StructureTool

LATIN9 = "iso8859-15"
# A financial year may be longer than twelve months (the first one), not than two.
LONGEST_YEAR_DAYS = 731
USUAL_YEAR_DAYS = 366
WINDOWS_BYTES = re.compile(rb"[\x80-\x9f]")
UTF8_IN_LATIN = re.compile(rb"[\xc2\xc3][\xa0-\xbf]")
SIDE_DEBIT = (b"D", b"+1")


class FecChecker:
    """One check of one file.

    :param filename: the name under which the file would be handed over
    :param progress: called with the number of lines after each batch
    """

    def __init__(
        self,
        filename: str,
        options: Options | None = None,
        progress: Callable[[int], None] | None = None,
    ):
        self.options = options or Options()
        self.progress = progress
        self.report = Report(filename)
        self.tool = StructureTool(self.report)
        self.line = 0
        self.row_count = 0
        self.encoding = ""
        self.good_days: set[bytes] = set()

    def run(self, chunks: Iterable[bytes]) -> Report:
        """Check the file that the chunks make up."""
        self._check_name()
        reader = LineReader(chunks)
        self._check_container(reader)
        if reader.is_xml:
            self.report.add("file_xml")
            return self.report
        try:
            self._read(reader)
        except LongLineError:
            self.report.add("line_long", self.line + 1)
        self._finish(reader)
        return self.report

    def _check_name(self) -> None:
        report = self.report
        name = parse_name(report.filename)
        report.siren = name.siren
        report.closing = self.options.closing or name.closing
        if name.trouble:
            report.add(name.trouble, siren=name.siren)
        self.tool.read_name(report.filename)

    def _check_container(self, reader: LineReader) -> None:
        if reader.wide:
            self.report.add("encoding_utf16")
            # It drops the zero bytes; what is left of the mark spoils the first name
            # and each end of line leaves an empty record.
            self.tool.kinds |= {"E", "S"}
            self.encoding = "utf-8"
        if reader.has_bom:
            self.report.add("encoding_bom")

    def _read(self, reader: LineReader) -> None:
        batches = reader.batches()
        first = next(batches, None)
        if not first:
            return
        self._open(first[0])
        self._read_batch(first[1:] if self.layout.has_header else first)
        for batch in batches:
            self._read_batch(batch)
            if self.progress:
                self.progress(self.line)

    # === The first line === #

    def _open(self, first: bytes) -> None:
        report = self.report
        first = first.removesuffix(b"\r").removesuffix(b"\n")
        separator = find_separator(first)
        if separator is None:
            is_semicolon = first.count(b";") >= 8
            report.add(
                "separator_semicolon" if is_semicolon else "separator_unknown",
                1, text=first,
            )  # fmt: skip
        self._take_encoding(first)
        names = self.encoding or "utf-8"
        used = separator or (b";" if first.count(b";") >= 8 else b"\t")
        self.layout = read_header(first, used, names)
        self.tool.read_header(first, self.layout if separator else None)
        report.separator = used.decode()
        self._check_header(first)
        period = self._make_period()
        self.slow = LineChecker(self.layout, report, period, self.good_days)
        self.book = EntryBook(report, period.last)
        self.pattern = build_pattern(self.layout)
        self.period = period
        self.line = int(self.layout.has_header)

    def _check_header(self, first: bytes) -> None:
        layout, report = self.layout, self.report
        if not layout.has_header:
            report.add("header_missing", 1, text=first.removeprefix(BOM))
            return
        for name in missing_columns(layout):
            report.add("columns_missing", 1, name, name=name)
        if not is_ordered(layout):
            report.add("columns_order", 1, text=first)
        for written, name in zip(layout.written, layout.names, strict=True):
            if name in layout.expected and written != name:
                report.add("header_spelling", 1, name, written=written, name=name)
        for name in sorted({n for n in layout.names if layout.names.count(n) > 1}):
            report.add("header_twice", 1, name, name=name)

    def _make_period(self) -> Period:
        closing, options = self.report.closing, self.options
        first = options.date_from
        if first is None and closing:
            first = closing - timedelta(days=LONGEST_YEAR_DAYS)
        return Period(_day(first), _day(closing), _day(options.today))

    # === Character set === #

    def _take_encoding(self, block: bytes, first_line: int = 1) -> None:
        """Find the character set out, and report bytes that are not of it."""
        if block.isascii():
            return
        if self.encoding != LATIN9:
            try:
                block.decode()
            except UnicodeDecodeError:
                if self.encoding:
                    self._report_bytes(block, first_line, "encoding_mixed")
                    return
                self.encoding = LATIN9
            else:
                self.encoding = "utf-8"
                return
        if WINDOWS_BYTES.search(block):
            self._report_bytes(block, first_line, "encoding_windows")
        elif UTF8_IN_LATIN.search(block):
            self._report_bytes(block, first_line, "encoding_mixed")

    def _report_bytes(self, block: bytes, first_line: int, case: str) -> None:
        for number, line in enumerate(block.split(b"\n"), first_line):
            if self._is_foreign(line, case):
                self.report.add(case, number, text=line)

    def _is_foreign(self, line: bytes, case: str) -> bool:
        if case == "encoding_windows":
            return bool(WINDOWS_BYTES.search(line))
        if self.encoding == LATIN9:
            return bool(UTF8_IN_LATIN.search(line))
        try:
            line.decode()
        except UnicodeDecodeError:
            return True
        return False

    # === The lines === #

    def _read_batch(self, batch: list[bytes]) -> None:
        block = b"\n".join(batch)
        if not block.isascii():
            self._take_encoding(block, self.line + 1)
        self.row_count += len(batch)
        if self.pattern is None:
            for raw in batch:
                self.line += 1
                self._read_slowly(raw)
            return
        match_line, take, line = self.pattern.fullmatch, self._take, self.line
        for raw in batch:
            line += 1
            match = match_line(raw)
            if match is None or not take(match.groups(), line):
                self.line = line
                self._read_slowly(raw)
        self.line = line

    def _take(self, groups: tuple, line: int) -> bool:
        """Take a line of the right shape; False when a date or a sign is not right."""
        (code, label, number, day, account, account_label, piece, debit, credit,
         letter, valid, sign) = groups  # fmt: skip
        good = self.good_days
        is_known = day in good and valid in good and piece in good
        if not (is_known or all(map(self._learn, (day, valid, piece)))):
            return False
        if valid < day or piece > day or self._is_late(day, valid):
            return False
        if letter and (letter < day or not (letter in good or self._learn(letter))):
            return False
        if self.layout.is_sided:
            debit, credit = (debit, None) if credit in SIDE_DEBIT else (None, debit)
        if sign is not None and (sign == b"-") == bool(debit):
            return False
        book = self.book
        if book.journals.get(code) != label:
            book.meet_journal(code, label, line)
        if book.accounts.get(account) != account_label:
            book.meet_account(account, account_label, line)
        entry = book.current
        if (number, code, day, valid) != (
            entry.number, entry.code, entry.day, entry.valid
        ):  # fmt: skip
            entry = book.switch(code, number, day, valid, line)
        if debit:
            entry.debit += _hundredths(debit)
        else:
            entry.credit += _hundredths(credit)
        if account[:1] in MARKED:
            entry.flags |= _flag(account)
        return True

    def _is_late(self, day: bytes, valid: bytes) -> bool:
        period = self.period
        return bool(
            (period.last and day > period.last)
            or day < period.first
            or (period.today and valid > period.today)
        )

    def _learn(self, day: bytes) -> bool:
        """Remember a day of the calendar: there are few of them in a file."""
        if day in self.good_days:
            return True
        if parse_day(day) is None or not b"1900" <= day < b"2100":
            return False
        self.good_days.add(day)
        return True

    def _read_slowly(self, raw: bytes) -> None:
        if raw.endswith(b"\r"):
            if not self.report.counts.get("line_mixed"):
                self.report.add("line_mixed", self.line)
            raw = raw[:-1]
        self.tool.read_line(raw)
        row = self.slow.check(raw, self.line)
        if row is None:
            return
        book, line = self.book, self.line
        if row.code and row.label and book.journals.get(row.code) != row.label:
            book.meet_journal(row.code, row.label, line)
        if row.account and book.accounts.get(row.account) != row.account_label:
            book.meet_account(row.account, row.account_label, line)
        entry = book.switch(row.code, row.number, row.day, row.valid, line)
        entry.debit += row.debit
        entry.credit += row.credit
        entry.flags |= _flag(row.account)

    # === The end === #

    def _finish(self, reader: LineReader) -> None:
        report = self.report
        report.encoding = reader.wide or self.encoding or "ascii"
        report.line_count = self.line
        if not self.row_count:
            report.add("file_empty")
        else:
            self.book.finish()
            self._check_length()
        self.tool.finish(self.row_count)

    def _check_length(self) -> None:
        """Without a known first day, only say that the year looks long."""
        closing, first = self.report.closing, parse_day(self.book.first_day or b"0")
        if self.options.date_from or not (closing and first):
            return
        days = (closing - first).days + 1
        if USUAL_YEAR_DAYS < days <= LONGEST_YEAR_DAYS:
            self.report.add("period_long", day=f"{first:%Y%m%d}", days=days)


MARKED = (b"1", b"6", b"7")


def _flag(account: bytes) -> int:
    """Say whether an account is one of result (6, 7) or the result itself (12)."""
    if account[:1] in (b"6", b"7"):
        return HAS_RESULT
    return HAS_PROFIT if account[:2] == b"12" else 0


def _hundredths(amount: bytes) -> int:
    """Return an amount with one or two decimals, as the fast pattern lets through."""
    whole, _comma, cents = amount.partition(b",")
    return int(whole + cents.ljust(2, b"0"))


def _day(day: date | None) -> bytes:
    return f"{day:%Y%m%d}".encode() if day else b""


def check_fec(
    chunks: Iterable[bytes], filename: str, options: Options | None = None
) -> Report:
    """Check a file and return the report.

    :param chunks: the bytes of the file, cut anywhere
    :param filename: the name under which it would be handed over
    """
    return FecChecker(filename, options).run(chunks)

"""One line, field by field: the slow way, for lines that are not plainly right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from .amounts import parse_amount
from .columns import CASH, Layout
from .findings import Report
from .naming import parse_day

BLANK = b" \xa0"
NO_BREAK_SPACE = b"\xc2\xa0"
OTHER_DATE = re.compile(
    rb"\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{2,4}|\d{4}[/.\- ]\d{1,2}[/.\- ]\d{1,2}"
)
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LEGIBLE = re.compile(rb"[0-9A-Za-z\x80-\xff]")
SIDES = {b"D": 1, b"C": -1, b"+1": 1, b"-1": -1, b"1": 1}
CURRENCY_CODE = re.compile(rb"[A-Z]{3}")
TEXTS = (
    "JournalCode", "JournalLib", "EcritureNum", "CompteNum", "CompteLib", "PieceRef",
    "EcritureLib",
)  # fmt: skip
PLACED = ("PieceRef", "EcritureLib")


@dataclass(frozen=True)
class Period:
    """The days an entry may have, written AAAAMMJJ; empty: unknown."""

    first: bytes = b""
    last: bytes = b""
    today: bytes = b""


@dataclass(frozen=True)
class Row:
    """What the entries need to know of a line."""

    code: bytes
    label: bytes
    number: bytes
    day: bytes
    valid: bytes
    account: bytes
    account_label: bytes
    debit: int | Decimal
    credit: int | Decimal


class LineChecker:
    """Reports every trouble of a line and returns what could be read."""

    def __init__(
        self, layout: Layout, report: Report, period: Period, good_days: set[bytes]
    ):
        # Days known to be of the calendar: there are few different ones in a file.
        self.good_days = good_days
        self.layout = layout
        self.report = report
        self.period = period
        self.cash_dates = tuple(n for n in ("DateRglt",) if n in layout.index)

    def check(self, raw: bytes, line: int) -> Row | None:
        """Judge one line; None when it cannot be cut into its fields."""
        layout = self.layout
        self._raw, self._line = raw, line
        fields = raw.split(layout.separator)
        if not raw.strip(b" \t|"):
            self._add("row_blank")
            return None
        if b"\r" in raw or b"\n" in raw:
            self._add("line_break")
        if CONTROL.search(raw):
            self._add("encoding_control")
        if len(fields) != layout.width:
            self._add("row_width", found=len(fields), expected=layout.width)
            return None
        self._fields = fields
        plain = raw.replace(NO_BREAK_SPACE, b" ") if NO_BREAK_SPACE in raw else raw
        self._values = [one.strip(BLANK) for one in plain.split(layout.separator)]
        self._check_marks()
        self._check_texts()
        debit, credit = self._check_amounts()
        dates = {n: self._read_date(n) for n in ("EcritureDate", "PieceDate")}
        dates["ValidDate"] = self._read_date("ValidDate")
        for name in self.cash_dates:
            self._read_date(name, is_required=False)
        self._check_dates(dates)
        self._check_letter(dates["EcritureDate"])
        self._check_currency(debit, credit)
        return Row(
            self._get("JournalCode"), self._get("JournalLib"),
            self._get("EcritureNum"), dates["EcritureDate"], dates["ValidDate"],
            self._get("CompteNum"), self._get("CompteLib"), debit, credit,
        )  # fmt: skip

    def _add(self, case: str, column: str = "", **params) -> None:
        self.report.add(case, self._line, column, self._raw, **params)

    def _get(self, name: str) -> bytes:
        position = self.layout.index.get(name)
        return b"" if position is None else self._values[position]

    def _has(self, name: str) -> bool:
        return name in self.layout.index

    def _check_marks(self) -> None:
        """The other separator and quotes, column by column."""
        other = self.layout.other_separator
        if other not in self._raw and b'"' not in self._raw:
            return
        for name, value in zip(self.layout.names, self._fields, strict=True):
            if other in value:
                self._add("other_separator", name, value=value)
            if len(value) > 1 and value[:1] == value[-1:] == b'"':
                self._add("quote_field", name, value=value)
            elif b'"' in value:
                self._add("quote_inside", name, value=value)

    def _check_texts(self) -> None:
        for name in TEXTS:
            if not self._has(name):
                continue
            value = self._get(name)
            if not value:
                self._add("value_missing", name)
            elif name in PLACED and not LEGIBLE.search(value):
                self._add("value_placeholder", name, value=value)
        account = self._get("CompteNum")
        if account and not account[:3].isdigit() or 0 < len(account) < 3:
            self._add("account_digits", "CompteNum", value=account)
        if bool(self._get("CompAuxNum")) != bool(self._get("CompAuxLib")):
            self._add("aux_incomplete", "CompAuxNum")

    def _check_amounts(self) -> tuple[int | Decimal, int | Decimal]:
        if self.layout.is_sided:
            return self._read_sided()
        amounts = [self._read_amount(n) for n in ("Debit", "Credit") if self._has(n)]
        if len(amounts) < 2 or None in amounts:
            return tuple([*(amount or 0 for amount in amounts), 0, 0][:2])
        debit, credit = amounts
        if debit and credit:
            self._add("amount_both", "Debit")
        elif not debit and not credit:
            self._add("amount_none", "Debit")
        return debit, credit

    def _read_amount(self, name: str) -> int | Decimal | None:
        value = self._fields[self.layout.index[name]]
        if not value.strip(BLANK):
            self._add("amount_missing", name)
            return 0
        amount, case = parse_amount(value)
        if case:
            self._add(case, name, value=value)
        return amount

    def _read_sided(self) -> tuple[int | Decimal, int | Decimal]:
        amount = self._read_amount("Montant")
        side = SIDES.get(self._get("Sens").upper())
        if side is None:
            self._add("side_unknown", "Sens", value=self._get("Sens"))
            return 0, 0
        if amount is not None and not amount:
            self._add("amount_none", "Montant")
        return (amount or 0, 0) if side > 0 else (0, amount or 0)

    def _read_date(self, name: str, is_required: bool = True) -> bytes:
        """Return a date that can be compared, or nothing."""
        if not self._has(name):
            return b""
        value = self._get(name)
        if value in self.good_days:
            return value
        if not value:
            if is_required:
                self._add("value_missing", name)
            return b""
        if len(value) != 8 or not value.isdigit():
            self._add("date_shape", name, value=value)
            return b""
        if parse_day(value) is None or not b"1900" <= value < b"2100":
            self._add("date_calendar", name, value=value)
            return b""
        self.good_days.add(value)
        return value

    def _check_dates(self, dates: dict[str, bytes]) -> None:
        day, valid, period = dates["EcritureDate"], dates["ValidDate"], self.period
        if day and period.last and day > period.last:
            self._add("period_after", "EcritureDate", day=day, end=period.last)
        if day and period.first and day < period.first:
            self._add("period_before", "EcritureDate", day=day, start=period.first)
        if day and valid and valid < day:
            self._add("valid_before", "ValidDate", day=day, valid=valid)
        if valid and period.today and valid > period.today:
            self._add("valid_future", "ValidDate", valid=valid, today=period.today)
        if day and dates["PieceDate"] > day:
            self._add("piece_late", "PieceDate", day=day, piece=dates["PieceDate"])

    def _check_letter(self, day: bytes) -> None:
        if not (self._has("EcritureLet") and self._has("DateLet")):
            return
        code, raw_date = self._get("EcritureLet"), self._get("DateLet")
        if code and not raw_date:
            self._add("letter_no_date", "DateLet", code=code)
        elif raw_date and not code:
            self._add("letter_no_code", "EcritureLet", day=raw_date)
        letter_day = self._read_date("DateLet", is_required=False)
        if letter_day and day and letter_day < day:
            self._add("letter_early", "DateLet", day=day, letter=letter_day)

    def _check_currency(self, debit, credit) -> None:
        if not (self._has("Montantdevise") and self._has("Idevise")):
            return
        raw = self._fields[self.layout.index["Montantdevise"]]
        code = self._get("Idevise")
        if not raw.strip(BLANK):
            if code:
                self._add("currency_no_amount", "Montantdevise", code=code)
            return
        if not code:
            self._add("currency_no_code", "Idevise", value=raw)
        elif not CURRENCY_CODE.fullmatch(code):
            self._add("currency_code", "Idevise", value=code)
        amount, case = parse_amount(raw)
        if case:
            self._add(case, "Montantdevise", value=raw)
        balance = debit - credit
        if amount and balance and (amount > 0) != (balance > 0):
            self._add("currency_sign", "Montantdevise", value=raw)


def missing_columns(layout: Layout) -> list[str]:
    """Return the lawful columns that the first line does not have."""
    return [name for name in layout.expected if name not in layout.index]


def is_ordered(layout: Layout) -> bool:
    """Whether the lawful columns stand first and in the lawful order."""
    present = [n for n in (*layout.expected, *CASH) if n in layout.index]
    positions = [layout.index[name] for name in present]
    return positions == list(range(len(positions)))

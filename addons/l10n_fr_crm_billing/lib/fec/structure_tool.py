"""What the tax authority's structure checker (Test Compta Demat) would say.

Its rules were read in its public sources (github.com/DGFiP/Test-Compta-Demat,
version 1_00_10, looked at in November 2026) and are restated here; none of its code
is. It knows five kinds: E error, O mandatory field absent from the first line,
V value absent, A anomaly and S extra field; A and S leave a file conforming.
"""

from __future__ import annotations

import re

from .columns import BOM, CASH, MIN_FIELDS, SIDED, STANDARD, Layout
from .findings import Report, ToolVerdict

FILE_NAME = re.compile(r".+FEC20\d\d[01]\d[0-3]\d", re.IGNORECASE | re.ASCII)
TEXT, DAY, NUMBER = "text", "day", "number"
KIND = {
    **dict.fromkeys((*STANDARD, *CASH), TEXT),
    **dict.fromkeys(("EcritureDate", "PieceDate", "DateLet", "ValidDate"), DAY),
    "DateRglt": DAY,
    **dict.fromkeys(("Debit", "Credit", "Montantdevise"), NUMBER),
}
KEYS = ("EcritureNum", "EcritureDate", "CompteNum")
# A field whose absence from the first line is an error of its own (O).
HEADER_KEYS = (*KEYS, "Debit", "Credit")
# An empty value is E for the first group, V for the second.
GENERAL_EMPTY = (
    frozenset(KEYS),
    frozenset(
        ("JournalCode", "JournalLib", "CompteLib", "PieceRef", "PieceDate",
         "EcritureLib", "ValidDate")
    ),
)  # fmt: skip
CASH_EMPTY = (
    frozenset((*KEYS, "CompteLib", "EcritureLib")),
    frozenset(("PieceRef", "PieceDate")),
)

SEP = r"[/\-.]*"
MONTH, DAY_OF_MONTH = r"(?P<m>[01]\d)", r"(?P<d>[0-3]\d)"
TIME = r"([T ]\d{1,2}:\d{1,2}:\d{1,2})?"


def _dates(year: str) -> tuple[re.Pattern[bytes], ...]:
    shapes = (
        f"{year}{SEP}{MONTH}{SEP}{DAY_OF_MONTH}{TIME}",
        f"{DAY_OF_MONTH}{SEP}{MONTH}{SEP}{year}{TIME}",
    )
    return tuple(re.compile(shape.encode()) for shape in shapes)


USUAL_DATES, OTHER_DATES = _dates(r"(19|20)\d\d"), _dates(r"\d{4}")
MAX_DAYS = 100_000
ACCOUNT = re.compile(rb"\d{3}")
NO_DATE = re.compile(rb"[0\-/.]+| *")
THOUSANDS = re.compile(rb" *\d+ \d+")
PLAIN = re.compile(rb" *[+-]*[\d.,]+ *[+-]* *")
EXPONENT = re.compile(rb" *[+-]*[\d.,]+[Ee][\d+-]+ *")
LEADING = re.compile(rb"\s*([+-]?(\d+\.?\d*|\.\d+))")
TRAILING_SIGN = re.compile(rb" *([\d.,]+) *([+-]) *")
SIDE = re.compile(rb"\s*([+-]1)\s*")


class StructureTool:
    """Gathers the kinds; lines that are plainly right need not be shown to it."""

    def __init__(self, report: Report):
        self.report = report
        self.kinds: set[str] = set()
        self.is_refused = False
        self.is_incomplete = False
        self.usual_days: set[bytes] = set()

    def read_name(self, filename: str) -> None:
        """A name it cannot read stops it before any report."""
        if not FILE_NAME.match(filename):
            self.is_refused = True

    def read_header(self, first_line: bytes, layout: Layout | None) -> None:
        """Take the first line; `layout` is None when no separator was found."""
        line = first_line.replace(b"\0", b"").removeprefix(BOM)
        if layout is None or layout.separator not in (b"\t", b"|"):
            self.is_refused = True
            return
        self.separator = layout.separator
        names = [part.strip(b" ") for part in line.split(self.separator)]
        while names and not names[-1]:
            names.pop()
        if len(names) < MIN_FIELDS:
            self.is_refused = True
            return
        self.names = [_fold(name) for name in names]
        if line.rstrip(b" ").endswith(self.separator):
            self.names.append("ZFICTIFZ")
        self._map_columns()

    def _map_columns(self) -> None:
        names = self.names
        self.is_sided = "MONTANT" in names and "SENS" in names
        self.is_cash = "DATERGLT" in names
        expected = list(STANDARD) + (list(CASH[:3]) if self.is_cash else [])
        if self.is_cash and "IDCLIENT" in names:
            expected.append(CASH[3])
        written = dict(zip(STANDARD, SIDED, strict=True)) if self.is_sided else {}
        self.columns: dict[int, str] = {}
        known: set[str] = set()
        for name in expected:
            shown = written.get(name, name).upper()
            if shown in names:
                self.columns[names.index(shown)] = name
                known.add(shown)
            elif name in HEADER_KEYS:
                self.kinds.add("O")
        self.is_incomplete = len(self.columns) < len(expected)
        extra = [n for n in names if n not in known and n != "ZFICTIFZ"]
        if extra:
            self.kinds.add("S")
        # It asks for other names of the extra columns and goes no further.
        self.is_refused |= any(names.count(name) > 1 for name in extra)
        self.ranks = {name: position for position, name in self.columns.items()}
        self.empty = CASH_EMPTY if self.is_cash else GENERAL_EMPTY
        required = self.empty[0] | self.empty[1]
        # A text that may be blank has nothing to be wrong about.
        self.judged = [
            (position, name)
            for position, name in self.columns.items()
            if KIND[name] != TEXT or name in required
        ]

    def read_line(self, raw: bytes) -> None:
        """Take one line of data."""
        if self.is_refused:
            return
        line = raw.replace(b"\xc2\xa0", b" ").replace(b"\xa0", b" ")
        line = line.replace(b"\0", b"").rstrip(b"\r").rstrip(b" ")
        values = [value.strip(b" ") for value in line.split(self.separator)]
        if self.is_sided and len(values) > 1:
            values = self._split_sides(values)
        if len(values) == 1:
            self.kinds.add("E")
            return
        if len(values) != len(self.names):
            self.kinds.add("E")
        for position, name in self.judged:
            value = values[position] if position < len(values) else b""
            self._read_value(name, value)
        self._read_balance(values)

    def _split_sides(self, values: list[bytes]) -> list[bytes]:
        values += [b""] * (len(self.names) - len(values))
        debit, credit = self.ranks["Debit"], self.ranks["Credit"]
        match = SIDE.fullmatch(values[credit])
        side = (match[1] if match else values[credit]).upper()
        if side in (b"D", b"+1"):
            values[credit] = b"0"
        elif side in (b"C", b"-1"):
            values[debit], values[credit] = b"0", values[debit]
        else:
            self.is_refused = True
        return values

    def _read_value(self, name: str, value: bytes) -> None:
        is_blank = not value.strip(b" ")
        kind = KIND[name]
        if is_blank and name in self.empty[0] and kind != NUMBER:
            self.kinds.add("E")
            return
        if is_blank and name in self.empty[1]:
            self.kinds.add("V")
        if name == "CompteNum" and not ACCOUNT.match(value):
            self.kinds.add("A")
        elif kind == NUMBER and not is_blank:
            self._read_number(value)
        elif kind == DAY:
            self._read_date(name, value)

    def _read_number(self, value: bytes) -> None:
        marks = sum(value.count(mark) for mark in (b" ", b".", b","))
        is_plain = PLAIN.fullmatch(value) and value.count(b"-") < 2
        if (
            b"." in value
            or THOUSANDS.match(value)
            or marks > 1
            or not (is_plain or EXPONENT.fullmatch(value))
        ):
            self.kinds.add("E")

    def _read_date(self, name: str, value: bytes) -> None:
        if value in self.usual_days:
            return
        if NO_DATE.fullmatch(value):
            if name in self.empty[0]:
                self.kinds.add("E")
            return
        for shapes, kind in ((USUAL_DATES, ""), (OTHER_DATES, "A")):
            match = next((m for s in shapes if (m := s.fullmatch(value))), None)
            if match:
                is_wrong = int(match["m"]) > 12 or int(match["d"]) > 31
                if kind or is_wrong:
                    self.kinds.add(kind or "E")
                elif len(self.usual_days) < MAX_DAYS:
                    self.usual_days.add(value)
                return
        self.kinds.add("E")

    def _read_balance(self, values: list[bytes]) -> None:
        amounts = []
        for name in ("Debit", "Credit"):
            position = self.ranks.get(name, 0)
            value = values[position] if position < len(values) else b""
            amounts.append(_to_number(value))
        if bool(amounts[0]) == bool(amounts[1]):
            self.kinds.add("A")

    def finish(self, row_count: int) -> None:
        """Write the verdict into the report."""
        report = self.report
        if self.is_refused or not row_count:
            report.tool_verdict, report.tool_kinds = ToolVerdict.REFUSED, ()
            return
        report.tool_kinds = tuple(sorted(self.kinds))
        is_wrong = self.is_incomplete or self.kinds & {"E", "O", "V"}
        report.tool_verdict = (
            ToolVerdict.NOT_CONFORMING if is_wrong else ToolVerdict.CONFORMING
        )


def _fold(name: bytes) -> str:
    try:
        text = name.decode()
    except UnicodeDecodeError:
        text = name.decode("iso8859-15")
    for accent in "éèÉÈ":
        text = text.replace(accent, "e")
    return re.sub(r"[^A-Za-z0-9]", "_", text).upper()


def _to_number(value: bytes) -> float:
    """Read a number as a language would that takes what it can of a text."""
    value = value.replace(b",", b".", 1) if b"." not in value else value
    match = TRAILING_SIGN.fullmatch(value)
    if match:
        value = match[2] + match[1]
    found = LEADING.match(value)
    return float(found[1]) if found else 0.0

"""What a check says: findings, counts and the two verdicts."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date

MAX_KEPT = 200
MAX_TEXT = 500


class Severity(str, enum.Enum):
    """An error makes the file unlawful or unusable, a warning deserves a look."""

    ERROR = "error"
    WARNING = "warning"


E, W = Severity.ERROR, Severity.WARNING

# Case -> (rule, severity). The rule groups the cases on the screen; the sentence
# of each case, with its values, belongs to whoever shows it.
CASES: dict[str, tuple[str, Severity]] = {
    "name_pattern": ("NAME", E),
    "name_date": ("NAME", E),
    "name_siren": ("SIREN", E),
    "encoding_utf16": ("ENCODING", E),
    "encoding_bom": ("ENCODING", W),
    "encoding_mixed": ("ENCODING", E),
    "encoding_windows": ("ENCODING", E),
    "encoding_control": ("CONTROL", E),
    "file_xml": ("FORMAT", E),
    "file_empty": ("NOENTRY", E),
    "line_long": ("FORMAT", E),
    "separator_semicolon": ("SEP", E),
    "separator_unknown": ("SEP", E),
    "header_missing": ("HEADER", E),
    "header_spelling": ("HEADER", W),
    "header_twice": ("HEADER", E),
    "columns_missing": ("COLUMNS", E),
    "columns_order": ("ORDER", E),
    "row_width": ("ROWLEN", E),
    "row_blank": ("BLANKLINE", E),
    "line_break": ("LINEBREAK", E),
    "line_mixed": ("LINEBREAK", W),
    "date_shape": ("DATEFMT", E),
    "date_calendar": ("DATECAL", E),
    "number_point": ("NUMFMT", E),
    "number_thousands": ("NUMFMT", E),
    "number_shape": ("NUMFMT", E),
    "number_space": ("NUMFMT", W),
    "number_zeros": ("NUMFMT", W),
    "value_missing": ("EMPTY", E),
    "amount_missing": ("EMPTY", W),
    "account_digits": ("ACCOUNT", E),
    "account_labels": ("LABELS", W),
    "journal_labels": ("LABELS", W),
    "aux_incomplete": ("AUXILIARY", W),
    "value_placeholder": ("PLACEHOLDER", W),
    "amount_both": ("DEBITCREDIT", E),
    "amount_none": ("DEBITCREDIT", E),
    "side_unknown": ("SIDE", E),
    "letter_no_date": ("LETTER", E),
    "letter_no_code": ("LETTER", E),
    "letter_early": ("LETTER", W),
    "currency_no_code": ("CURRENCY", E),
    "currency_no_amount": ("CURRENCY", E),
    "currency_sign": ("CURRENCY", W),
    "currency_code": ("CURRENCY", W),
    "period_after": ("PERIOD", E),
    "period_before": ("PERIOD", E),
    "period_long": ("PERIOD", W),
    "valid_before": ("VALIDBEFORE", E),
    "valid_future": ("FUTURE", E),
    "valid_order": ("ORDERVALID", E),
    "piece_late": ("PIECEDATE", W),
    "other_separator": ("PIPE", E),
    "quote_field": ("QUOTE", E),
    "quote_inside": ("QUOTE", W),
    "balance_entry": ("BALANCE", E),
    "balance_file": ("BALANCE", E),
    "balance_unknown": ("BALANCE", W),
    "sequence_gap": ("SEQUENCE", E),
    "sequence_late": ("SEQUENCE", W),
    "sequence_none": ("SEQUENCE", W),
    "sequence_unknown": ("SEQUENCE", W),
    "entry_dates": ("DUPLICATE", E),
    "entry_again": ("DUPLICATE", W),
    "opening_late": ("OPENING", W),
    "opening_result": ("OPENING", W),
    "closing_entry": ("CLOSING", W),
    "central_journal": ("CENTRAL", W),
}


@dataclass(frozen=True)
class Options:
    """What the caller knows beside the file.

    :param date_from: first day of the financial year, when known
    :param closing: closing date; the file name gives it otherwise
    :param today: entries validated later than this day are refused
    """

    date_from: date | None = None
    closing: date | None = None
    today: date | None = None


@dataclass(frozen=True)
class Finding:
    """One trouble.

    :param line: number of the line in the file, the header being 1; 0: the file
    :param column: canonical name of the column, or an empty string
    :param params: values for the sentence of the case
    :param text: the line as written, shortened
    """

    case: str
    rule: str
    severity: Severity
    line: int
    column: str
    params: dict[str, str]
    text: str = ""


class ToolVerdict(str, enum.Enum):
    """What the structure checker of the tax authority would answer."""

    CONFORMING = "conforming"
    NOT_CONFORMING = "not_conforming"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Verdict(str, enum.Enum):
    """Our own answer, which is stricter."""

    CLEAN = "clean"
    WARNINGS = "warnings"
    ERRORS = "errors"


@dataclass
class Report:
    """The result of a check.

    `findings` keeps the first `MAX_KEPT` of each case, `counts` counts them all.
    """

    filename: str
    siren: str = ""
    closing: date | None = None
    encoding: str = ""
    separator: str = ""
    line_count: int = 0
    entry_count: int = 0
    debit: str = "0.00"
    credit: str = "0.00"
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    tool_verdict: ToolVerdict = ToolVerdict.UNKNOWN
    tool_kinds: tuple[str, ...] = ()

    def add(self, case, line=0, column="", text=b"", **params) -> None:
        """Count a trouble and keep it when there is room."""
        count = self.counts.get(case, 0)
        self.counts[case] = count + 1
        if count >= MAX_KEPT:
            return
        rule, severity = CASES[case]
        if isinstance(text, bytes):
            text = _decode(text)
        values = {key: _decode(value) for key, value in params.items()}
        self.findings.append(
            Finding(case, rule, severity, line, column, values, text[:MAX_TEXT])
        )

    def count(self, severity: Severity) -> int:
        """Return how many troubles of this weight were met."""
        return sum(n for case, n in self.counts.items() if CASES[case][1] == severity)

    @property
    def rules(self) -> dict[str, Severity]:
        """The broken rules, each with the heaviest weight met."""
        found: dict[str, Severity] = {}
        for case in self.counts:
            rule, severity = CASES[case]
            if found.get(rule) != E:
                found[rule] = severity
        return found

    @property
    def verdict(self) -> Verdict:
        """Our answer in one word."""
        if self.count(E):
            return Verdict.ERRORS
        return Verdict.WARNINGS if self.count(W) else Verdict.CLEAN


def _decode(value: object) -> str:
    """Return text for people from bytes of an unknown character set."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("iso8859-15")

"""Reminder levels of another tool, read from a CSV file."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

COLUMNS = {
    "number": ("invoice", "invoice number", "number", "facture", "numero", "n°"),
    "level": ("level", "reminder level", "step", "niveau", "relance", "etape"),
    "date": ("date", "sent on", "date de relance", "date relance", "envoyee le"),
}
ACCENTS = str.maketrans("éèêëàâîïôûùç", "eeeeaaiiouuc")
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
MAX_ROWS = 50_000


@dataclass(frozen=True)
class Row:
    """A row that could be read; `line` counts as a spreadsheet does."""

    line: int
    number: str
    level: str
    sent_on: date


@dataclass(frozen=True)
class RowError:
    """Why a row was refused: a code the model turns into a sentence."""

    line: int
    code: str
    value: str = ""


class FileRefusedError(ValueError):
    """The file as a whole cannot be read; `code` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def parse_levels(content: bytes) -> tuple[list[Row], list[RowError]]:
    """Read invoice number, level and date from a CSV file.

    Comma, semicolon or tabulation; UTF-8 or the Western European code page of
    spreadsheets; the first row names the columns, in English or French.

    :raises FileRefusedError: empty, unreadable, without the columns, too long
    """
    text = _decode(content)
    lines = text.splitlines()
    if not any(line.strip() for line in lines):
        raise FileRefusedError("empty")
    delimiter = max(",;\t", key=lines[0].count)
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileRefusedError("unreadable", str(error)) from None
    places = _find_columns(table[0])
    if len(table) > MAX_ROWS + 1:
        raise FileRefusedError("too_long", str(MAX_ROWS))
    rows, errors, seen = [], [], {}
    for line, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = _parse_row(line, cells, places)
        if isinstance(row, Row) and row.number in seen:
            row = RowError(line, "twice", str(seen[row.number]))
        if isinstance(row, RowError):
            errors.append(row)
            continue
        seen[row.number] = line
        rows.append(row)
    return rows, errors


def _parse_row(line: int, cells: list[str], places: dict[str, int]) -> Row | RowError:
    values = {
        name: cells[place].strip() if place < len(cells) else ""
        for name, place in places.items()
    }
    for name, value in values.items():
        if not value:
            return RowError(line, f"no_{name}")
    sent_on = _parse_date(values["date"])
    if sent_on is None:
        return RowError(line, "bad_date", values["date"])
    return Row(line, values["number"], values["level"], sent_on)


def _decode(content: bytes) -> str:
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig")
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise FileRefusedError("unreadable") from None


def _find_columns(header: list[str]) -> dict[str, int]:
    names = [cell.strip().lower().translate(ACCENTS) for cell in header]
    places = {}
    for column, accepted in COLUMNS.items():
        found = [place for place, name in enumerate(names) if name in accepted]
        if not found:
            raise FileRefusedError("no_column", column)
        places[column] = found[0]
    return places


def _parse_date(text: str) -> date | None:
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None

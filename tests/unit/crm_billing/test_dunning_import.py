from datetime import date

import pytest

from odoo.addons.crm_billing.lib import dunning_import
from odoo.addons.crm_billing.lib.dunning_import import (
    FileRefusedError,
    Row,
    parse_levels,
)

GOOD = [Row(2, "F1", "1", date(2026, 4, 20)), Row(3, "F2", "2", date(2026, 4, 21))]


@pytest.mark.parametrize(
    "content",
    [
        b"invoice,level,date\nF1,1,2026-04-20\nF2,2,2026-04-21\n",
        b"facture;niveau;date\r\nF1;1;20/04/2026\r\nF2;2;21/04/2026\r\n",
        "\ufeffNuméro;Étape;Envoyée le\nF1;1;20.04.2026\nF2;2;21-04-2026".encode(),
        "Numéro;Étape;Date\nF1;1;20/04/2026\nF2;2;21/04/2026\n".encode("cp1252"),
        b"date\tlevel\tother\tnumber\n2026-04-20\t1\tx\tF1\n2026-04-21\t2\ty\tF2\n",
        b'invoice,level,date\n"F1","1","2026-04-20"\n F2 , 2 , 2026-04-21 \n\n',
    ],
)
def test_files_of_spreadsheets_are_read(content):
    rows, errors = parse_levels(content)
    assert errors == []
    assert rows == GOOD


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("F1,1,2026-02-30", "bad_date"),
        ("F1,1,tomorrow", "bad_date"),
        (",1,2026-04-20", "no_number"),
        ("F1,,2026-04-20", "no_level"),
        ("F1,1,", "no_date"),
        ("F1", "no_level"),
    ],
)
def test_a_bad_row_says_its_line(row, code):
    rows, errors = parse_levels(
        f"invoice,level,date\nF9,1,2026-04-20\n{row}\n".encode()
    )
    assert [r.number for r in rows] == ["F9"]
    assert [(e.line, e.code) for e in errors] == [(3, code)]


def test_the_same_invoice_twice():
    text = "invoice,level,date\nF1,1,2026-04-20\nF1,2,2026-04-21\n"
    rows, errors = parse_levels(text.encode())
    assert [(e.line, e.code, e.value) for e in errors] == [(3, "twice", "2")]
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"invoice,date\nF1,2026-04-20\n", "no_column"),
        (b"\x81\x8d\x8f", "unreadable"),
        (b'invoice,level,date\n"F1,1,2026-04-20\n', "unreadable"),
    ],
)
def test_a_file_that_cannot_be_read(content, code):
    with pytest.raises(FileRefusedError) as caught:
        parse_levels(content)
    assert caught.value.code == code


def test_a_file_too_long(monkeypatch):
    monkeypatch.setattr(dunning_import, "MAX_ROWS", 2)
    rows = "".join(f"F{n},1,2026-04-20\n" for n in range(3))
    with pytest.raises(FileRefusedError) as caught:
        parse_levels(f"invoice,level,date\n{rows}".encode())
    assert caught.value.code == "too_long"

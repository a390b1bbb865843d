"""What an export writes, and that the checker agrees."""

from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.l10n_fr_crm_billing.lib.fec import check_fec
from odoo.addons.l10n_fr_crm_billing.lib.fec.columns import STANDARD
from odoo.addons.l10n_fr_crm_billing.lib.fec.entries import is_opening
from odoo.addons.l10n_fr_crm_billing.lib.fec.writer import (
    Description,
    clean_text,
    opening_line,
    to_charset,
    write_amount,
    write_description,
    write_header,
)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (None, ""),
        (" a\t b ", "a b"),
        ('"cité" | fin\\', "'cité' / fin/"),
        ("a\x01b\x85c\u00a0d\u200be\u2029f\ufeff", "a b c d e f"),
    ],
)
def test_text_is_cleaned(text, clean):
    assert clean_text(text) == clean


def test_characters_outside_the_set_get_their_nearest_writing():
    assert to_charset("“été” – 5 € Ł", "iso8859-15") == b"'\xe9t\xe9' - 5 \xa4 ?"
    assert to_charset("漢", "utf-8") == "漢".encode()


def test_amounts():
    assert write_amount(Decimal("-1234567.8")) == "-1234567,80"
    assert write_amount(Decimal(0)) == "0,00"


@pytest.mark.parametrize(
    ("code", "label", "expected"),
    [
        (b"AN", b"Divers", True),
        (b"X", "À nouveaux".encode(), True),
        (b"X", b"Balance Initiale", True),
        (b"VE", b"Ventes", False),
    ],
)
def test_opening_journals_are_recognised(code, label, expected):
    assert is_opening(code, label) is expected


def test_opening_lines_pass_the_check():
    common = {
        "code": "OUV",
        "label": "A nouveaux",
        "day": date(2026, 1, 1),
        "text": "A nouveaux 2026",
    }
    lines = [
        write_header(),
        opening_line(account=("512000", "Banque"), balance=Decimal("10.5"), **common),
        opening_line(
            account=("401000", "Fournisseurs"),
            partner=("F1", "Durand"),
            balance=Decimal("-10.5"),
            **common,
        ),
    ]
    report = check_fec(["".join(lines).encode()], "732829320FEC20261231.txt")
    assert report.counts == {}
    assert report.debit == "10.50"


def test_the_description_names_every_field_and_every_code():
    text = write_description(
        Description(
            filename="732829320FEC20261231.txt",
            company="Agence Lumen",
            siren="732829320",
            first=date(2026, 1, 1),
            closing=date(2026, 12, 31),
            encoding="utf-8",
            software="Odoo 19.0",
            journals=(("VE", "Ventes"), ("BQ", "Banque")),
            currencies=("USD",),
            has_opening=True,
        )
    )
    assert all(f". {name} (" in text for name in STANDARD)
    assert "- VE : Ventes" in text
    assert "UTF-8" in text
    assert "Devises : USD" in text
    assert "A47 A-1" in text

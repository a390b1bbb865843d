from dataclasses import replace
from decimal import Decimal

import pytest

from odoo.addons.l10n_fr_crm_billing.lib.document_kind import (
    DocumentKind,
    merge_operations,
)
from odoo.addons.l10n_fr_crm_billing.lib.exemptions import CASES
from odoo.addons.l10n_fr_crm_billing.lib.facturx_document import TaxGroup
from odoo.addons.l10n_fr_crm_billing.lib.facturx_exemptions import (
    CODES,
    merge_groups,
    mixed_out_of_scope,
)

SERVICE = DocumentKind("services", "b2b")
ZERO = Decimal(0)


@pytest.mark.parametrize(
    ("facts", "type_code", "process"),
    [
        ({}, "380", "S1"),
        ({"operation": "goods"}, "380", "B1"),
        ({"operation": "mixed"}, "380", "M1"),
        ({"is_paid": True}, "380", "S2"),
        ({"is_deposit": True}, "386", "S1"),
        ({"is_deposit": True, "is_paid": True}, "386", "S2"),
        ({"is_final": True}, "380", "S4"),
        ({"is_final": True, "is_paid": True}, "380", "S4"),
        ({"is_credit_note": True}, "381", "S1"),
        ({"is_credit_note": True, "is_paid": True}, "381", "S1"),
        ({"is_credit_note": True, "is_deposit": True}, "503", "S1"),
    ],
)
def test_codes_of_a_document(facts, type_code, process):
    kind = replace(SERVICE, **facts)
    assert (kind.type_code, kind.process_code) == (type_code, process)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, "72"),
        ({"operation": "goods"}, "29"),
        ({"operation": "goods", "is_deposit": True}, "72"),
        ({"operation": "mixed"}, "72"),
        ({"operation": "goods", "vat_on_debits": True}, "5"),
    ],
)
def test_when_the_vat_falls_due(facts, code):
    assert replace(SERVICE, **facts).tax_point_code == code


def test_operations():
    assert merge_operations(set(), "services") == "services"
    assert merge_operations({"goods"}, "services") == "goods"
    assert merge_operations({"goods", "services"}, "services") == "mixed"


def test_every_case_of_exemption_has_its_code():
    assert set(CODES) == set(CASES)


def test_two_reasons_of_one_category_make_one_row():
    first = TaxGroup("E", ZERO, Decimal(10), ZERO, "Article 261", "VATEX-FR-CGI261-4")
    second = replace(first, base=Decimal(5), reason="Débours", reason_code="")
    taxed = TaxGroup("S", Decimal(20), Decimal(100), Decimal(20))
    rows = merge_groups([first, taxed, second])
    assert [row.category for row in rows] == ["E", "S"]
    assert rows[0].base == 15
    assert rows[0].reason == "Article 261 ; Débours"
    assert rows[0].reason_code == ""


def test_out_of_scope_stands_alone():
    assert mixed_out_of_scope({"O", "S"})
    assert not mixed_out_of_scope({"O"})
    assert not mixed_out_of_scope({"S", "K"})

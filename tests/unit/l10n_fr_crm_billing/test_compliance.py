"""What is found before posting."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from odoo.addons.l10n_fr_crm_billing.lib.compliance import (
    BLOCK,
    CHECKS,
    DEFAULT_LEVELS,
    MISSING,
    find,
    is_french_vat,
    is_siren,
    is_siret,
)
from odoo.addons.l10n_fr_crm_billing.lib.facts import Kind, TaxBase
from odoo.addons.l10n_fr_crm_billing.lib.franchise import (
    BELOW,
    NEAR,
    PASSED,
    PASSED_IN_YEAR,
    Threshold,
    judge_turnover,
    pick_threshold,
)
from odoo.addons.l10n_fr_crm_billing.lib.mentions import TABLE, decide

from .test_mentions import INVOICE, change, untaxed

VECTORS = Path(__file__).parents[4] / "shared" / "france" / "identifiers.json"
CHECKERS = {"siren": is_siren, "siret": is_siret, "vat_fr": is_french_vat}


def found(facts):
    return {finding.code for finding in find(facts, decide(facts), [])}


def test_a_complete_invoice_is_clean():
    assert found(INVOICE) == set()


FAULTS = [
    ("franchise_vat", change(seller={"is_franchise": True})),
    ("line_without_tax", change(bare_lines=1)),
    ("line_without_name", change(unnamed_lines=1)),
    (
        "reverse_charge_consumer",
        untaxed("reverse_charge", buyer={"is_business": False, "zone": "EU"}),
    ),
    ("seller_siren_wrong", change(seller={"siren": "732829321"})),
    ("seller_siret_wrong", change(seller={"siret": "73282932000075"})),
    ("seller_vat_wrong", change(seller={"vat": "FR45732829320"})),
    ("seller_vat_other", change(seller={"vat": "FR03552081317"})),
    ("buyer_siren_wrong", change(buyer={"siren": "552081318"})),
    ("buyer_siret_wrong", change(buyer={"siret": "55208131700001"})),
    ("buyer_vat_wrong", change(buyer={"vat": "FR04552081317"})),
    ("buyer_vat_other", change(buyer={"vat": "FR44732829320"})),
    ("due_before_issue", change(due_day=date(2026, 11, 19))),
    ("rounding_per_line", change(seller={"rounds_per_line": True})),
    ("franchise_turnover", change(turnover_passed="40 000 €")),
]


@pytest.mark.parametrize(("code", "facts"), FAULTS, ids=[row[0] for row in FAULTS])
def test_each_check_finds_its_fault_and_only_that(code, facts):
    assert code in found(facts)
    # A wrong number may also be somebody else's; consumers are told of a mediator.
    related = code.replace("siren_wrong", "vat_other").replace("_wrong", "_other")
    assert found(facts) <= {code, related, "missing_mediator"}


def test_every_check_has_a_test():
    assert {row[0] for row in FAULTS} == {check.code for check in CHECKS}


def test_every_required_value_has_its_finding():
    needed = {m.code for m in TABLE if m.required and m.values(INVOICE)}
    optional = {"billing_address", "supply_date", "early_discount", "order_number",
                "delivery_address", "deposit_invoices", "place_of_work", "waste",
                "issue_date"}  # fmt: skip
    # The optional ones are only due when their value is there.
    assert needed - set(MISSING) == optional


def test_a_credit_note_may_be_due_at_once():
    note = change(kind=Kind.CREDIT_NOTE, due_day=date(2026, 11, 1), reason="x")
    assert "due_before_issue" not in found(note)
    assert "missing_original_invoice" in found(note)


def test_a_monegasque_number_has_no_siren_in_it():
    monaco = change(buyer={"vat": "FR53000004605"})
    assert not {"buyer_vat_wrong", "buyer_vat_other"} & found(monaco)


def test_a_missing_wording_blocks():
    (finding,) = find(INVOICE, [], ["late_penalty"])
    assert (finding.code, finding.field) == ("wording_missing", "late_penalty")
    assert DEFAULT_LEVELS[finding.code] == BLOCK


def test_a_line_of_two_taxes_counts_once_per_rate():
    mixed = replace(INVOICE, bases=(TaxBase(Decimal(20)), TaxBase(Decimal("5.5"))))
    assert found(mixed) == set()


@pytest.mark.skipif(not VECTORS.exists(), reason="the vectors are not here")
def test_vectors_of_identifiers():
    rows = json.loads(VECTORS.read_text())
    rows = [row for row in rows if row["type"] in CHECKERS]
    assert len(rows) > 30
    wrong = [
        row
        for row in rows
        if CHECKERS[row["type"]]("".join(row["value"].split())) != row["valid"]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("checker", "text", "valid"),
    [
        (is_siren, "732829320", True),
        (is_siren, "732829321", False),
        (is_siren, "000000000", False),
        (is_siren, "", False),
        (is_siret, "73282932000074", True),
        (is_siret, "35600000049837", True),
        (is_siret, "73282932000075", False),
        (is_siret, "732829320", False),
        (is_french_vat, "FR44732829320", True),
        (is_french_vat, "FR45732829320", False),
        (is_french_vat, "DE136695976", False),
    ],
)
def test_identifiers(checker, text, valid):
    assert checker(text) is valid


def test_thresholds_of_the_small_business_exemption():
    old = Threshold(
        "services", Decimal(36800), Decimal(39100), date(2023, 1, 1), date(2024, 12, 31)
    )
    now = Threshold("services", Decimal(37500), Decimal(41250), date(2025, 1, 1))
    assert pick_threshold([old, now], "services", date(2024, 12, 31)) is old
    assert pick_threshold([old, now], "services", date(2026, 5, 1)) is now
    assert pick_threshold([old, now], "goods", date(2026, 5, 1)) is None
    verdicts = [
        (0, BELOW),
        (33749, BELOW),
        (33750, NEAR),
        (37500, NEAR),
        ("37500.01", PASSED),
        (41250, PASSED),
        ("41250.01", PASSED_IN_YEAR),
    ]
    for turnover, verdict in verdicts:
        assert judge_turnover(Decimal(turnover), now) == verdict
    assert judge_turnover(Decimal(10**9), None) == BELOW

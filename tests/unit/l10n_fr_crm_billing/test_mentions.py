"""Every row of the table of mentions: when it is due, what it needs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.l10n_fr_crm_billing.lib import exemptions
from odoo.addons.l10n_fr_crm_billing.lib.facts import (
    Buyer,
    Category,
    Facts,
    Kind,
    Reference,
    Seller,
    TaxBase,
)
from odoo.addons.l10n_fr_crm_billing.lib.mentions import (
    CODES,
    TABLE,
    decide,
    list_values,
)

DAY = date(2026, 11, 20)
SELLER = Seller(
    name="Agence Lumen",
    address="18 rue du Mail, 75002 Paris",
    siren="732829320",
    siret="73282932000074",
    vat="FR44732829320",
    legal_form="SAS",
    needs_capital=True,
    capital="10 000 €",
    registry="RCS Paris",
)
BUYER = Buyer(
    name="EDF",
    address="22 avenue de Wagram, 75008 Paris",
    siren="552081317",
    vat="FR03552081317",
)
CONSUMER = Buyer(name="Paul", address="1 rue A, 69001 Lyon", is_business=False)
INVOICE = Facts(
    kind=Kind.INVOICE,
    day=DAY,
    seller=SELLER,
    buyer=BUYER,
    number="2026-F-0001",
    bases=(TaxBase(Decimal(20)),),
    category=Category.SERVICES,
    net=Decimal(1000),
    due_day=date(2026, 12, 20),
    late_rate="taux",
    recovery_fee="40 €",
    valid_until=date(2026, 12, 20),
    quote_fee="gratuit",
)


def change(facts=INVOICE, seller=None, buyer=None, **values):
    return replace(
        facts,
        seller=replace(facts.seller, **(seller or {})),
        buyer=replace(facts.buyer, **(buyer or {})),
        **values,
    )


def codes(facts):
    return [due.mention.code for due in decide(facts)]


def missing(facts):
    return [d.mention.code for d in decide(facts) if d.mention.required and d.missing]


def untaxed(case, **values):
    return change(bases=(TaxBase(Decimal(0), case, "article 261"),), **values)


EU = {"zone": "EU", "country": "DE", "siren": "", "vat": "DE136695976"}
ABROAD = {"zone": "OUT", "country": "CH", "siren": "", "vat": ""}
BUILDING = {"is_building_trade": True, "insurance": "MAAF, Niort, France"}
# (row of the table of the law, code, a document that carries it, one that does not)
ROWS = [
    (1, "seller_identity", INVOICE, None),
    (1, "buyer_identity", INVOICE, None),
    (1, "billing_address", change(buyer={"billing_address": "BP 1"}), INVOICE),
    (2, "seller_siren", INVOICE, None),
    (2, "seller_siret", INVOICE, change(seller={"siret": ""})),
    (3, "buyer_siren", INVOICE, change(buyer={"is_business": False})),
    (3, "buyer_siren", INVOICE, change(buyer=EU)),
    (4, "seller_vat", INVOICE, change(seller={"is_franchise": True})),
    (5, "buyer_vat", untaxed("intra_goods", buyer=EU), INVOICE),
    (5, "buyer_vat", untaxed("reverse_charge", buyer=EU), untaxed("export")),
    (6, "legal_form", INVOICE, change(seller={"is_sole_trader": True})),
    (6, "capital", INVOICE, change(seller={"needs_capital": False})),
    (6, "registry", INVOICE, change(seller={"needs_registry": False})),
    (7, "sole_trader", change(seller={"is_sole_trader": True}), INVOICE),
    (8, "issue_date", INVOICE, None),
    (9, "number", INVOICE, change(number="")),
    (10, "lines", INVOICE, None),
    (11, "line_discounts", INVOICE, None),
    (12, "supply_date", change(supply_day=date(2026, 11, 1)), INVOICE),
    (12, "supply_date", change(supply_day=date(2026, 11, 1)), change(supply_day=DAY)),
    (13, "totals_per_rate", INVOICE, untaxed("export")),
    (13, "vat_in_euro", change(currency="USD", vat_in_euro="9 €"), INVOICE),
    (14, "franchise", untaxed("franchise"), INVOICE),
    (14, "intra_goods", untaxed("intra_goods", buyer=EU), INVOICE),
    (14, "export", untaxed("export", buyer=ABROAD), INVOICE),
    (14, "out_of_scope", untaxed("out_of_scope"), INVOICE),
    (14, "exempt", untaxed("exempt"), INVOICE),
    (15, "reverse_charge", untaxed("reverse_charge", buyer=EU), INVOICE),
    (15, "reverse_charge_building", untaxed("reverse_charge_building"), INVOICE),
    (16, "self_billing", change(kind=Kind.SELF_BILLED), INVOICE),
    (17, "margin", untaxed("margin"), INVOICE),
    (17, "travel_agency", untaxed("travel_agency"), INVOICE),
    (18, "vat_group", change(seller={"is_vat_group_member": True}), INVOICE),
    (19, "due_date", INVOICE, change(kind=Kind.CREDIT_NOTE)),
    (20, "early_discount", change(early_discount="1 %"), INVOICE),
    (20, "no_early_discount", INVOICE, change(early_discount="1 %")),
    (20, "no_early_discount", INVOICE, change(buyer={"is_business": False})),
    (21, "late_penalty", INVOICE, change(buyer={"is_business": False})),
    (22, "recovery_fee", INVOICE, change(buyer={"is_business": False})),
    (23, "order_number", change(order_number="BC 7"), INVOICE),
    (
        24,
        "delivery_address",
        change(category=Category.GOODS, delivery_address="Quai 3"),
        change(delivery_address="Quai 3"),
    ),
    (25, "operation_category", INVOICE, None),
    (26, "debits", change(seller={"vat_on_debits": True}), INVOICE),
    (27, "association", change(seller={"is_association_member": True}), INVOICE),
    (28, "insurance", change(seller=BUILDING), INVOICE),
    (
        0,
        "original_invoice",
        change(kind=Kind.CREDIT_NOTE, originals=(Reference("F1", DAY),)),
        INVOICE,
    ),
    (0, "credit_reason", change(kind=Kind.CREDIT_NOTE, reason="Remise"), INVOICE),
    (
        0,
        "net_of_tax",
        untaxed("out_of_scope", kind=Kind.CREDIT_NOTE, original_had_vat=True),
        change(kind=Kind.CREDIT_NOTE, original_had_vat=True),
    ),
    (
        0,
        "deposit_invoices",
        change(kind=Kind.FINAL, deposits=(Reference("A1", DAY),)),
        INVOICE,
    ),
    (0, "quote_validity", change(kind=Kind.QUOTE), INVOICE),
    (
        0,
        "place_of_work",
        change(kind=Kind.QUOTE, place_of_work="Chantier"),
        change(kind=Kind.QUOTE),
    ),
    (
        0,
        "quote_fee",
        change(kind=Kind.QUOTE, buyer={"is_business": False}),
        change(kind=Kind.QUOTE),
    ),
    (
        0,
        "waste",
        change(kind=Kind.QUOTE, waste="2 m3, déchetterie"),
        change(kind=Kind.QUOTE),
    ),
    (
        0,
        "withdrawal",
        change(kind=Kind.QUOTE, buyer={"is_business": False}, is_off_premises=True),
        change(kind=Kind.QUOTE, is_off_premises=True),
    ),
    (
        0,
        "mediator",
        change(seller={"mediator": "CM2C"}, buyer={"is_business": False}),
        change(seller={"mediator": "CM2C"}),
    ),
]


@pytest.mark.parametrize(
    ("row", "code", "carries", "does_not"), ROWS, ids=[f"{r[0]}-{r[1]}" for r in ROWS]
)
def test_row(row, code, carries, does_not):
    assert code in codes(carries)
    assert {m.row for m in TABLE if m.code == code} == {row}
    if does_not is not None:
        assert code not in codes(does_not)


def test_every_row_of_the_table_is_tested():
    assert {row[1] for row in ROWS} == set(CODES)
    assert {row[0] for row in ROWS} == set(range(29))


def test_an_ordinary_invoice_lacks_nothing():
    assert missing(INVOICE) == []


def test_an_empty_seller_lacks_everything_it_must_print():
    nobody = change(
        seller={
            "name": "",
            "siren": "",
            "vat": "",
            "legal_form": "",
            "capital": "",
            "registry": "",
        }
    )
    assert missing(nobody) == [
        "seller_identity",
        "legal_form",
        "capital",
        "seller_siren",
        "registry",
        "seller_vat",
    ]


@pytest.mark.parametrize("net", ["150", "149.99"])
def test_the_vat_number_of_the_seller_may_be_absent_up_to_150_euros(net):
    small = change(seller={"vat": ""}, net=Decimal(net))
    assert missing(small) == []
    assert "seller_vat" in missing(change(seller={"vat": ""}, net=Decimal("150.01")))
    assert "seller_vat" in codes(change(net=Decimal(net)))  # printed when known


def test_a_consumer_gets_no_terms_between_professionals():
    facts = replace(INVOICE, buyer=CONSUMER)
    professional = {
        "buyer_siren",
        "late_penalty",
        "recovery_fee",
        "early_discount",
        "no_early_discount",
        "order_number",
    }
    assert not professional & set(codes(facts))
    assert "due_date" in codes(facts)
    assert missing(replace(facts, due_day=None)) == ["mediator"]
    assert missing(change(due_day=None)) == ["due_date"]


def test_an_exempt_line_without_its_article_is_a_fault_even_beside_a_good_one():
    bases = (TaxBase(Decimal(0), "exempt", "a. 261"), TaxBase(Decimal(0), "exempt"))
    assert missing(change(bases=bases)) == ["exempt"]


def test_a_franchise_never_prints_a_vat_number_nor_vat():
    seller = {"is_franchise": True, "vat": ""}
    facts = untaxed("franchise", seller=seller)
    assert missing(facts) == []
    assert not {"seller_vat", "totals_per_rate", "debits"} & set(codes(facts))


def test_a_quote_has_no_terms_of_payment_but_a_validity():
    quote = change(kind=Kind.QUOTE)
    assert not {"due_date", "late_penalty", "recovery_fee"} & set(codes(quote))
    assert missing(change(quote, valid_until=None)) == ["quote_validity"]


def test_a_credit_note_cites_number_and_date_of_each_invoice():
    note = change(
        kind=Kind.CREDIT_NOTE,
        originals=(Reference("F1", DAY), Reference("F2", date(2026, 1, 2))),
    )
    due = next(d for d in decide(note) if d.mention.code == "original_invoice")
    assert due.values == {"originals": "F1 du 20/11/2026, F2 du 02/01/2026"}
    assert "original_invoice" in missing(change(kind=Kind.CREDIT_NOTE))


def test_a_self_billed_document_asks_nothing_of_the_supplier_s_own_papers():
    codes_ = codes(change(kind=Kind.SELF_BILLED))
    assert not {"legal_form", "capital", "registry", "insurance"} & set(codes_)
    foreign = change(kind=Kind.SELF_BILLED, seller={"is_french": False})
    assert "seller_siren" not in codes(foreign)


@pytest.mark.parametrize(
    ("clue", "reason", "case"),
    [
        (("", "EU", "goods"), "", "intra_goods"),
        (("", "EU", "services"), "", "reverse_charge"),
        (("", "OUT", "goods"), "", "export"),
        (("", "OUT", "services"), "", "out_of_scope"),
        (("", "FR", "services"), "", "exempt"),
        (("AE", "FR", "services"), "", "reverse_charge_building"),
        (("AE", "EU", "services"), "", "reverse_charge"),
        (("K", "EU", "services"), "", "intra_goods"),
        (("G", "OUT", "goods"), "", "export"),
        (("O", "FR", "services"), "", "out_of_scope"),
        (("E", "FR", "goods"), "VATEX-EU-F", "margin"),
        (("E", "FR", "services"), "VATEX-EU-309", "travel_agency"),
        (("E", "FR", "services"), "VATEX-FR-FRANCHISE", "franchise"),
        (("S", "FR", "services"), "", "exempt"),
    ],
)
def test_case_of_a_line_without_vat(clue, reason, case):
    assert exemptions.find_case(exemptions.Clue(*clue), reason) == case
    small = exemptions.find_case(exemptions.Clue(*clue), reason, is_franchise=True)
    assert small == "franchise"


def test_values_are_known_without_a_document():
    assert list_values("seller_identity") == ("name", "address")
    assert list_values("custom") == ()

"""The completed XML, judged by the public rule engines without any Odoo."""

import importlib.util
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from odoo.addons.l10n_fr_crm_billing.lib.document_kind import DocumentKind
from odoo.addons.l10n_fr_crm_billing.lib.facturx_check import find_problems
from odoo.addons.l10n_fr_crm_billing.lib.facturx_document import (
    Address,
    Document,
    Line,
    Party,
    Reference,
    TaxGroup,
    Totals,
)
from odoo.addons.l10n_fr_crm_billing.lib.facturx_xml import NS, complete

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT.parent / "shared/france/facturx"
D = Decimal

# What core's template leaves to us, reduced to the elements we keep.
CORE = f"""<rsm:CrossIndustryInvoice xmlns:rsm="{NS["rsm"]}" xmlns:ram="{NS["ram"]}"
 xmlns:udt="{NS["udt"]}"><rsm:ExchangedDocumentContext/><rsm:ExchangedDocument/>
<rsm:SupplyChainTradeTransaction>
<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>
<ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct/><ram:SpecifiedLineTradeAgreement/>
<ram:SpecifiedLineTradeDelivery>
<ram:BilledQuantity unitCode="C62">0</ram:BilledQuantity>
</ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement>
<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>0
</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty/><ram:BuyerTradeParty/>
</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement>
<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
</ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""

PLACE = Address("FR", "12 rue des Tanneurs", "", "69007", "Lyon")
GOOD = Document(
    number="2026-F-0001",
    issued_on=date(2026, 10, 20),
    kind=DocumentKind("services", "b2b"),
    currency="EUR",
    seller=Party(
        name="Atelier Voltaire SAS",
        address=PLACE,
        siren="732829320",
        siret="73282932000074",
        vat="FR44732829320",
        endpoint="732829320",
        endpoint_scheme="0225",
    ),
    buyer=Party(
        name="Exemple Industrie SA",
        address=PLACE,
        siren="443061841",
        vat="FR64443061841",
        endpoint="443061841",
        endpoint_scheme="0225",
    ),
    lines=(Line(1, "Conseil", "", D(3), D(100), D(120), D(300), "S", D(20)),),
    taxes=(TaxGroup("S", D(20), D(300), D(60)),),
    totals=Totals(D(300), D(60), D(360), D(0), D(360)),
    due_on=date(2026, 11, 19),
    notes={"PMD": "Pénalités", "PMT": "40 euros", "AAB": "Pas d'escompte"},
)


def load_judge():
    path = ROOT / "addons/l10n_fr_crm_billing/tests/facturx_rules.py"
    spec = importlib.util.spec_from_file_location("facturx_rules", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.judge


def render(document):
    return etree.tostring(complete(etree.fromstring(CORE), document))


VARIANTS = {
    "plain": GOOD,
    "rounding": replace(
        GOOD, totals=Totals(D(300), D(60), D(360), D(100), D("260.01"))
    ),
    "order_and_delivery": replace(
        GOOD, order_number="BC-1", ship_to=GOOD.buyer, delivered_on=date(2026, 10, 1)
    ),
    "credit_note": replace(
        GOOD,
        kind=replace(GOOD.kind, is_credit_note=True),
        references=(Reference("2026-F-0000", date(2026, 9, 1)),),
    ),
    "foreign_currency": replace(
        GOOD,
        currency="USD",
        totals=replace(GOOD.totals, tax_in_euro=D("54.55")),
    ),
}


def test_the_engines_accept_what_the_facts_say(tmp_path):
    paths = []
    for name, document in VARIANTS.items():
        assert find_problems(document) == []
        content = render(document)
        if document.currency != "EUR":
            content = content.replace(b">EUR</ram:Inv", b">USD</ram:Inv")
        paths.append(tmp_path / f"{name}.xml")
        paths[-1].write_bytes(content)
    for path, answer in load_judge()(paths).items():
        assert answer == {key: [] for key in answer}, path


def test_the_engines_judge_the_known_files():
    files = sorted(VECTORS.glob("*.xml"))
    if not files:
        pytest.skip("the vectors are not beside the checkout")
    for path, answer in load_judge()(files).items():
        is_good = not any(answer.values())
        assert is_good == Path(path).name.startswith("good_"), (path, answer)


def test_what_is_kept_and_what_is_written():
    tree = etree.fromstring(render(GOOD))
    assert tree.findtext(".//ram:BilledQuantity", namespaces=NS) == "3.00"
    assert tree.find(".//ram:BilledQuantity", NS).get("unitCode") == "C62"
    gross = tree.findtext(
        ".//ram:GrossPriceProductTradePrice/ram:ChargeAmount", namespaces=NS
    )
    discount = tree.findtext(
        ".//ram:AppliedTradeAllowanceCharge/ram:ActualAmount", namespaces=NS
    )
    assert (gross, discount) == ("120.00", "20.00")


def test_a_deducted_line_leaves_and_the_others_are_numbered():
    core = CORE.replace("<ram:LineID>1<", "<ram:LineID>7<")
    moved = replace(GOOD, lines=(replace(GOOD.lines[0], index=7),))
    tree = complete(etree.fromstring(core), moved)
    assert tree.findtext(".//ram:LineID", namespaces=NS) == "1"
    tree = complete(etree.fromstring(core), replace(GOOD, lines=()))
    assert tree.find(".//ram:LineID", NS) is None


def test_a_template_without_a_section_is_said():
    with pytest.raises(ValueError, match="ExchangedDocument"):
        complete(etree.fromstring(f'<r xmlns="{NS["rsm"]}"/>'), GOOD)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": "F 1"}, "number_charset"),
        ({"number": "F" * 36}, "number_length"),
        ({"seller": replace(GOOD.seller, siren="")}, "seller_siren"),
        ({"buyer": replace(GOOD.buyer, siren="")}, "buyer_siren"),
        ({"buyer": replace(GOOD.buyer, endpoint="")}, "buyer_endpoint"),
        ({"buyer": replace(GOOD.buyer, endpoint="1 2")}, "buyer_endpoint_charset"),
        ({"buyer": replace(GOOD.buyer, endpoint="123456789")}, "buyer_endpoint_siren"),
        ({"buyer": replace(GOOD.buyer, siret="1" * 14)}, "buyer_siret"),
        ({"buyer": replace(GOOD.buyer, address=Address(""))}, "buyer_country"),
        ({"notes": {}}, "note"),
        ({"due_on": date(2026, 1, 1)}, "due_before_issue"),
        ({"issued_on": date(1999, 1, 1)}, "year"),
        ({"taxes": (TaxGroup("L", D(7), D(1), D(0)),)}, "vat_category"),
        ({"taxes": (TaxGroup("S", D(18), D(1), D(0)),)}, "vat_rate"),
        ({"taxes": (TaxGroup("S", D(0), D(1), D(0)),)}, "vat_rate_zero"),
        (
            {"taxes": (*GOOD.taxes, TaxGroup("O", None, D(1), D(0)))},
            "vat_out_of_scope_mixed",
        ),
        (
            {
                "taxes": (TaxGroup("K", D(0), D(1), D(0)),),
                "buyer": replace(GOOD.buyer, vat=""),
            },
            "buyer_vat",
        ),
        ({"kind": replace(GOOD.kind, is_credit_note=True)}, "reference"),
    ],
)
def test_each_fault_is_named(change, code):
    assert code in {problem.code for problem in find_problems(replace(GOOD, **change))}

from pathlib import Path

from lxml import etree

from odoo import Command

from ..lib.facturx_xml import NS
from .facturx_common import NOTES, FacturxCommon
from .facturx_rules import judge

SHARED = Path(__file__).resolve().parents[4] / "shared/france"


class TestFacturxBad(FacturxCommon):
    """The judges can say no, and our own check says it first, in words."""

    def spoil(self, xml, path, text=None):
        """Replace the text of an element, or remove it when there is none."""
        tree = etree.fromstring(xml)
        element = tree.find(f".//{path}", NS)
        if text is None:
            element.getparent().remove(element)
        else:
            element.text = text
        return etree.tostring(tree)

    def test_the_engine_refuses_what_is_wrong(self):
        move = self.invoice(self.line(self.service, 3, 100, self.vat_20))
        good = self.export(move)
        party = "ram:SellerTradeParty/"
        bad = {
            "BR-FR-02_BT-1": ("rsm:ExchangedDocument/ram:ID", "F 2026 1"),
            "BR-FR-08_BT-23": (
                "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID",
                "X9",
            ),
            "BR-FR-10_BT-30": (f"{party}ram:SpecifiedLegalOrganization", None),
            "BR-FR-16_BT-152": (
                "ram:SpecifiedLineTradeSettlement//ram:RateApplicablePercent",
                "18.00",
            ),
            "BR-FR-CO-07_BT-9": ("ram:DueDateDateTime/udt:DateTimeString", "20260101"),
            "BR-CO-15": ("ram:GrandTotalAmount", "999.00"),
            "BR-FR-09_BT-29": (f"{party}ram:GlobalID", "44306184100047"),
            "BR-FR-13_BT-34": (f"{party}ram:URIUniversalCommunication", None),
        }
        documents = {rule: self.spoil(good, *how) for rule, how in bad.items()}
        answers = self.judge({**documents, "good": good})
        self.assertEqual({key: [] for key in answers["good"]}, answers.pop("good"))
        for rule, answer in answers.items():
            with self.subTest(rule=rule):
                self.assertIn(rule, answer["fr"] + answer["fx"])
        broken = self.spoil(good, "rsm:ExchangedDocument/ram:TypeCode")
        self.assertTrue(self.judge({"broken": broken})["broken"]["xsd"])

    def test_the_known_files_are_judged_as_known(self):
        files = sorted(SHARED.glob("facturx/*.xml"))
        if not files:
            self.skipTest("the vectors are not beside the checkout")
        for path, answer in judge(files).items():
            with self.subTest(file=Path(path).name):
                found = [rule for rules in answer.values() for rule in rules]
                self.assertEqual(not found, Path(path).name.startswith("good_"))

    def problems(self, move):
        return {problem.code for problem in move._get_facturx_problems()}

    def test_missing_data_is_named_before_the_platform_refuses(self):
        line = self.line(self.service, 1, 100, self.vat_20)
        bare = self.env["res.partner"].create(
            {"name": "Sans Numéro SARL", "is_company": True}
        )
        move = self.invoice(line, post=False, partner_id=bare.id)
        self.assertLessEqual(
            {"buyer_siren", "buyer_country", "buyer_endpoint"}, self.problems(move)
        )
        refund = self.invoice(line, post=False, move_type="out_refund")
        self.assertIn("reference", self.problems(refund))
        late = self.invoice(line, post=False, invoice_date_due="2026-01-01")
        self.assertIn("due_before_issue", self.problems(late))
        strange = self.vat_20.copy({"name": "18 %", "amount": 18})
        move = self.invoice(self.line(self.service, 1, 100, strange), post=False)
        self.assertIn("vat_rate", self.problems(move))
        german = self.env["res.partner"].create(
            {
                "name": "Beispiel GmbH",
                "is_company": True,
                "country_id": self.env.ref("base.de").id,
            }
        )
        tax = self._tax("tva_sale_good_intra_0")
        move = self.invoice(
            self.line(self.goods, 1, 100, tax), post=False, partner_id=german.id
        )
        self.assertIn("buyer_vat", self.problems(move))
        self.use_notes({"PMD": NOTES["PMD"]})
        move = self.invoice(line, post=False)
        self.assertIn("note", self.problems(move))
        for problem in move._get_facturx_problems():
            sentence = move._get_facturx_problem_message(problem)
            self.assertIn(problem.rule, sentence)
            self.assertGreater(len(sentence), 40)

    def test_each_trouble_has_its_own_sentence(self):
        from ..lib.facturx_check import Problem

        move = self.invoice(self.line(self.service, 1, 100, self.vat_20), post=False)
        codes = (
            "number_length number_charset reference seller_siren buyer_siren"
            " seller_siret buyer_siret seller_country buyer_country seller_endpoint"
            " buyer_endpoint buyer_vat vat_category vat_rate"
        ).split()
        sentences = {
            move._get_facturx_trouble(Problem(code, "BR", "x")) for code in codes
        }
        self.assertEqual(len(sentences), len(codes))
        dated = move._get_facturx_trouble(
            Problem("due_before_issue", "BR-FR-CO-07", "2026-01-01")
        )
        self.assertIn("2026", dated)

    def test_the_export_is_refused_with_the_remedy(self):
        bare = self.env["res.partner"].create(
            {
                "name": "Sans Numéro SARL",
                "is_company": True,
                "country_id": self.env.ref("base.fr").id,
            }
        )
        move = self.invoice(
            self.line(self.service, 1, 100, self.vat_20), post=False, partner_id=bare.id
        )
        _xml, errors = self.env["account.edi.xml.cii"]._export_invoice(move)
        self.assertTrue(any("Sans Numéro SARL" in error for error in errors), errors)

    def test_a_foreign_company_keeps_cores_document(self):
        move = self.invoice(self.line(self.service, 1, 100, self.vat_20), post=False)
        self.company.account_fiscal_country_id = self.env.ref("base.be")
        self.assertFalse(move._is_fr_facturx())
        xml, _errors = self.env["account.edi.xml.cii"]._export_invoice(move)
        self.assertIsNone(
            self.find(xml, "ram:BusinessProcessSpecifiedDocumentContextParameter")
        )

    def test_our_deposits_are_read_back(self):
        edi = self.env["account.edi.xml.cii"]
        for code, expected in (
            ("386", ("invoice", 1)),
            ("503", ("refund", 1)),
            ("381", ("refund", 1)),
            ("380", ("invoice", 1)),
        ):
            tree = etree.fromstring(
                f'<r xmlns="{NS["rsm"]}"><ExchangedDocument>'
                f"<TypeCode>{code}</TypeCode></ExchangedDocument></r>"
            )
            self.assertEqual(edi._get_import_document_amount_sign(tree), expected)

    def test_debits_option_and_franchise(self):
        self.company.fr_vat_on_debits = True
        debits = self.export(self.invoice(self.line(self.service, 1, 300, self.vat_20)))
        self.company.fr_vat_on_debits = False
        self.company.fr_vat_regime = "franchise"
        self.company.vat = False
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-10-20",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.service.id,
                            "price_unit": 800,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        franchise = self.export(move)
        self.assertConforming({"debits": debits, "franchise": franchise})
        self.assertEqual(self.find(debits, "ram:DueDateTypeCode"), "5")
        self.assertIn("TXD", self.notes(debits))
        self.assertEqual(
            self.find(franchise, "ram:ExemptionReasonCode"), "VATEX-FR-FRANCHISE"
        )
        self.assertEqual(
            self.find(franchise, "ram:SpecifiedTaxRegistration/ram:ID[@schemeID='FC']"),
            "732829320",
        )

import tempfile
from pathlib import Path
from unittest.mock import patch

from lxml import etree

from odoo import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..lib.facturx_xml import NS
from .facturx_rules import judge

NOTES = {
    "PMD": "Pénalités de retard : trois fois le taux de l'intérêt légal.",
    "PMT": "Indemnité forfaitaire pour frais de recouvrement : 40 euros.",
    "AAB": "Pas d'escompte pour paiement anticipé.",
}


@tagged("post_install", "-at_install")
class FacturxCommon(AccountTestInvoicingCommon):
    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        france = cls.env.ref("base.fr")
        cls.company = cls.company_data["company"]
        cls.company.write(
            {
                "name": "Atelier Voltaire SAS",
                "street": "12 rue des Tanneurs",
                "zip": "69007",
                "city": "Lyon",
                "vat": "FR44732829320",
                "company_registry": "73282932000074",
                "tax_calculation_rounding_method": "round_globally",
                "fr_legal_form": "sas",
                "fr_share_capital": 10000,
                "fr_registry_kind": "rcs",
                "fr_registry_town": "Lyon",
            }
        )
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": "FR7630006000011234567890189",
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Exemple Industrie SA",
                "is_company": True,
                "street": "22 avenue de Wagram",
                "zip": "75008",
                "city": "Paris",
                "country_id": france.id,
                "vat": "FR64443061841",
                "company_registry": "44306184100047",
                "lang": "fr_FR",
            }
        )
        cls.service = cls._product("Prestation de conseil", "service")
        cls.goods = cls._product("Livre imprimé", "consu")
        cls.vat_20_goods = cls._tax("tva_normale")
        cls.vat_20 = cls._tax("tva_normale_encaissement")
        cls.vat_55 = cls._tax("tva_reduite")

    @classmethod
    def _product(cls, name, product_type):
        return cls.env["product.product"].create({"name": name, "type": product_type})

    @classmethod
    def _tax(cls, name):
        tax = cls.env["account.chart.template"].ref(name)
        tax.active = True
        return tax

    def line(self, product, quantity, price, tax, **values):
        return Command.create(
            {
                "product_id": product.id,
                "quantity": quantity,
                "price_unit": price,
                "tax_ids": [Command.set(tax.ids)],
                **values,
            }
        )

    def invoice(self, *lines, post=True, **values):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-10-20",
                "invoice_date_due": "2026-11-19",
                "partner_bank_id": self.bank.id,
                "invoice_line_ids": list(lines),
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def export(self, move):
        xml, errors = self.env["account.edi.xml.cii"]._export_invoice(move)
        self.assertFalse(errors, f"{move.name}: {errors}")
        return xml

    def judge(self, documents):
        """Run the rule engine on {name: bytes}; return {name: answers}."""
        with tempfile.TemporaryDirectory() as folder:
            paths = {}
            for name, content in documents.items():
                path = Path(folder, f"{name}.xml")
                path.write_bytes(content)
                paths[str(path)] = name
            answers = judge([Path(path) for path in paths])
        return {paths[path]: answer for path, answer in answers.items()}

    def assertConforming(self, documents):
        for name, answer in self.judge(documents).items():
            with self.subTest(document=name):
                self.assertEqual({key: [] for key in answer}, answer)

    def find(self, xml, path):
        return etree.fromstring(xml).findtext(f".//{path}", namespaces=NS)

    def notes(self, xml):
        return {
            note.findtext("ram:SubjectCode", namespaces=NS): note.findtext(
                "ram:Content", namespaces=NS
            )
            for note in etree.fromstring(xml).iterfind(".//ram:IncludedNote", NS)
        }

    def use_notes(self, notes=None):
        """Let the document carry these notes, whatever the settings say."""
        patcher = patch.object(
            self.env.registry["account.move"],
            "_get_fr_invoice_notes",
            lambda move: dict(NOTES if notes is None else notes),
        )
        self.startPatcher(patcher)

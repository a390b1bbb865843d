from lxml import html

from odoo import Command, fields
from odoo.tests import new_test_user
from odoo.tools.misc import formatLang

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

TODAY = "2026-11-20"
LUMEN = {
    "name": "Agence Lumen",
    "street": "18 rue du Mail",
    "zip": "75002",
    "city": "Paris",
    "company_registry": "73282932000074",
    "vat": "FR44732829320",
    "fr_legal_form": "sas",
    "fr_share_capital": 10000,
    "fr_registry_kind": "rcs",
    "fr_registry_town": "Paris",
}


class FrenchMentionCase(AccountTestInvoicingCommon):
    """A complete French company, a French client, and the check switched on."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "test_fr_compliance": True})
        cls.company = cls.env.company
        cls.company.write(LUMEN)
        cls.france = cls.env.ref("base.fr")
        cls.client = cls.env["res.partner"].create(
            {
                "name": "Océane Cosmétiques",
                "is_company": True,
                "street": "14 rue du Port",
                "zip": "17000",
                "city": "La Rochelle",
                "country_id": cls.france.id,
                "company_registry": "55208131766522",
                "vat": "FR03552081317",
            }
        )
        cls.consumer = cls.env["res.partner"].create(
            {
                "name": "Paul Renard",
                "street": "3 rue Haute",
                "zip": "69001",
                "city": "Lyon",
                "country_id": cls.france.id,
            }
        )
        # Odoo's own words come out in English; the mentions are French for everybody.
        (cls.client + cls.consumer).lang = "en_US"
        cls.vat20 = cls._find_tax("tva_normale")
        cls.vat20_services = cls._find_tax("tva_normale_encaissement")
        cls.service = cls.env["product.product"].create(
            {"name": "Site", "type": "service", "taxes_id": cls.vat20_services.ids}
        )
        cls.goods = cls.env["product.product"].create(
            {"name": "Borne", "type": "consu", "taxes_id": cls.vat20.ids}
        )

    @classmethod
    def _find_tax(cls, name):
        tax = cls.env.ref(f"account.{cls.env.company.id}_{name}")
        tax.active = True
        return tax

    @classmethod
    def make_invoice(cls, lines=None, **values):
        """Create a draft; a line is (product, price) or (product, price, taxes)."""
        lines = lines or [(cls.service, 1000)]
        commands = [
            Command.create(
                {
                    "product_id": product.id,
                    "name": product.name or "Ligne",
                    "quantity": 1,
                    "price_unit": price,
                    "tax_ids": [
                        Command.set((taxes[0] if taxes else product.taxes_id).ids)
                    ],
                }
            )
            for product, price, *taxes in lines
        ]
        return cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.client.id,
                "invoice_date": fields.Date.to_date(TODAY),
                "invoice_line_ids": commands,
                **values,
            }
        )

    @classmethod
    def print_text(cls, record, report="account.account_invoices"):
        """Return the text of the BODY of the document, spaces made ordinary."""
        page = cls.env["ir.actions.report"]._render_qweb_html(report, record.ids)[0]
        tree = html.fromstring(page)
        for part in tree.xpath("//div[@class='header' or contains(@class, 'footer')]"):
            part.getparent().remove(part)
        return cls.plain(tree.text_content())

    @classmethod
    def plain(cls, text):
        """Return a text with ordinary spaces, without invisible characters."""
        for space in ("\u00a0", "\u202f"):
            text = text.replace(space, " ")
        return " ".join(text.replace("\ufeff", "").split())

    @classmethod
    def write_amount(cls, amount):
        """Return an amount as Odoo prints it in the language of the clients."""
        env = cls.env(context={**cls.env.context, "lang": "en_US"})
        return cls.plain(formatLang(env, amount))

    @classmethod
    def codes_of(cls, record):
        """Return what is found, apart from the advice on electronic invoices."""
        return {
            item["code"]: item["level"]
            for item in record._get_fr_checklist()
            if not item["code"].startswith("facturx_")
        }

    @classmethod
    def make_user(cls, login, groups):
        return new_test_user(cls.env, login, groups=groups, company_id=cls.company.id)

from odoo.tests import tagged

from odoo.addons.crm_documents.tests.common import DocumentCase


def plain(text):
    return " ".join(str(text).replace("&nbsp;", " ").split())


@tagged("post_install", "-at_install")
class TestQuoteDocuments(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.group_ids |= cls.env.ref("sales_team.group_sale_salesman")
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "TVA 20",
                "amount": 20,
                "company_id": cls.company.id,
                "tax_group_id": cls.env["account.tax.group"]
                .create({"name": "TVA", "company_id": cls.company.id})
                .id,
                "country_id": cls.env.ref("base.fr").id,
            }
        )
        Product = cls.env["product.product"]
        lines = []
        for name, quantity, price in (
            ("Cadrage", 4, 800),
            ("Développement", 20, 720),
            ("Support", 10, 600),
            ("Formation", 2, 700),
        ):
            product = Product.create({"name": name, "type": "service"})
            lines.append(
                {
                    "product_id": product.id,
                    "name": name,
                    "product_uom_qty": quantity,
                    "price_unit": price,
                    "tax_ids": [(6, 0, cls.tax.ids)],
                }
            )
        cls.order = (
            cls.env["sale.order"]
            .with_company(cls.company)
            .create(
                {
                    "partner_id": cls.contact.id,
                    "company_id": cls.company.id,
                    "user_id": cls.seller.id,
                    "date_order": "2026-03-01 23:30:00",
                    "validity_date": "2026-04-01",
                    "order_line": [
                        (0, 0, {"display_type": "line_section", "name": "Lot 1"}),
                        *((0, 0, line) for line in lines),
                    ],
                }
            )
        )

    def fill(self, template):
        wizard = self.open_wizard(self.order, template=template)
        wizard.action_fill()
        return wizard

    def shipped(self, name):
        return self.env.ref(f"crm_documents_sale.template_{name}")

    def test_a_quote_is_offered_with_its_lines_and_totals(self):
        values = self.env["crm.document.values"]._get_values(
            self.order.with_user(self.seller), "fr_FR"
        )
        quote = values["devis"]
        self.assertEqual(
            [row["designation"].text for row in quote["lignes"]],
            ["Cadrage", "Développement", "Support", "Formation"],
        )
        self.assertEqual(plain(quote["total_ht"].text), "25 000,00 €")
        self.assertEqual(plain(quote["total_tva"].text), "5 000,00 €")
        self.assertEqual(plain(quote["total_ttc"].text), "30 000,00 €")
        self.assertEqual(quote["date"].text, "2 mars 2026")
        self.assertEqual(quote["validite"].text, "1er avril 2026")
        heading = quote["lignes_et_titres"][0]
        self.assertEqual(heading["titre"].text, "Lot 1")
        self.assertTrue(heading["total_ht"].is_missing)

    def test_a_template_reads_what_is_offered_of_a_quote_and_nothing_else(self):
        self.check_offers(self.order)

    def test_the_proposal_carries_client_contact_lines_and_totals(self):
        wizard = self.fill(self.shipped("proposal_ai"))
        self.assertEqual(len(wizard.option_ids), 3)
        text = plain(wizard.body_html)
        for expected in (
            "TechCorp &amp; fils",
            "Claire Martin, Directrice",
            "Formation",
            "25 000,00 €",
            "5 000,00 €",
            "30 000,00 €",
            "720,00 €",
        ):
            self.assertIn(expected, text)
        self.assertNotIn("{%", text)
        wizard.body_html = wizard.body_html.replace(
            "Nous avançons par étapes courtes", "Nous suivons votre méthode"
        )
        wizard.is_incomplete_accepted = True
        with self.printing_nothing():
            document = self.env["crm.document"].browse(wizard.action_make()["res_id"])
        self.assertIn("Nous suivons votre méthode", document.body_html)

    def test_every_shipped_template_is_filled_without_a_mark_but_missing_facts(self):
        self.company.write(
            {
                "street": "2 rue Neuve",
                "city": "Lyon",
                "company_registry": "73282932000074",
                "vat": "FR44732829320",
            }
        )
        self.client.company_registry = "55208131766522"
        for name in ("proposal_ai", "service_contract", "amendment"):
            wizard = self.fill(self.shipped(name))
            self.assertFalse(wizard.missing_ids.mapped("path"), name)
            self.assertIn("{{sign:1}}", wizard.body_html)

    def test_a_changed_quote_outdates_its_document(self):
        document = self.make_document(self.order, template=self.shipped("proposal_ai"))
        self.assertFalse(document.outdated_reason)
        self.order.order_line[1].price_unit = 810
        document.invalidate_recordset()
        self.assertIn(self.order.name, document.outdated_reason)

    def test_the_button_of_a_quote_counts_its_documents(self):
        self.make_document(self.order, template=self.shipped("amendment"))
        self.order.invalidate_recordset()
        self.assertEqual(self.order.with_user(self.seller).crm_document_count, 1)

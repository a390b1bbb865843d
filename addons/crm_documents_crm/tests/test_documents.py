from odoo.tests import tagged

from odoo.addons.crm_documents.tests.common import DocumentCase


@tagged("post_install", "-at_install")
class TestDealDocuments(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.seller, cls.colleague):
            user.group_ids |= cls.env.ref("sales_team.group_sale_salesman")
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Assistant interne",
                "type": "opportunity",
                "user_id": cls.seller.id,
                "company_id": cls.company.id,
                "team_id": False,
                "partner_id": cls.contact.id,
                "expected_revenue": 25000,
                "date_deadline": "2026-04-01",
            }
        )
        cls.deal_template = cls.env["crm.document.template"].create(
            {
                "name": "Note",
                "res_model": "crm.lead",
                "body_html": "<p>{{ affaire.nom }} : {{ affaire.montant }} pour"
                " {{ client.nom }}, le {{ affaire.echeance }}</p>",
            }
        )

    def test_a_deal_is_written_in_its_document(self):
        document = self.make_document(self.lead, template=self.deal_template)
        text = " ".join(str(document.body_html).replace("&nbsp;", " ").split())
        self.assertIn(
            "Assistant interne : 25 000,00 € pour TechCorp &amp; fils, le 1er avril"
            " 2026",
            text,
        )
        self.assertEqual(document.partner_id, self.contact)
        self.assertEqual(self.lead.with_user(self.seller).crm_document_count, 1)

    def test_a_template_reads_what_is_offered_of_a_deal_and_nothing_else(self):
        self.check_offers(self.lead)

    def test_a_lead_without_a_contact_names_its_client(self):
        self.lead.write(
            {
                "partner_id": False,
                "partner_name": "Maison Roux",
                "contact_name": "Paul Roux",
                "city": "Nantes",
            }
        )
        values = self.env["crm.document.values"]._get_values(self.lead, "fr_FR")
        self.assertEqual(values["client"]["nom"].text, "Maison Roux")
        self.assertEqual(values["contact"]["nom"].text, "Paul Roux")
        self.assertEqual(values["client"]["ville"].text, "Nantes")
        document = self.make_document(self.lead, template=self.deal_template)
        self.assertIn("Maison Roux", document.body_html)
        self.assertFalse(document.partner_id)

    def test_the_documents_of_a_colleagues_deal_are_hidden(self):
        document = self.make_document(self.lead, template=self.deal_template)
        found = document.with_user(self.colleague).search([("id", "=", document.id)])
        self.assertFalse(found)
        self.assertFalse(document.with_user(self.colleague).has_access("read"))
        self.assertTrue(document.with_user(self.admin).has_access("read"))

from odoo.tests import tagged

from odoo.addons.crm_documents.tests.common import DocumentCase


@tagged("post_install", "-at_install")
class TestQuotesOfDeals(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.group_ids |= cls.env.ref("sales_team.group_sale_salesman")
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Assistant interne",
                "type": "opportunity",
                "user_id": cls.seller.id,
                "company_id": cls.company.id,
                "team_id": False,
                "partner_id": cls.contact.id,
            }
        )
        cls.orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": cls.contact.id,
                    "company_id": cls.company.id,
                    "user_id": cls.seller.id,
                    "opportunity_id": cls.lead.id,
                    "date_order": f"2026-03-0{day}",
                }
                for day in (1, 3, 2)
            ]
        )

    def values(self, record):
        model = self.env["crm.document.values"].with_user(self.seller)
        return model._get_values(record.with_user(self.seller), "fr_FR")

    def test_a_quote_names_its_deal(self):
        values = self.values(self.orders[0])
        self.assertEqual(values["affaire"]["nom"].text, "Assistant interne")

    def test_a_deal_offers_its_last_quote(self):
        values = self.values(self.lead)
        self.assertEqual(values["devis"]["numero"].text, self.orders[1].name)
        self.orders[1].state = "cancel"
        values = self.values(self.lead)
        self.assertEqual(values["devis"]["numero"].text, self.orders[2].name)

    def test_a_deal_that_is_not_shown_is_left_blank(self):
        self.lead.user_id = self.colleague
        values = self.values(self.orders[0])
        self.assertTrue(values["affaire"]["nom"].is_missing)

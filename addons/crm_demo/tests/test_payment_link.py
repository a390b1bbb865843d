import os
from collections import Counter
from unittest.mock import patch

from odoo.tests import tagged

from .common import StoryCase


@tagged("post_install", "-at_install")
class TestPaymentLink(StoryCase):
    """Stripe accounts of the two companies, and what became of their links."""

    def setUp(self):
        super().setUp()
        if self.env["crm.secret"]._status() != "ok":
            self.skipTest("no encryption key: the chapter is put off by design")

    def links_of(self, company):
        return self.env["crm.payment.link"].search([("company_id", "=", company.id)])

    def test_each_company_has_its_own_account(self):
        connections = self.recall("connection", "lumen")
        connections += self.recall("connection", "nadia")
        self.assertEqual(connections.company_id, self.lumen + self.nadia)
        keys = connections.payment_provider_id.mapped("stripe_secret_key")
        self.assertEqual(keys, ["sk_test_standin", "sk_test_standin_2"])
        self.assertEqual(set(connections.mapped("environment")), {"test"})

    def test_freelance_has_links_paid_waiting_and_expired(self):
        states = Counter(self.links_of(self.nadia).mapped("state"))
        self.assertEqual(states, {"paid": 1, "waiting": 1, "expired": 1})

    def test_agency_has_links_in_other_states(self):
        states = set(self.links_of(self.lumen).mapped("state"))
        self.assertLessEqual({"waiting", "paid", "processing", "refunded"}, states)

    def test_paid_link_paid_the_invoice(self):
        lead = self.recall("deal", "roux_photos")
        self.assertEqual(lead.payment_link_state, "paid")
        self.assertAlmostEqual(lead.payment_link_days, 3, delta=0.2)
        invoice = self.recall("invoice", "roux_photos")
        self.assertEqual(invoice.payment_state, "paid")
        payment = lead.payment_link_id.sudo().transaction_id.payment_id
        self.assertEqual(payment.date, lead.payment_link_date_paid)

    def test_agency_is_paid_with_vat_and_freelance_as_agreed(self):
        for link in self.links_of(self.lumen):
            self.assertAlmostEqual(link.amount, link.lead_id.expected_revenue * 1.2, 2)
        for link in self.links_of(self.nadia):
            self.assertEqual(link.amount, link.lead_id.expected_revenue)

    def test_nothing_is_left_to_complete_or_to_send(self):
        links = self.env["crm.payment.link"].search([])
        self.assertFalse(any(link.booking_note for link in links))
        exchanges = self.env["crm.exchange"].search([])
        self.assertTrue(exchanges)
        self.assertEqual(set(exchanges.mapped("state")), {"done"})

    def test_messages_are_logged_in_the_order_they_came(self):
        exchanges = self.env["crm.exchange"].search([], order="id")
        days = exchanges.mapped("create_date")
        self.assertEqual(days, sorted(days))

    def test_links_are_as_old_as_their_deals(self):
        for link in self.env["crm.payment.link"].search([]):
            self.assertGreater(link.create_date, link.lead_id.date_closed)
            if link.paid_at:
                self.assertGreater(link.paid_at, link.create_date)

    def test_accounts_follow_the_stand_in(self):
        with patch.dict(
            os.environ, {"CRM_STANDIN_STRIPE_URL": "http://127.0.0.1:18259/"}
        ):
            self.demo._sync_environment()
        self.assertEqual(
            self.recall("connection", "nadia").base_url, "http://127.0.0.1:18259"
        )

    def test_a_real_account_is_left_alone(self):
        connection = self.recall("connection", "nadia")
        connection.base_url = "https://api.stripe.com"
        with patch.dict(
            os.environ, {"CRM_STANDIN_STRIPE_URL": "http://127.0.0.1:18259"}
        ):
            self.demo._sync_environment()
        self.assertEqual(connection.base_url, "https://api.stripe.com")
        self.assertEqual(
            self.recall("connection", "lumen").base_url, "http://127.0.0.1:18259"
        )

    def test_winning_the_deal_and_one_click_ask_for_a_link(self):
        deal = self.recall("deal", "site_roux")
        nadia = self.recall("user", "nadia")
        deal = deal.with_user(nadia).with_company(self.nadia)
        deal.action_set_won()
        deal.action_create_payment_link()
        self.assertEqual(deal.payment_link_state, "creating")
        self.assertEqual(deal.payment_link_amount, 3600)

    def test_without_a_key_the_chapter_is_put_off(self):
        with patch.dict(os.environ, {"CRM_SECRET_KEY": "", "CRM_SECRET_KEY_FILE": ""}):
            self.assertFalse(self.demo._is_ready("stripe"))
            self.assertTrue(self.demo._is_ready("order"))

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import QuoteCase


@tagged("post_install", "-at_install")
class TestAcceptance(QuoteCase):
    """Accepting wins the deal at the accepted amount; what has lapsed is refused."""

    def lapse(self, order=None):
        today = fields.Date.context_today(self.order)
        (order or self.order).validity_date = fields.Date.subtract(today, days=1)

    def test_the_deal_is_won_at_the_accepted_amount(self):
        self.lead.expected_revenue = 99000
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.lead.won_status, "won")
        self.assertEqual(self.lead.expected_revenue, 21200)

    def test_the_deal_of_a_colleague_follows_too(self):
        self.lead.user_id = self.manager
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.lead.expected_revenue, 21200)

    def test_a_lost_deal_that_is_accepted_after_all(self):
        self.lead.action_set_lost()
        self.order.action_confirm()
        self.assertTrue(self.lead.active)
        self.assertEqual(self.lead.won_status, "won")

    def test_a_second_order_adds_up(self):
        self.order.action_confirm()
        self.make_order(order_line=[self.line("Option", 1, 800)]).action_confirm()
        self.assertEqual(self.lead.expected_revenue, 22000)

    def test_another_currency_is_converted(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "rate": 2,
                "name": "2020-01-01",
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": dollar.id, "company_id": self.company.id}
        )
        order = self.make_order(pricelist_id=pricelist.id)
        order.action_confirm()
        self.assertEqual(order.currency_id, dollar)
        self.assertEqual(self.lead.expected_revenue, 10600)

    def test_what_was_accepted_is_kept(self):
        self.send(self.order)
        self.edit(self.order)
        self.order.action_confirm()
        version = self.order._get_last_quote_version()
        self.assertEqual((version.label, version.reason), ("V2", "accepted"))
        self.assertEqual(self.events(self.order, "accepted").version_id, version)

    def test_an_order_without_a_deal_is_confirmed(self):
        order = self.make_order(opportunity_id=False)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_lapsed_quote_is_not_confirmed(self):
        self.lapse()
        with self.assertRaisesRegex(UserError, "expired"):
            self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "draft")
        self.order.validity_date = fields.Date.context_today(self.order)
        self.order.invalidate_recordset(["is_expired"])
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "sale")

    # The chain

    def test_without_the_setting_no_invoice(self):
        self.order.action_confirm()
        self.assertFalse(self.order.invoice_ids)

    def test_with_the_setting_the_deposit_is_drafted(self):
        self.company.write({"quote_chain_is_on": True, "quote_deposit_pct": 40})
        self.order.with_user(self.seller).action_confirm()
        (invoice,) = self.order.invoice_ids
        self.assertEqual(invoice.state, "draft")
        self.assertEqual(invoice.amount_total, 10176)
        self.assertEqual(self.lead.expected_revenue, 21200)

    def test_no_deposit_when_none_is_asked(self):
        self.company.write({"quote_chain_is_on": True, "quote_deposit_pct": 0})
        self.order.action_confirm()
        self.assertFalse(self.order.invoice_ids)

    def test_the_deposit_is_asked_once(self):
        self.company.write({"quote_chain_is_on": True})
        self.order.action_confirm()
        self.order._draft_deposit_invoice()
        self.assertEqual(len(self.order.invoice_ids), 1)

    def test_what_was_invoiced_before_gets_no_deposit(self):
        self.order.with_context(crm_quotes_skip_versions=True).action_confirm()
        self.order._create_invoices()
        self.order._draft_first_invoice(True)
        self.assertEqual(len(self.order.invoice_ids), 1)

    def test_the_task_is_in_the_language_of_the_seller(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.seller.lang = "fr_FR"
        self.assertEqual(self.order._speak_to_seller().env.lang, "fr_FR")

    def test_what_prevents_the_deposit_is_a_task_and_the_order_stands(self):
        self.company.write({"quote_chain_is_on": True})
        journals = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "sale")]
        )
        journals.active = False
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.order.invoice_ids)
        activity = self.order.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn("could not be drafted", activity.note)

    def test_a_deposit_is_a_percentage(self):
        for wrong in (-1, 100.5):
            with self.assertRaises(ValidationError):
                self.company.quote_deposit_pct = wrong

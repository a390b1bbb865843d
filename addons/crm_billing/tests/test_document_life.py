from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestDocumentLife(BillingCase):
    """A deal is copied, lost, merged or deleted; its money is never lost."""

    def test_copy_has_no_link(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link)
        self.deliver_all(self.connection)
        copy = self.lead.with_user(self.seller).copy()
        self.assertFalse(copy.payment_link_id)
        self.assertFalse(copy.payment_link_state)
        self.assertFalse(copy.payment_link_received)

    def test_lost_deal_closes_its_link(self):
        link = self.make_link(self.lead, self.connection)
        lead = self.lead.with_user(self.seller)
        lead.stage_id = self.env["crm.stage"].search([("is_won", "=", False)])[:1]
        self.assertEqual(link.state, "waiting", "opened again, not lost")
        lead.action_set_lost()
        self.assertEqual(link.state, "canceled")
        self.run_outgoing(self.connection)
        session_id = self.page_of(link).stripe_session_id
        session = self.account(self.connection).get("checkout.session", session_id)
        self.assertEqual(session["status"], "expired")

    def test_deleted_deal_closes_its_link(self):
        link = self.make_link(self.lead, self.connection)
        self.lead.unlink()
        self.assertEqual(link.state, "canceled")

    def test_money_for_a_deleted_deal_is_recorded_and_told(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link)
        self.lead.unlink()
        self.deliver_all(self.connection)
        self.assertEqual(link.state, "paid")
        self.assertEqual(self.page_of(link).payment_id.amount, 3600)
        bodies = self.connection.message_ids.mapped("body")
        self.assertTrue([b for b in bodies if "received" in b])

    def test_merged_deals_keep_the_link_of_the_deal_that_goes(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link)
        self.deliver_all(self.connection)
        other = self.make_deal(self.company, amount=10, user_id=self.seller.id)
        kept = (self.lead + other)._merge_opportunity()
        self.assertEqual(link.lead_id, kept)
        self.assertEqual(kept.payment_link_state, "paid")
        self.assertEqual(kept.payment_link_received, 3600)

    def test_merged_deals_keep_one_open_link(self):
        first = self.make_link(self.lead, self.connection)
        other = self.make_deal(self.company, amount=10, user_id=self.seller.id)
        second = self.make_link(other, self.connection)
        kept = (self.lead + other)._merge_opportunity()
        self.assertEqual(
            sorted((first + second).mapped("state")), ["canceled", "waiting"]
        )
        self.assertEqual((first + second).lead_id, kept)
        self.assertEqual(kept.payment_link_state, "waiting")

    def test_nobody_puts_a_link_or_a_payment_on_a_deal(self):
        link = self.make_link(self.lead, self.connection)
        mine = self.make_deal(self.company, user_id=self.seller.id)
        mine = mine.with_user(self.seller)
        for vals in (
            {"payment_link_id": link.id},
            {"payment_link_state": "paid", "payment_link_received": 5},
            {"payment_link_days": 1},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                mine.write(vals)
            with self.subTest(vals), self.assertRaises(AccessError):
                mine.create({"name": "x", **vals})
        sly = mine.with_context(default_payment_link_id=link.id)
        self.assertFalse(sly.create({"name": "x"}).payment_link_id)
        self.assertFalse(mine.payment_link_state)

    def test_address_stripe_cannot_read_is_not_sent(self):
        partner = self.lead.partner_id
        for text, sent in (
            ("Roux <roux@example.com>, autre@example.com", "roux@example.com"),
            ("sans adresse", None),
            (False, None),
        ):
            partner.email = text
            lead = self.make_deal(self.company, partner=partner)
            self.standin.state.requests.clear()
            self.make_link(lead, self.connection)
            params = self.calls("/v1/checkout/sessions")[0]["params"]
            self.assertEqual(params.get("customer_email"), sent)
            self.assertEqual(lead.payment_link_state, "waiting")

from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import BillingCase

PATH = "/v1/checkout/sessions"


@tagged("post_install", "-at_install")
class TestFaults(BillingCase):
    """Stripe answers wrongly, late or not at all: nothing is lost or doubled."""

    def _break(self, kind, count=1):
        self.admin("faults", kind=kind, count=count, path=PATH)

    def _try_again_later(self):
        later = fields.Datetime.now() + timedelta(minutes=10)
        with freeze_time(later):
            self.connection.sudo().resume_at = False
            self.run_outgoing(self.connection)

    def test_transient_faults_are_tried_again_with_the_same_key(self):
        for kind in ("500", "429", "reset", "lost_answer"):
            with self.subTest(kind):
                self.standin.state.requests.clear()
                lead = self.make_deal(self.company)
                sessions = len(self.account(self.connection).all("checkout.session"))
                self._break(kind)
                lead.action_create_payment_link()
                self.run_outgoing(self.connection)
                self.assertEqual(lead.payment_link_state, "creating")
                self.assertTrue(lead.payment_link_problem)
                self._try_again_later()
                self.assertEqual(lead.payment_link_state, "waiting")
                self.assertFalse(lead.payment_link_problem)
                keys = {call["idempotency_key"] for call in self.calls(PATH)}
                self.assertEqual(len(keys), 1)
                after = len(self.account(self.connection).all("checkout.session"))
                self.assertEqual(after - sessions, 1, "one page, whatever happened")

    def test_answer_that_is_not_stripe_fails_with_its_reason(self):
        for kind in ("garbage", "empty"):
            with self.subTest(kind):
                lead = self.make_deal(self.company)
                self._break(kind)
                lead.action_create_payment_link()
                self.run_outgoing(self.connection)
                self.assertEqual(lead.payment_link_state, "failed")
                self.assertIn("not JSON", lead.payment_link_problem)
                link = self.make_link(lead, self.connection)
                self.assertEqual(link.state, "waiting")

    def test_refused_key_waits_for_a_right_one(self):
        self.connection.stripe_secret_key = "sk_test_unknown"
        lead = self.make_deal(self.company)
        lead.action_create_payment_link()
        self.run_outgoing(self.connection)
        self.assertEqual(self.connection.state, "error")
        self.assertEqual(lead.payment_link_state, "creating")
        self.assertIn("Access refused", lead.payment_link_problem)
        self.assertIn("administrator corrects the keys", lead.payment_link_problem)
        self.connection.stripe_secret_key = "sk_test_nadia"
        self.run_outgoing(self.connection)
        self.assertEqual(lead.payment_link_state, "waiting")

    def test_connection_turned_off_says_so_on_the_deal(self):
        lead = self.make_deal(self.company)
        lead.action_create_payment_link()
        self.assertFalse(lead.payment_link_problem)
        self.connection.action_turn_off()
        self.assertIn("turned off", lead.payment_link_problem)

    def test_event_of_another_shape_fails_and_can_be_processed_again(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link)
        [event] = self.events(self.connection, "checkout.session.completed")
        broken = {**event, "id": "evt_broken", "data": {"object": {"object": "?"}}}
        self.assertEqual(self.deliver(self.connection, broken), 200)
        exchange = self.env["crm.exchange"].search([("remote_id", "=", "evt_broken")])
        self.assertEqual(exchange.state, "failed")
        self.assertEqual(self.lead.payment_link_state, "waiting")
        self.deliver(self.connection, event)
        self.assertEqual(self.lead.payment_link_state, "paid")

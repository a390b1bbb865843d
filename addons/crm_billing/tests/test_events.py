import random
import time
from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import BAD_IBAN, CARD, DISPUTED_CARD, GOOD_IBAN, BillingCase


@tagged("post_install", "-at_install")
class TestEvents(BillingCase):
    """Events twice, late, out of order, missing: the end is always the same."""

    def _settle(self, link):
        page = self.page_of(link)
        return self.admin("settle", session=page.stripe_session_id)

    def test_the_same_event_twice_does_nothing_more(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link)
        [event] = self.events(self.connection, "checkout.session.completed")
        self.assertEqual(self.deliver(self.connection, event), 200)
        paid_at = link.paid_at
        messages = len(self.lead.message_ids)
        self.assertEqual(self.deliver(self.connection, event), 200)
        exchanges = self.env["crm.exchange"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("remote_id", "=", event["id"]),
            ]
        )
        self.assertEqual(len(exchanges), 1)
        self.assertEqual(exchanges.state, "done")
        self.assertEqual(link.paid_at, paid_at)
        self.assertEqual(len(self.lead.message_ids), messages)

    def test_every_order_of_events_ends_refunded(self):
        kinds = ["checkout.session.completed", "charge.refunded"]
        for seed in range(4):
            lead = self.make_deal(self.company, amount=100 + seed)
            link = self.make_link(lead, self.connection)
            before = len(self.events(self.connection))
            self.pay(link)
            self.admin("refund", session=self.page_of(link).stripe_session_id)
            events = [
                event
                for event in self.events(self.connection)[before:]
                if event["type"] in kinds
            ]
            self.assertEqual(len(events), 2)
            events = [*events, *events]
            random.Random(seed).shuffle(events)
            for event in events:
                self.deliver(self.connection, event)
            self.run_outgoing(self.connection)
            self.assertEqual(lead.payment_link_state, "refunded", seed)
            self.assertEqual(link.refunded_amount, link.amount)
            self.assertEqual(lead.payment_link_received, 0)
            children = self.page_of(link).child_transaction_ids
            self.assertEqual(children.mapped("amount"), [-link.amount])

    def test_late_expired_after_paid_changes_nothing(self):
        link = self.make_link(self.lead, self.connection)
        session = self.pay(link)
        self.deliver_all(self.connection)
        late = {**session, "status": "expired", "payment_status": "unpaid"}
        event = self.admin(
            "emit",
            type="checkout.session.expired",
            object=late,
            secret_key="sk_test_nadia",
        )
        self.deliver(self.connection, event)
        self.assertEqual(self.lead.payment_link_state, "paid")
        self.assertEqual(self.page_of(link).state, "done")

    def test_bank_debit_is_in_progress_then_paid(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link, iban=GOOD_IBAN)
        self.deliver_all(self.connection)
        self.assertEqual(self.lead.payment_link_state, "processing")
        self.assertEqual(self.page_of(link).state, "pending")
        self.assertFalse(self.lead.payment_link_date_paid)
        self._settle(link)
        self.deliver_all(self.connection)
        self.assertEqual(self.lead.payment_link_state, "paid")

    def test_bank_debit_refused_by_the_bank(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link, iban=BAD_IBAN)
        self.deliver_all(self.connection)
        self._settle(link)
        self.deliver_all(self.connection)
        self.assertEqual(self.lead.payment_link_state, "failed")
        self.assertIn("refused", self.lead.payment_link_problem)
        self.assertEqual(self.page_of(link).state, "error")
        # A stray repeat of the first event does not revive it.
        [event] = self.events(self.connection, "checkout.session.completed")
        self.deliver(self.connection, {**event, "id": "evt_again"})
        self.assertEqual(self.lead.payment_link_state, "failed")

    def test_partial_then_full_refund(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link)
        self.deliver_all(self.connection)
        session = self.page_of(link).stripe_session_id
        self.admin("refund", session=session, amount=60000)
        self.deliver_all(self.connection)
        self.assertEqual(self.lead.payment_link_state, "part_refunded")
        self.assertEqual(self.lead.payment_link_received, 3000)
        self.admin("refund", session=session)
        self.deliver_all(self.connection)
        self.assertEqual(self.lead.payment_link_state, "refunded")
        amounts = self.page_of(link).child_transaction_ids.mapped("amount")
        self.assertEqual(sorted(amounts), [-3000, -600])

    def test_older_refund_event_does_not_bring_money_back(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link)
        session = self.page_of(link).stripe_session_id
        self.admin("refund", session=session, amount=60000)
        self.admin("refund", session=session)
        first, second = self.events(self.connection, "charge.refunded")
        self.deliver(self.connection, second)
        self.deliver(self.connection, first)
        self.assertEqual(self.lead.payment_link_state, "refunded")

    def test_refund_of_another_software_is_ignored_politely(self):
        self.make_link(self.lead, self.connection)
        event = self.admin(
            "emit",
            type="charge.refunded",
            secret_key="sk_test_nadia",
            object={
                "id": "ch_other",
                "object": "charge",
                "amount": 100,
                "amount_refunded": 100,
                "currency": "eur",
                "payment_intent": "pi_other",
                "metadata": {},
            },
        )
        self.assertEqual(self.deliver(self.connection, event), 200)
        exchange = self.env["crm.exchange"].search([("remote_id", "=", event["id"])])
        self.assertEqual(exchange.state, "ignored")

    def test_unknown_type_of_event_is_ignored_politely(self):
        event = self.admin(
            "emit",
            type="customer.created",
            object={"id": "cus_1", "object": "customer"},
            secret_key="sk_test_nadia",
        )
        self.assertEqual(self.deliver(self.connection, event), 200)
        exchange = self.env["crm.exchange"].search([("remote_id", "=", event["id"])])
        self.assertEqual(exchange.state, "ignored")

    def test_dispute_is_shown_and_somebody_must_answer(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link, card=DISPUTED_CARD)
        self.deliver_all(self.connection)
        self.assertEqual(self.lead.payment_link_state, "disputed")
        self.assertIn("fraudulent", self.lead.payment_link_problem)
        activity = self.lead.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.seller)
        [dispute] = self.account(self.connection).all("dispute")
        self.admin("close_dispute", dispute=dispute["id"], status="won")
        self.deliver_all(self.connection)
        self.assertEqual(self.lead.payment_link_state, "paid")

    def test_lost_dispute_leaves_nothing_received(self):
        self.pay(self.make_link(self.lead, self.connection), card=DISPUTED_CARD)
        self.deliver_all(self.connection)
        [dispute] = self.account(self.connection).all("dispute")
        self.admin("close_dispute", dispute=dispute["id"], status="lost")
        self.deliver_all(self.connection)
        self.assertEqual(self.lead.payment_link_state, "disputed")
        self.assertEqual(self.lead.payment_link_received, 0)
        self.assertIn("lost", self.lead.payment_link_problem)

    def test_dispute_that_overtakes_the_payment_is_not_lost(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link, card=DISPUTED_CARD)
        [event] = self.events(self.connection, "charge.dispute.created")
        self.deliver(self.connection, event)
        self.run_outgoing(self.connection)
        self.assertEqual(self.lead.payment_link_state, "disputed")
        self.deliver_all(self.connection)
        self.assertEqual(self.lead.payment_link_state, "disputed")
        self.assertEqual(self.page_of(link).state, "done")

    def test_wrong_amount_or_currency_is_never_paid(self):
        for change in ({"amount_total": 1000}, {"currency": "usd"}):
            lead = self.make_deal(self.company)
            link = self.make_link(lead, self.connection)
            before = len(self.events(self.connection))
            session = self.pay(link)
            del self.account(self.connection).events[before:]
            event = self.admin(
                "emit",
                type="checkout.session.completed",
                object={**session, **change},
                secret_key="sk_test_nadia",
            )
            self.deliver(self.connection, event)
            self.assertEqual(lead.payment_link_state, "failed")
            self.assertIn("instead of", lead.payment_link_problem)
            self.assertEqual(self.page_of(link).state, "error")
            self.assertFalse(self.page_of(link).payment_id)
            self.assertFalse(lead.payment_link_received)

    def test_hourly_check_finds_what_the_webhook_missed_and_says_so(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link)
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            link.sudo()._check_waiting(fields.Datetime.now())
            self.run_outgoing(self.connection)
        self.assertEqual(self.lead.payment_link_state, "paid")
        bodies = "".join(self.lead.message_ids.mapped("body"))
        self.assertIn("found by the hourly check", bodies)
        # The event at last: nothing happens twice.
        self.deliver_all(self.connection)
        self.assertEqual(len(self.page_of(link).payment_id), 1)
        self.assertEqual(self.lead.payment_link_state, "paid")

    def test_hourly_check_of_an_open_page_changes_nothing(self):
        link = self.make_link(self.lead, self.connection)
        messages = len(self.lead.message_ids)
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            link.sudo()._check_waiting(fields.Datetime.now())
            link.sudo()._check_waiting(fields.Datetime.now())
            self.run_outgoing(self.connection)
        path = f"/v1/checkout/sessions/{self.page_of(link).stripe_session_id}"
        self.assertEqual(len(self.calls(path, "GET")), 1)
        self.assertEqual(self.lead.payment_link_state, "waiting")
        self.assertEqual(len(self.lead.message_ids), messages)

    def test_cron_goes_through_all_waiting_links(self):
        link = self.make_link(self.lead, self.connection)
        self.page_of(link).flush_recordset()
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = create_date - interval '1h'"
            " WHERE id = %s",
            [self.page_of(link).id],
        )
        self.env.invalidate_all()
        self.pay(link)
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_billing.ir_cron_check_waiting_links"
            ).method_direct_trigger()
        self.run_outgoing(self.connection)
        self.assertEqual(self.lead.payment_link_state, "paid")

    def test_page_closed_in_stripe_before_its_time_expires_the_link(self):
        link = self.make_link(self.lead, self.connection)
        self.admin("expire", session=self.page_of(link).stripe_session_id)
        self.deliver_all(self.connection)
        self.assertEqual(self.lead.payment_link_state, "expired")
        self.assertEqual(self.page_of(link).state, "cancel")

    def test_daily_end_of_a_page_leaves_the_link_open(self):
        link = self.make_link(self.lead, self.connection)
        first = self.page_of(link)
        self.admin("expire", session=first.stripe_session_id)
        [event] = self.events(self.connection, "checkout.session.expired")
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            event["created"] += 25 * 3600
            self.deliver(self.connection, event)
            self.assertEqual(self.lead.payment_link_state, "waiting")
            self.assertEqual(first.state, "cancel")
            self.assertFalse(link.sudo()._get_live_page_url())
            self.assertTrue(link.sudo()._renew_page())
            self.standin.state.now = lambda: time.time()
            self.run_outgoing(self.connection)
        second = self.page_of(link)
        self.assertNotEqual(second, first)
        self.assertEqual(len(self.calls("/v1/checkout/sessions")), 2)

    def test_second_payment_of_one_link_is_recorded_and_said(self):
        link = self.make_link(self.lead, self.connection)
        first = self.page_of(link)
        link.sudo()._ask_page()
        self.run_outgoing(self.connection)
        second = self.page_of(link)
        for page in (first, second):
            self.admin("pay", session=page.stripe_session_id, card=CARD)
        self.deliver_all(self.connection)
        self.assertEqual((first | second).mapped("state"), ["done", "done"])
        self.assertEqual(self.lead.payment_link_state, "paid")
        bodies = "".join(self.lead.message_ids.mapped("body"))
        self.assertIn("second payment", bodies)

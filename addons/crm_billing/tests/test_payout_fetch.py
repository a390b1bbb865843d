from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..lib import stripe_payout as shapes
from .common_payout import PayoutCase


@tagged("post_install", "-at_install")
class TestPayoutFetch(PayoutCase):
    """What Stripe tells, late, twice, wrongly or not at all."""

    def key(self):
        return self.connection.payment_provider_id.stripe_secret_key

    def ask(self, path):
        return self.calls(path, method="GET")

    def make_due(self):
        """Time passes: what waits for its next attempt is due."""
        self.env["crm.exchange"].search(
            [("state", "=", "pending")]
        ).next_attempt_at = fields.Datetime.now()
        self.connection.sudo().write({"resume_at": False, "failure_streak": 0})

    def test_without_books_nothing_is_stored(self):
        self.charge(1000)
        self.assertFalse(self.pay_out())

    def test_events_twice_and_in_any_order_store_once(self):
        self.sell(100)
        payout = self.pay_out()
        events = self.events(self.connection)
        for event in reversed(events):
            if event["type"].startswith("payout."):
                self.deliver(self.connection, event)
        self.run_payout_jobs()
        self.assertEqual(self.env["crm.payout"].search_count([]), 1)
        self.assertEqual(len(payout.line_ids), 1)
        self.assertEqual(
            payout.move_id.search_count([("ref", "ilike", payout.remote_id)]), 1
        )
        lines = [
            x for x in self.ask("/v1/balance_transactions") if x["params"].get("payout")
        ]
        self.assertEqual(len(lines), 1, "four events, one reading")

    def test_a_lost_event_is_found_by_the_daily_comparison(self):
        self.sell(100)
        payout = self.pay_out(deliver=False)
        self.assertFalse(payout)
        self.env["crm.connection"]._cron_compare_payouts()
        self.run_payout_jobs()
        payout = self.env["crm.payout"].search([])
        self.assertEqual(payout.state, "booked")
        self.env["crm.connection"]._cron_compare_payouts()
        self.run_payout_jobs()
        self.assertEqual(len(self.ask("/v1/payouts")), 1, "once a day")

    def test_the_breakdown_is_waited_for(self):
        self.sell(100)
        payout = self.pay_out(hold=True, status="in_transit", arrival_days=2)
        self.assertEqual(payout.state, "waiting")
        self.assertFalse(payout.line_ids)
        self.admin("update_payout", payout=payout.remote_id, status="paid")
        self.tell()
        self.assertEqual(payout.state, "booked")
        self.assertEqual(payout.move_id.state, "posted")
        self.assertEqual(payout.move_id.date, payout.arrival_date)

    def test_lists_of_several_pages_and_a_page_that_fails(self):
        self.sell(100)
        for _number in range(230):
            self.charge(500)
        self.admin(
            "faults", kind="500", path="/v1/balance_transactions", skip=1, count=2
        )
        payout = self.pay_out()
        self.assertEqual((payout.state, len(payout.line_ids)), ("waiting", 99))
        self.make_due()
        self.run_payout_jobs()
        self.make_due()
        self.run_payout_jobs()
        self.assertEqual((payout.state, payout.line_count), ("booked", 231))
        firsts = [
            x
            for x in self.ask("/v1/balance_transactions")
            if not x["params"].get("starting_after")
        ]
        self.assertEqual(len(firsts), 1, "the first page is not asked again")

    def test_a_partner_that_is_down_only_delays(self):
        self.sell(100)
        self.admin("faults", kind="reset", path="/v1/payouts", count=9)
        made = self.pay_out()
        self.assertFalse(made)
        self.standin.state.faults.clear()
        self.make_due()
        self.run_payout_jobs()
        self.assertEqual(self.env["crm.payout"].search([]).state, "booked")

    def test_an_answer_of_another_shape_is_a_failed_exchange(self):
        self.sell(100)
        self.admin("faults", kind="garbage", path="/v1/payouts/", count=9)
        self.assertFalse(self.pay_out())
        failed = self.env["crm.exchange"].search([("state", "=", "failed")])
        self.assertEqual(set(failed.mapped("event")), {shapes.CALL_PAYOUT})
        self.assertEqual(set(failed.mapped("cause_code")), {"malformed"})

    def test_sums_that_contradict_are_not_booked_and_say_so(self):
        self.sell(100)
        payout = self.pay_out(skew=1)
        self.assertEqual(payout.state, "blocked")
        self.assertIn("98.25", payout.trouble)
        self.assertFalse(payout.move_id)
        # Stripe repairs its figures: read again, booked.
        self.account(self.connection).get("payout", payout.remote_id)["amount"] -= 1
        payout.action_refresh()
        self.run_payout_jobs()
        self.assertEqual((payout.state, payout.trouble), ("booked", False))

    def test_a_line_whose_net_is_wrong_is_named(self):
        self.sell(100)
        row = self.account(self.connection).all("balance_transaction")[0]
        row["net"] += 1
        payout = self.pay_out()
        self.assertEqual(payout.state, "blocked")
        self.assertIn(row["id"], payout.trouble)

    def test_manual_payouts_are_transfers_with_a_task(self):
        self.sell(100)
        payout = self.pay_out(amount=5000)
        self.assertEqual((payout.state, payout.is_automatic), ("booked", False))
        self.assertFalse(payout.move_id)
        self.assertEqual(len(payout.activity_ids), 1)
        self.assertFalse(
            [
                x
                for x in self.ask("/v1/balance_transactions")
                if x["params"].get("payout")
            ]
        )
        self.receive_at_bank(50)
        self.assertEqual(payout.state, "matched")
        self.assertEqual(self.balance_of(self.clearing), 50)

    def test_negative_payouts_take_money_from_the_bank(self):
        self.sell(10)
        charge = self.account(self.connection).all("charge")[0]
        self.admin("dispute", charge=charge["id"])
        payout = self.pay_out()
        self.assertEqual(payout.amount, -20.4)
        line = self.receive_at_bank(-20.4)
        self.assertEqual(payout.bank_line_id, line)
        self.assert_whole(payout)

    def test_a_payout_that_never_reached_the_bank_is_in_the_next_one(self):
        self.sell(100)
        first = self.pay_out()
        self.admin("fail_payout", payout=first.remote_id)
        self.tell()
        self.assertEqual(first.state, "failed")
        self.assertEqual(len(first.activity_ids), 1)
        self.assertIn("closed", first.failure)
        second = self.pay_out()
        self.assertEqual(second.amount, first.amount)
        self.assertFalse(second.move_id, "nothing is missing")
        self.receive_at_bank(second.amount)
        self.assert_whole(second)
        self.assertEqual(self.balance_of(self.clearing), 0)
        self.compare()
        self.assertFalse(self.drifts())

    def test_a_payout_that_came_back_from_the_bank(self):
        self.sell(100)
        first = self.pay_out()
        self.receive_at_bank(98.25)
        self.assertEqual(first.state, "matched")
        self.admin("fail_payout", payout=first.remote_id)
        self.tell()
        self.assertEqual(first.state, "failed")
        back = self.receive_at_bank(-98.25, "VIR STRIPE RETOUR")
        self.assertEqual(first.return_line_id, back)
        self.assertEqual(self.balance_of(self.clearing), 98.25)
        self.compare()
        self.assertFalse(self.drifts())
        second = self.pay_out()
        self.receive_at_bank(98.25)
        self.assert_whole(second)
        self.assertEqual(self.balance_of(self.clearing), 0)
        self.compare()
        self.assertFalse(self.drifts())

    def test_missing_fee_account_is_said_then_booked(self):
        account = self.company.payout_fee_account_id
        self.company.payout_fee_account_id = False
        self.patch(
            type(self.company),
            "_find_payout_fee_account",
            lambda self: self.env["account.account"],
        )
        self.sell(100)
        payout = self.pay_out()
        self.assertEqual(payout.state, "blocked")
        self.assertIn("account of payment fees", payout.trouble)
        self.company.payout_fee_account_id = account
        payout.action_book()
        self.assertEqual(payout.state, "booked")

    def test_a_locked_period_moves_the_entry_to_an_open_day(self):
        self.sell(100)
        self.company.hard_lock_date = fields.Date.context_today(self.company)
        payout = self.pay_out()
        self.assertEqual(payout.state, "booked", payout.trouble)
        self.assertGreater(payout.move_id.date, self.company.hard_lock_date)

    def test_a_killed_server_leaves_a_payout_to_take_up(self):
        """Fetched, not booked: the job died; the next look books it once."""
        self.sell(100)
        self.pay_out(deliver=False)
        event = self.events(self.connection, "payout.reconciliation_completed")[0]
        self.deliver(self.connection, event)
        self.run_outgoing(self.connection)
        payout = self.env["crm.payout"].search([])
        self.assertEqual(payout.state, "ready")
        job = self.env["queue.job"].search([("method_name", "=", "_job_book")])
        self.assertTrue(job.filtered(lambda x: x.records == payout))
        payout._job_book()
        self.assertEqual(payout.state, "booked")
        move = payout.move_id
        payout._job_book()
        self.assertEqual(payout.move_id, move)

    def test_tax_that_adds_is_refused_in_the_settings(self):
        tax = self.env["account.tax"].create(
            {"name": "20%", "amount": 20, "type_tax_use": "purchase"}
        )
        with self.assertRaises(ValidationError):
            self.company.payout_fee_tax_ids = tax

    def test_wrong_bank_lines_cannot_be_chosen(self):
        self.sell(100)
        payout = self.pay_out()
        line = self.receive_at_bank(10)
        with self.assertRaisesRegex(UserError, "98.25"):
            line.with_context(payout_id=payout.id).action_match_payout()

    def test_twins_are_left_to_a_person(self):
        for _number in range(2):
            self.sell(100)
            self.pay_out(trace_id=False)
        payouts = self.env["crm.payout"].search([])
        line = self.receive_at_bank(98.25)
        self.assertEqual(set(payouts.mapped("state")), {"booked"})
        for payout in payouts:
            self.assertEqual(payout.candidate_line_ids, line)
        line.with_context(payout_id=payouts[0].id).action_match_payout()
        self.assert_whole(payouts[0])
        other = self.receive_at_bank(98.25)
        self.assertEqual(payouts[1].bank_line_id, other)

    def test_the_reference_of_the_bank_tells_twins_apart(self):
        for _number in range(2):
            self.sell(100)
            self.pay_out()
        payouts = self.env["crm.payout"].search([])
        line = self.receive_at_bank(98.25, f"VIR SEPA {payouts[1].trace_id}")
        self.assertEqual(payouts[1].bank_line_id, line)
        self.assertEqual(payouts[0].state, "booked")

    def test_a_lease_that_ended_stores_once(self):
        """The same page is answered twice, as after a server that was too slow."""
        self.sell(100)
        payout = self.pay_out()
        exchange = self.env["crm.exchange"].search(
            [("event", "=", shapes.CALL_LINES)], limit=1
        )
        self.assertEqual(exchange.state, "done")
        exchange.sudo().write(
            {"state": "pending", "next_attempt_at": fields.Datetime.now()}
        )
        self.run_payout_jobs()
        self.assertEqual(len(payout.line_ids), 1)
        self.assertEqual(payout.state, "booked")

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common_payout import PayoutCase


@tagged("post_install", "-at_install")
class TestPayoutDrift(PayoutCase, MailCase):
    """What Stripe says against what the books say."""

    def setUp(self):
        super().setUp()
        self.runs = 0

    def later(self, days):
        return freeze_time(fields.Datetime.now() + timedelta(days=days))

    def compare_in(self, days):
        self.runs += 1
        with self.later(days):
            self.compare(run=f"test-{self.runs}")

    def find(self, kind):
        return self.env["crm.payout.drift"].search(
            [("connection_id", "=", self.connection.id), ("kind", "=", kind)]
        )

    def test_nothing_differs_at_any_moment_of_a_payout(self):
        self.sell(100, 20)
        self.compare_in(0)
        self.assertEqual(self.drifts(), [])
        payout = self.pay_out()
        self.compare_in(0)
        self.assertEqual(self.drifts(), [])
        self.receive_at_bank(payout.amount)
        self.compare_in(0)
        self.assertEqual(self.drifts(), [])
        self.assertTrue(self.connection.payout_checked_at)

    def test_a_charge_made_elsewhere(self):
        self.sell(100)
        charge = self.charge(3000)
        self.compare_in(0)
        self.assertEqual(self.drifts(), [], "it may still come")
        self.compare_in(4)
        self.assertEqual(self.drifts(), ["missing_here"])
        drift = self.find("missing_here")
        self.assertEqual(
            (drift.amount_there, drift.amount_here, drift.gap), (30, 0, -30)
        )
        self.assertEqual(drift.line_id.source, charge["id"])
        self.assertEqual(drift.action_open_records()["res_model"], "crm.payout.line")
        payout = self.pay_out()
        self.compare_in(0)
        self.assertEqual(drift.state, "open", "on the waiting account")
        self.assertEqual(drift.payout_id, payout)
        self.assertEqual(drift.action_open_records()["res_model"], "account.move")
        invoice = self.make_invoice(30)
        self.record_payment(invoice, charge, 30)
        self.compare_in(0)
        self.assertEqual(self.drifts(), [])
        self.assertTrue(drift.resolved_at)

    def test_the_waiting_account_cleared_by_hand_closes_the_difference(self):
        self.sell(100)
        self.charge(3000)
        payout = self.pay_out()
        self.compare_in(0)
        self.assertEqual(self.drifts(), ["missing_here"])
        item = payout.line_ids.entry_line_id
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create({"account_id": self.waiting.id, "debit": 30}),
                    Command.create(
                        {
                            "account_id": self.company.income_account_id.id
                            or self.fees.id,
                            "credit": 30,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        (
            item | move.line_ids.filtered(lambda x: x.account_id == self.waiting)
        ).reconcile()
        self.compare_in(0)
        self.assertEqual(self.drifts(), [])

    def test_a_payment_stripe_does_not_know(self):
        invoice = self.make_invoice(70)
        fake = {"id": "ch_fake", "payment_intent": "pi_fake"}
        transaction = self.record_payment(invoice, fake, 70)
        self.compare_in(0)
        self.assertEqual(self.drifts(), [])
        self.compare_in(4)
        self.assertEqual(self.drifts(), ["missing_there"], "the balance is explained")
        drift = self.find("missing_there")
        self.assertEqual(drift.payment_id, transaction.payment_id)
        transaction.payment_id.action_draft()
        transaction.payment_id.action_cancel()
        self.compare_in(4)
        self.assertEqual(self.drifts(), [])

    def test_another_amount_here(self):
        invoice = self.make_invoice(100)
        charge = self.charge(9900)
        self.record_payment(invoice, charge, 100)
        self.pay_out()
        self.compare_in(0)
        self.assertEqual(self.drifts(), ["amount"])
        drift = self.find("amount")
        self.assertEqual(
            (drift.amount_there, drift.amount_here, drift.gap), (99, 100, 1)
        )

    def test_an_entry_put_back_to_draft_leaves_its_fees_unbooked(self):
        self.sell(100)
        payout = self.pay_out()
        payout.move_id.button_draft()
        self.compare_in(0)
        self.assertEqual(self.drifts(), ["balance", "fee"])
        payout.move_id.action_post()
        self.compare_in(0)
        self.assertEqual(self.drifts(), [])

    def test_a_payout_without_bank_line_is_late_after_some_days(self):
        self.sell(100)
        payout = self.pay_out()
        # Around midnight a day here is not the day of Stripe's clock.
        self.compare_in(4)
        self.assertEqual(self.drifts(), [])
        self.compare_in(7)
        self.assertEqual(self.drifts(), ["no_bank_line"])
        self.assertEqual(self.find("no_bank_line").payout_id, payout)
        self.assertIn(payout.remote_id, self.find("no_bank_line").display_name)
        self.assertEqual(payout.open_drift_count, 1)
        self.receive_at_bank(payout.amount)
        self.compare_in(7)
        self.assertEqual(self.drifts(), [])

    def test_fees_of_manual_payouts(self):
        self.sell(100)
        self.compare_in(0)
        with self.later(10):
            self.standin.state.now = lambda: fields.Datetime.now().timestamp()
            self.pay_out(amount=5000)
            self.runs += 1
            self.compare(run=f"test-{self.runs}")
        self.assertIn("fee", self.drifts())

    def test_a_blocked_payout(self):
        self.sell(100)
        self.pay_out(skew=1)
        self.compare_in(0)
        self.assertIn("blocked", self.drifts())
        drift = self.find("blocked")
        self.assertEqual(drift.explanation, drift.payout_id.trouble)

    def test_an_entry_typed_on_the_clearing_account(self):
        self.sell(100)
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create({"account_id": self.clearing.id, "debit": 5}),
                    Command.create({"account_id": self.fees.id, "credit": 5}),
                ],
            }
        )
        move.action_post()
        self.compare_in(0)
        self.assertEqual(self.drifts(), ["balance"])
        drift = self.find("balance")
        self.assertEqual(drift.gap, 5)
        self.assertIn(drift.currency_id.format(98.25), drift.explanation)
        domain = drift.action_open_records()["domain"]
        items = self.env["account.move.line"].search(domain)
        self.assertEqual(sum(items.mapped("balance")), drift.amount_here)

    def test_told_once_closed_by_itself_told_again_when_it_comes_back(self):
        accountant = self.env["res.users"].create(
            {
                "name": "Catherine",
                "login": "catherine.books",
                "email": "catherine@example.com",
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
                "lang": "en_US",
            }
        )
        self.company.payout_accountant_id = accountant
        self.sell(100)
        payout = self.pay_out()
        with self.mock_mail_gateway():
            self.compare_in(7)
            self.compare_in(8)
        mails = [x for x in self._new_mails if "catherine" in (x.email_to or "")]
        self.assertEqual(len(mails), 1)
        self.assertIn(payout.remote_id, mails[0].body_html)
        self.assertIn("98.25", mails[0].body_html)
        self.assertEqual(self.connection.activity_ids.user_id, accountant)
        line = self.receive_at_bank(payout.amount)
        self.compare_in(8)
        self.assertFalse(self.connection.activity_ids)
        line.action_undo_reconciliation()
        with self.mock_mail_gateway():
            self.compare_in(9)
        self.assertEqual(len(self._new_mails), 1)
        self.assertEqual(self.drifts(), ["no_bank_line"])

    def test_accepted_with_a_reason_until_its_amount_changes(self):
        self.sell(100)
        moves = self.env["account.move"]
        for _number in range(2):
            moves |= moves.create(
                {
                    "move_type": "entry",
                    "line_ids": [
                        Command.create({"account_id": self.clearing.id, "debit": 5}),
                        Command.create({"account_id": self.fees.id, "credit": 5}),
                    ],
                }
            )
        moves[0].action_post()
        self.compare_in(0)
        drift = self.find("balance")
        wizard = self.env["crm.payout.drift.accept"].with_context(active_ids=drift.ids)
        wizard.create({"reason": "Opening balance"}).action_accept()
        self.assertEqual(
            (drift.state, drift.accepted_by_id), ("accepted", self.env.user)
        )
        self.compare_in(0)
        self.assertEqual(drift.state, "accepted")
        moves[1].action_post()
        self.compare_in(0)
        self.assertEqual((drift.state, drift.gap), ("open", 10))
        drift._accept("again")
        drift.action_reopen()
        self.assertEqual(drift.state, "open")

    def test_compare_now_needs_an_account_with_books(self):
        with self.assertRaises(UserError):
            self.env["crm.payout.drift"].action_compare_now()
        self.connection.action_set_up_payouts()
        self.env["crm.payout.drift"].action_compare_now()
        self.run_payout_jobs()
        self.assertTrue(self.connection.payout_checked_at)

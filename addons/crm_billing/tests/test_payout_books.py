from odoo.tests import tagged

from .common_payout import PayoutCase


@tagged("post_install", "-at_install")
class TestPayoutBooks(PayoutCase):
    """From the payment to the bank line, in the books."""

    def test_books_are_ready_before_the_first_payment(self):
        self.assertFalse(self.clearing)
        (invoice,) = self.sell(120)
        self.assertTrue(self.clearing.reconcile)
        self.assertEqual(self.balance_of(self.clearing), 120)
        self.assertEqual(invoice.amount_residual, 0)
        journal = self.connection.payout_journal_id
        self.assertNotEqual(journal, self.bank)
        self.connection._set_up_payouts()
        self.assertEqual(self.connection.payout_journal_id, journal, "idempotent")

    def test_twelve_invoices_three_payouts_three_bank_lines(self):
        amounts = [120, 49.9, 1500, 33.33, 250, 18, 999.99, 75, 640, 12.5, 88, 310]
        invoices = self.sell(*amounts)
        payouts = [
            self.pay_out(limit=5),
            self.pay_out(limit=4),
            self.pay_out(),
        ]
        self.assertEqual([p.state for p in payouts], ["booked"] * 3)
        self.assertEqual([p.payment_count for p in payouts], [5, 4, 3])
        net = sum(p.amount for p in payouts)
        self.assertAlmostEqual(self.balance_of(self.clearing), net)
        for payout in payouts:
            self.receive_at_bank(payout.amount)
        for payout in payouts:
            self.assert_whole(payout)
        fees = sum(round(a * 1.5 + 1e-9) + 25 for a in amounts) / 100
        self.assertAlmostEqual(self.balance_of(self.fees), fees)
        self.assertAlmostEqual(sum(p.amount_fee for p in payouts), fees)
        self.assertAlmostEqual(net + fees, sum(amounts))
        self.assertEqual(self.balance_of(self.clearing), 0)
        self.assertEqual(set(invoices.mapped("payment_state")), {"paid"})
        payments = invoices.transaction_ids.payment_id
        self.assertEqual(set(payments.mapped("state")), {"paid"})

    def test_the_bank_line_may_come_first(self):
        self.sell(200)
        line = self.receive_at_bank(196.75)
        self.assertFalse(line.is_reconciled)
        payout = self.pay_out()
        self.assertEqual(payout.bank_line_id, line)
        self.assert_whole(payout)

    def test_refunds_at_gross(self):
        (invoice,) = self.sell(100)
        charge = self.account(self.connection).all("charge")[0]
        self.admin("refund", charge=charge["id"], amount=4000)
        transaction = invoice.transaction_ids
        refund = self.account(self.connection).all("refund")[0]
        child = transaction._create_child_transaction(
            40, is_refund=True, provider_reference=refund["id"]
        )
        child._set_done()
        child._post_process()
        payout = self.pay_out()
        self.assertEqual(payout.amount, 100 - 1.75 - 40)
        self.receive_at_bank(payout.amount)
        self.assert_whole(payout)
        self.assertEqual(self.balance_of(self.clearing), 0)
        self.assertEqual(self.balance_of(self.waiting), 0)

    def test_a_dispute_makes_the_client_owe_again_until_it_is_won(self):
        self.sell(80)
        charge = self.account(self.connection).all("charge")[0]
        dispute = self.admin("dispute", charge=charge["id"])
        payout = self.pay_out()
        self.assertAlmostEqual(payout.amount, -1.45 - 20)
        owed = payout.line_ids.filtered(lambda x: x.role == "dispute").entry_line_id
        self.assertEqual(owed.account_id.account_type, "asset_receivable")
        self.assertEqual((owed.partner_id, owed.amount_residual), (self.client, 80))
        self.assertEqual(self.balance_of(self.fees), 21.45)
        self.receive_at_bank(payout.amount)
        self.assert_whole(payout)
        self.admin("close_dispute", dispute=dispute["id"], status="won")
        won = self.pay_out()
        self.assertEqual(won.amount, 80)
        self.assertEqual(owed.amount_residual, 0)
        self.receive_at_bank(80)
        self.assert_whole(won)

    def lose_dispute(self, invoice, dispute):
        """What the end of a lost dispute books: money given back."""
        child = invoice.transaction_ids._create_child_transaction(
            80,
            is_refund=True,
            provider_reference=dispute["id"],
            is_lost_dispute=True,
        )
        child._set_done()
        child._post_process()
        return child.payment_id

    def test_a_dispute_lost_after_its_payout_is_owed_once(self):
        (invoice,) = self.sell(80)
        charge = self.account(self.connection).all("charge")[0]
        dispute = self.admin("dispute", charge=charge["id"])
        payout = self.pay_out()
        self.receive_at_bank(payout.amount)
        movement = payout.line_ids.filtered(lambda x: x.role == "dispute")
        self.assertEqual(movement.place, "receivable")
        payment = self.lose_dispute(invoice, dispute)
        self.assertEqual(movement.place, "brought")
        self.assertEqual(movement.payment_id, payment)
        self.assertTrue(movement.entry_line_id.reconciled)
        self.assertEqual(self.balance_of(self.clearing), 0)
        receivable = movement.entry_line_id.account_id
        self.assertEqual(self.balance_of(receivable), 80)
        self.compare()
        self.assertFalse(self.drifts())

    def test_a_dispute_lost_before_its_payout_is_owed_once(self):
        (invoice,) = self.sell(80)
        charge = self.account(self.connection).all("charge")[0]
        dispute = self.admin("dispute", charge=charge["id"])
        self.lose_dispute(invoice, dispute)
        payout = self.pay_out()
        movement = payout.line_ids.filtered(lambda x: x.role == "dispute")
        self.assertEqual(movement.place, "clearing")
        self.receive_at_bank(payout.amount)
        self.assert_whole(payout)
        self.assertEqual(self.balance_of(self.clearing), 0)

    def test_what_nobody_knows_waits_for_a_person(self):
        self.sell(50)
        self.charge(3000)
        key = self.connection.payment_provider_id.stripe_secret_key
        self.admin("add_transaction", secret_key=key, type="brand_new", amount=-100)
        payout = self.pay_out()
        kinds = dict(payout.line_ids.mapped(lambda x: (x.kind, x.place)))
        self.assertEqual(kinds["brand_new"], "waiting")
        self.assertEqual(self.balance_of(self.waiting), -29)
        self.receive_at_bank(payout.amount)
        self.assert_whole(payout)

    def test_fees_of_the_account_itself(self):
        self.sell(50)
        key = self.connection.payment_provider_id.stripe_secret_key
        self.admin("add_transaction", secret_key=key, type="stripe_fee", amount=-700)
        payout = self.pay_out()
        self.assertEqual(self.balance_of(self.fees), 8)
        self.assertEqual(payout.amount_fee, 8)
        self.assertEqual(payout.amount_gross, 50)

    def test_payments_booked_elsewhere_are_brought_over(self):
        """Posted before the set-up: they stay, the payout's entry empties them."""
        provider = self.connection.payment_provider_id
        provider.journal_id = self.bank
        self.patch(type(provider), "_prepare_payout_books", lambda self: None)
        (invoice,) = self.sell(60)
        old = invoice.transaction_ids.payment_id
        before = old.outstanding_account_id
        self.assertTrue(before.reconcile)
        self.connection._set_up_payouts()
        self.assertEqual(old.outstanding_account_id, before)
        self.assertEqual(old.move_id.state, "posted")
        payout = self.pay_out()
        self.assertEqual(payout.line_ids.place, "brought")
        self.assertEqual(self.balance_of(before), 0)
        self.receive_at_bank(payout.amount)
        self.assert_whole(payout)
        self.assertEqual(old.state, "paid")

    def test_a_payment_known_late_leaves_the_waiting_account(self):
        self.sell(10)
        charge = self.charge(3000)
        payout = self.pay_out()
        self.receive_at_bank(payout.amount)
        self.assertEqual(self.balance_of(self.waiting), -30)
        invoice = self.make_invoice(30)
        transaction = self.record_payment(invoice, charge, 30)
        self.assertEqual(self.balance_of(self.clearing), 30)
        self.compare()
        self.assertEqual(self.balance_of(self.waiting), 0)
        self.assertEqual(self.balance_of(self.clearing), 0)
        self.assertEqual(transaction.payment_id.state, "paid")
        self.assertFalse(self.drifts())

    def test_undo_frees_the_line_and_does_not_take_it_again(self):
        self.sell(100)
        payout = self.pay_out()
        line = self.receive_at_bank(payout.amount)
        self.assert_whole(payout)
        payout.action_undo_match()
        self.assertEqual((payout.state, line.is_reconciled), ("booked", False))
        self.assertEqual(self.balance_of(self.clearing), 98.25)
        self.run_matching()
        self.assertEqual(payout.state, "booked")
        line.with_context(payout_id=payout.id).action_match_payout()
        self.assert_whole(payout)

    def test_undo_made_on_the_bank_line_is_followed(self):
        self.sell(100)
        payout = self.pay_out()
        line = self.receive_at_bank(payout.amount)
        line.action_undo_reconciliation()
        self.assertEqual((payout.state, payout.bank_line_id.id), ("booked", False))

    def test_reverse_charge_on_the_fees(self):
        tax = self.env["account.tax"].create(
            {
                "name": "20% RC",
                "amount": 20,
                "type_tax_use": "purchase",
                "company_id": self.company.id,
                "invoice_repartition_line_ids": [
                    (0, 0, {"repartition_type": "base"}),
                    (0, 0, {"repartition_type": "tax", "factor_percent": 100}),
                    (0, 0, {"repartition_type": "tax", "factor_percent": -100}),
                ],
                "refund_repartition_line_ids": [
                    (0, 0, {"repartition_type": "base"}),
                    (0, 0, {"repartition_type": "tax", "factor_percent": 100}),
                    (0, 0, {"repartition_type": "tax", "factor_percent": -100}),
                ],
            }
        )
        self.company.payout_fee_tax_ids = tax
        self.sell(1000)
        payout = self.pay_out()
        self.assertEqual(payout.state, "booked", payout.trouble)
        taxes = payout.move_id.line_ids.filtered("tax_line_id")
        self.assertEqual(sorted(taxes.mapped("balance")), [-3.05, 3.05])
        self.receive_at_bank(payout.amount)
        self.assert_whole(payout)

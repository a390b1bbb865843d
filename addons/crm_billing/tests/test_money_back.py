from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DISPUTED_CARD, GOOD_IBAN
from .invoice_common import InvoiceCase


@tagged("post_install", "-at_install")
class TestMoneyBack(InvoiceCase):
    """Refunds asked for from the invoice, and disputes."""

    def refund(self, amount=None, credit=False, **values):
        action = self.invoice.with_user(self.biller).action_refund_payment()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.biller)
            .with_context(**action["context"])
            .create({"is_credited": credit, **values})
        )
        if amount:
            wizard.amount = amount
        result = wizard.action_refund()
        child = wizard.transaction_id.sudo().child_transaction_ids.sorted("id")[-1]
        self.run_outgoing(self.connection)
        return child, result

    def test_partial_then_full_refund_each_once(self):
        link = self.paid(self.invoice)
        child, _result = self.refund(4000)
        self.assertEqual(child.state, "done")
        self.assertEqual(link.state, "part_refunded")
        self.assertEqual(link.refunded_amount, 4000)
        self.deliver_all(self.connection)
        self.deliver_all(self.connection)
        page = self.page_of(link)
        self.assertEqual(page.child_transaction_ids, child, "no second one by event")
        self.assertEqual(child.payment_id.amount, 4000)
        self.assertEqual(child.payment_id.payment_type, "outbound")
        self.refund()
        self.deliver_all(self.connection)
        self.assertEqual(link.state, "refunded")
        self.assertEqual(sum(page.child_transaction_ids.mapped("amount")), -15000)
        with self.assertRaisesRegex(UserError, "can be refunded"):
            self.invoice.action_refund_payment()

    def test_event_before_the_answer_makes_one_refund(self):
        link = self.paid(self.invoice)
        self.admin("faults", kind="lost_answer", path="/v1/refunds")
        child, _result = self.refund(100)
        self.assertEqual(child.state, "draft")
        self.assertIn("asked for", self.invoice.payment_link_refund_note)
        self.deliver_all(self.connection)
        self.assertEqual(self.page_of(link).child_transaction_ids, child)
        self.assertEqual(child.state, "done")
        self.assertEqual(link.refunded_amount, 100)

    def test_refund_on_its_way_then_failed(self):
        link = self.paid(self.invoice)
        self.standin.state.settings.refund_status = "pending"
        self.addCleanup(
            setattr, self.standin.state.settings, "refund_status", "succeeded"
        )
        child, _result = self.refund(100)
        self.assertEqual(child.state, "pending")
        self.assertIn("on its way", self.invoice.payment_link_refund_note)
        self.assertEqual(link.state, "paid")
        self.admin("settle_refund", refund=child.provider_reference, status="failed")
        self.deliver_all(self.connection)
        self.assertEqual(child.state, "error")
        self.assertIn("failed", self.invoice.payment_link_refund_note)
        self.assertEqual(link.refunded_amount, 0)

    def test_refused_refund_is_said_on_the_invoice(self):
        link = self.paid(self.invoice)
        charge = self.charge(link)
        charge["disputed"] = True
        child, _result = self.refund(100)
        self.assertEqual(child.state, "error")
        bodies = " ".join(self.invoice.message_ids.mapped("body"))
        self.assertIn("was refused", bodies)
        self.assertEqual(self.page_of(link)._get_refundable_amount(), 15000)

    def test_more_than_was_paid_is_refused_also_twice_at_once(self):
        link = self.paid(self.invoice)
        page = self.page_of(link)
        page._ask_refund(10000, False)
        with self.assertRaisesRegex(UserError, "at most"):
            page._ask_refund(5000.01, False)
        with self.assertRaises(UserError):
            page._ask_refund(-1, False)

    def test_credit_note_is_offered(self):
        self.paid(self.invoice)
        _child, result = self.refund(500, credit=True)
        self.assertEqual(result["res_model"], "account.move.reversal")
        self.assertEqual(result["context"]["active_ids"], self.invoice.ids)

    def test_seller_refunds_nothing(self):
        self.paid(self.invoice)
        self.invoice.invoice_user_id = self.seller
        with self.assertRaises(AccessError):
            self.invoice.with_user(self.seller).action_refund_payment()

    # === Disputes === #

    def dispute(self):
        link = self.paid(self.invoice, card=DISPUTED_CARD)
        [item] = self.account(self.connection).all("dispute")
        return link, item["id"]

    def test_dispute_shows_until_when_to_answer(self):
        link, _dispute = self.dispute()
        self.assertEqual(self.invoice.payment_link_state, "disputed")
        self.assertEqual(link.dispute_status, "open")
        self.assertTrue(self.invoice.payment_link_dispute_due_on)
        self.assertEqual(self.invoice.amount_residual, 0, "not lost yet")
        (block,) = self.invoice._get_dunning_blocks()[self.invoice.id]
        self.assertEqual(block.kind, "dispute")
        activity = self.invoice.activity_ids
        self.assertEqual(activity.date_deadline, link.dispute_due_on)

    def test_lost_dispute_reopens_the_invoice_once(self):
        link, dispute = self.dispute()
        self.admin("close_dispute", dispute=dispute, status="lost")
        self.deliver_all(self.connection)
        self.deliver_all(self.connection)
        self.assertEqual(link.dispute_status, "lost")
        self.assertEqual(self.invoice.amount_residual, 15000)
        self.assertEqual(self.invoice.payment_state, "not_paid")
        blocks = self.invoice._get_dunning_blocks().get(self.invoice.id, [])
        self.assertFalse(blocks, "chased again")
        page = self.page_of(link)
        child = page.child_transaction_ids
        self.assertEqual(len(child), 1)
        self.assertEqual(child.provider_reference, dispute)
        self.assertEqual(child.payment_id.payment_type, "outbound")
        receivable = (
            page.payment_id.move_id + child.payment_id.move_id
        ).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.assertEqual(receivable.mapped("amount_residual"), [0, 0])
        self.assertEqual(self.paid(self.invoice).state, "paid")
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_won_dispute_leaves_the_invoice_paid(self):
        link, dispute = self.dispute()
        self.admin("close_dispute", dispute=dispute, status="won")
        self.deliver_all(self.connection)
        self.assertEqual((link.state, link.dispute_status), ("paid", "won"))
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_debit_contested_eight_weeks_later(self):
        link = self.ask(self.invoice)
        self.pay(link, iban=GOOD_IBAN)
        self.deliver_all(self.connection)
        self.admin("settle", session=self.page_of(link).stripe_session_id)
        self.deliver_all(self.connection)
        self.assertEqual(self.invoice.payment_state, "paid")
        found = self.admin("dispute", charge=self.charge(link)["id"])
        self.deliver_all(self.connection)
        self.assertEqual(link.state, "disputed")
        self.admin("close_dispute", dispute=found["id"], status="lost")
        self.deliver_all(self.connection)
        self.assertEqual(self.invoice.amount_residual, 15000)

    def test_lost_dispute_on_a_deal_consumes_its_deposit(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link, card=DISPUTED_CARD)
        self.deliver_all(self.connection)
        [item] = self.account(self.connection).all("dispute")
        self.admin("close_dispute", dispute=item["id"], status="lost")
        self.deliver_all(self.connection)
        deposit = self.page_of(link).payment_id.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.assertTrue(deposit.reconciled)

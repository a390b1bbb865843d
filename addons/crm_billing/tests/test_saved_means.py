from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CARD, GOOD_IBAN
from .invoice_common import InvoiceCase

ASKS_FOR_OWNER = "4000002500003155"


@tagged("post_install", "-at_install")
class TestSavedMeans(InvoiceCase):
    """The client leaves a card or an account, and is charged later as agreed."""

    def setUp(self):
        super().setUp()
        self.company.payment_link_save_means = True

    def leave_means(self, **means):
        first = self.make_invoice(self.partner, 50)
        first.sudo()._pay_from_page(True, "203.0.113.9")
        self.run_outgoing(self.connection)
        link = first.payment_link_id
        self.pay(link, **means)
        self.deliver_all(self.connection)
        if "iban" in means:
            self.admin("settle", session=self.page_of(link).stripe_session_id)
            self.deliver_all(self.connection)
        self.assertEqual(first.payment_state, "paid")
        return self.page_of(link).token_id

    def charge_it(self, invoice, token=None, amount=None):
        action = invoice.with_user(self.biller).action_charge_saved_means()
        window = Form(
            self.env[action["res_model"]]
            .with_user(self.biller)
            .with_context(**action["context"])
        )
        self.assertEqual(window.token_id, token or window.token_id)
        if amount:
            window.amount = amount
        window.save().action_charge()
        self.run_outgoing(self.connection)
        return invoice.payment_link_id

    def test_means_is_kept_with_what_was_agreed(self):
        token = self.leave_means(card=CARD)
        params = self.calls("/v1/checkout/sessions")[0]["params"]
        self.assertEqual(
            params["payment_intent_data"]["setup_future_usage"], "off_session"
        )
        self.assertEqual(token.partner_id, self.partner)
        self.assertTrue(token.provider_ref.startswith("cus_"))
        self.assertTrue(token.stripe_payment_method.startswith("pm_"))
        self.assertEqual(token.consent_ip, "203.0.113.9")
        self.assertTrue(token.consent_at)
        self.assertIn("Nadia Benali", token.consent_text)
        self.assertIn("4242", token.means_label)

    def test_without_the_tick_nothing_is_kept(self):
        self.invoice.sudo()._pay_from_page(False, "203.0.113.9")
        self.run_outgoing(self.connection)
        link = self.invoice.payment_link_id
        self.pay(link)
        self.deliver_all(self.connection)
        self.assertFalse(self.page_of(link).token_id)
        self.assertFalse(self.invoice._get_saved_means())

    def test_ticking_afterwards_makes_another_page(self):
        link = self.ask(self.invoice)
        first = self.page_of(link)
        url, is_coming = self.invoice.sudo()._pay_from_page(True, "203.0.113.9")
        self.assertFalse(url)
        self.assertTrue(is_coming)
        self.run_outgoing(self.connection)
        self.assertNotEqual(self.page_of(link), first)
        self.assertTrue(self.page_of(link).saves_means)
        session = self.account(self.connection).get(
            "checkout.session", first.stripe_session_id
        )
        self.assertEqual(session["status"], "expired")

    def test_a_person_charges_the_saved_card(self):
        token = self.leave_means(card=CARD)
        link = self.charge_it(self.invoice, token)
        call = self.calls("/v1/payment_intents")[-1]
        self.assertEqual(call["params"]["amount"], "1500000")
        self.assertEqual(call["params"]["off_session"], "true")
        self.assertTrue(call["idempotency_key"])
        self.assertEqual(link.state, "paid")
        self.assertEqual(self.invoice.payment_state, "paid")
        self.deliver_all(self.connection)
        self.assertEqual(len(self.invoice.reconciled_payment_ids), 1)
        self.assertTrue(self.page_of(link).provider_reference.startswith("pi_"))

    def test_answer_lost_charges_once(self):
        self.leave_means(card=CARD)
        self.admin("faults", kind="lost_answer", path="/v1/payment_intents")
        self.charge_it(self.invoice)
        self.assertEqual(self.invoice.payment_link_state, "creating")
        self.deliver_all(self.connection)
        self.assertEqual(self.invoice.payment_state, "paid", "told by the event")
        exchange = self.invoice.payment_link_id.sudo().exchange_id
        exchange.next_attempt_at = exchange.create_date
        self.run_outgoing(self.connection)
        self.assertEqual(len(self.invoice.reconciled_payment_ids), 1)
        charges = self.account(self.connection).all("charge")
        self.assertEqual(len([c for c in charges if c["amount"] == 1500000]), 1)

    def test_saved_account_is_pending_then_paid(self):
        token = self.leave_means(iban=GOOD_IBAN)
        self.assertTrue(token.stripe_mandate.startswith("mandate_"))
        link = self.charge_it(self.invoice, token)
        self.assertEqual(link.state, "processing")
        self.assertEqual(self.invoice._get_page_status(), "processing")
        intent = self.page_of(link).provider_reference
        self.admin("settle_intent", payment_intent=intent)
        self.deliver_all(self.connection)
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_bank_that_wants_the_client_gets_him_by_mail(self):
        self.leave_means(card=ASKS_FOR_OWNER)
        link = self.charge_it(self.invoice)
        self.run_outgoing(self.connection)
        self.assertEqual(link.state, "waiting")
        self.assertTrue(self.page_of(link).stripe_session_url)
        mails = self.env["mail.mail"].search(
            [("model", "=", "account.move"), ("res_id", "=", self.invoice.id)]
        )
        self.assertIn(self.invoice._get_payment_page_url(), mails.body_html)
        self.pay(link)
        self.deliver_all(self.connection)
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_refused_charge_is_said(self):
        self.leave_means(card=CARD)
        self.admin("faults", kind="card_declined")
        link = self.charge_it(self.invoice)
        self.assertEqual(link.state, "failed")
        self.assertIn("refused", link.state_reason)
        self.assertEqual(self.invoice.amount_residual, 15000)
        self.deliver_all(self.connection)
        self.assertEqual(link.state, "failed")

    def test_consent_taken_back_is_the_end(self):
        token = self.leave_means(card=CARD)
        token._withdraw_from_page()
        self.run_outgoing(self.connection)
        self.assertFalse(token.active)
        self.assertTrue(token.withdrawn_at)
        path = f"/v1/payment_methods/{token.stripe_payment_method}/detach"
        self.assertEqual(len(self.calls(path)), 1)
        with self.assertRaisesRegex(UserError, "left no means"):
            self.invoice.action_charge_saved_means()
        with self.assertRaisesRegex(UserError, "took back"):
            self.invoice._charge_saved_means(token, 10)
        with self.assertRaises(UserError):
            token.active = True

    def test_mandate_ended_at_the_bank(self):
        token = self.leave_means(iban=GOOD_IBAN)
        self.admin("revoke_mandate", mandate=token.stripe_mandate)
        self.deliver_all(self.connection)
        self.assertFalse(token.active)
        self.assertIn("mandate", token.withdrawn_reason)

    def test_only_who_bills_charges(self):
        token = self.leave_means(card=CARD)
        self.invoice.invoice_user_id = self.seller
        with self.assertRaises(AccessError):
            self.invoice.with_user(self.seller)._charge_saved_means(token, 10)

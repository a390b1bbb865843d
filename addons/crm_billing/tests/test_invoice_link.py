from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import BAD_IBAN, CARD, GOOD_IBAN
from .invoice_common import InvoiceCase


@tagged("post_install", "-at_install")
class TestInvoiceLink(InvoiceCase):
    """AT-04, payment part, without a browser."""

    def test_one_click_link_paid_and_the_same_event_again(self):
        link = self.ask(self.invoice)
        params = self.calls("/v1/checkout/sessions")[0]["params"]
        price = params["line_items"][0]["price_data"]
        self.assertEqual(price["unit_amount"], "1500000")
        self.assertIn(self.invoice.name, price["product_data"]["name"])
        self.assertEqual(
            params["metadata"]["document"], f"account.move,{self.invoice.id}"
        )
        self.assertEqual(link.url, self.invoice._get_payment_page_url())
        self.pay(link, card=CARD)
        self.deliver_all(self.connection)
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertEqual(self.invoice.payment_link_state, "paid")
        payment = self.page_of(link).payment_id
        self.assertEqual(payment.amount, 15000)
        self.assertEqual(payment.reconciled_invoice_ids, self.invoice)
        before = (
            self.env["account.payment"].search_count([]),
            self.env["mail.message"].search_count([]),
        )
        self.deliver_all(self.connection)
        after = (
            self.env["account.payment"].search_count([]),
            self.env["mail.message"].search_count([]),
        )
        self.assertEqual(before, after)

    def test_two_clicks_make_one_link(self):
        first = self.ask(self.invoice)
        self.assertEqual(self.ask(self.invoice), first)
        self.assertEqual(len(self.calls("/v1/checkout/sessions")), 1)

    def test_who_bills_makes_links_and_the_seller_only_looks(self):
        with self.assertRaises(AccessError):
            self.ask(self.invoice, self.seller)
        link = self.ask(self.invoice)
        with self.assertRaises(AccessError):
            self.invoice.with_user(self.seller).action_cancel_payment_link()
        self.invoice.invoice_user_id = self.seller
        self.assertEqual(link.with_user(self.seller).state, "waiting")
        for vals in ({"payment_link_state": "paid"}, {"payment_link_id": link.id}):
            with self.assertRaises(AccessError):
                self.invoice.with_user(self.biller).write(vals)

    def test_what_cannot_be_paid_is_refused_in_a_sentence(self):
        draft = self.make_invoice(self.partner, 10, post=False)
        with self.assertRaisesRegex(UserError, "Confirm"):
            draft.action_create_payment_link()
        credit = self.make_invoice(self.partner, 10, move_type="out_refund")
        with self.assertRaisesRegex(UserError, "Only customer invoices"):
            credit.action_create_payment_link()
        self.transfer(self.invoice, 15000)
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            self.invoice.action_create_payment_link()
        draft.button_cancel()
        with self.assertRaisesRegex(UserError, "canceled"):
            draft.action_create_payment_link()

    def test_a_part_then_the_rest(self):
        action = self.invoice.with_user(self.biller).action_payment_link_options()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.biller)
            .with_context(**action["context"])
        )
        self.assertEqual(wizard.asked_amount, 15000)
        wizard.asked_amount = 4000.5
        wizard.save().action_create_link()
        self.run_outgoing(self.connection)
        link = self.invoice.payment_link_id
        self.assertEqual((link.amount, link.is_partial), (4000.5, True))
        self.pay(link)
        self.deliver_all(self.connection)
        self.assertEqual(self.invoice.payment_state, "partial")
        self.assertEqual(self.invoice.amount_residual, 10999.5)
        rest = self.paid(self.invoice)
        self.assertEqual(rest.amount, 10999.5)
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual(rest.url, link.url, "one address for good")

    def test_more_than_is_due_is_refused(self):
        with self.assertRaisesRegex(UserError, "at most"):
            self.invoice._create_payment_link({"amount": 15000.01})

    def test_paid_by_transfer_closes_the_link(self):
        link = self.ask(self.invoice)
        self.transfer(self.invoice, 15000)
        self.assertEqual(link.state, "canceled")
        self.assertIn("otherwise", link.state_reason)
        self.run_outgoing(self.connection)
        session_id = self.page_of(link).stripe_session_id
        session = self.account(self.connection).get("checkout.session", session_id)
        self.assertEqual(session["status"], "expired")
        self.assertFalse(self.invoice._get_payment_page_url())

    def test_credit_note_renews_the_link_for_what_is_left(self):
        link = self.ask(self.invoice)
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.invoice.ids)
            .create({"journal_id": self.invoice.journal_id.id})
        )
        credit = self.env["account.move"].browse(reversal.refund_moves()["res_id"])
        credit.invoice_line_ids.price_unit = 2000
        credit.action_post()
        lines = (self.invoice + credit).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.run_outgoing(self.connection)
        self.assertEqual(link.state, "canceled")
        new = self.invoice.payment_link_id
        self.assertEqual((new.state, new.amount), ("waiting", 13000))

    def test_part_asked_for_stays_when_the_rest_is_paid(self):
        self.invoice._create_payment_link({"amount": 1000})
        self.run_outgoing(self.connection)
        link = self.invoice.payment_link_id
        self.transfer(self.invoice, 5000)
        self.assertEqual(link.state, "waiting")
        self.transfer(self.invoice, 9500)
        self.assertEqual(link.state, "canceled")
        self.assertEqual(self.invoice.payment_link_id.amount, 500)

    def test_reset_to_draft_closes_and_late_money_is_a_deposit(self):
        link = self.ask(self.invoice)
        self.pay(link)
        self.invoice.button_draft()
        self.assertEqual(link.state, "canceled")
        self.assertFalse(self.invoice._get_payment_page_url())
        self.deliver_all(self.connection)
        self.assertEqual(link.state, "paid")
        self.assertEqual(self.invoice.state, "draft", "nobody confirms it but us")
        payment = self.page_of(link).payment_id
        self.assertEqual(payment.amount, 15000)
        self.assertEqual(self.left_on_account(link), -15000)

    def test_debit_is_pending_then_paid(self):
        link = self.ask(self.invoice)
        self.pay(link, iban=GOOD_IBAN)
        self.deliver_all(self.connection)
        self.assertEqual(self.invoice.payment_link_state, "processing")
        self.assertEqual(self.page_of(link).state, "pending")
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.assertEqual(self.page_of(link).means_last4, "2606")
        with self.assertRaisesRegex(UserError, "on its way"):
            token = self.env["payment.token"]
            self.patch(type(self.invoice), "_get_saved_means", lambda move: token)
            self.invoice._charge_saved_means(token, 1)
        self.admin("settle", session=self.page_of(link).stripe_session_id)
        self.deliver_all(self.connection)
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_debit_that_fails_late_leaves_the_invoice_due(self):
        link = self.ask(self.invoice)
        self.pay(link, iban=BAD_IBAN)
        self.deliver_all(self.connection)
        self.admin("settle", session=self.page_of(link).stripe_session_id)
        self.deliver_all(self.connection)
        self.assertEqual(self.invoice.payment_link_state, "failed")
        self.assertEqual(self.invoice.amount_residual, 15000)
        self.assertTrue(self.invoice._get_payment_page_url())
        self.assertEqual(self.invoice._get_page_status(), "retry")

    def test_debit_on_its_way_is_not_called_back_by_a_transfer(self):
        link = self.ask(self.invoice)
        self.pay(link, iban=GOOD_IBAN)
        self.deliver_all(self.connection)
        self.transfer(self.invoice, 15000)
        self.assertEqual(link.state, "processing")
        bodies = " ".join(self.invoice.message_ids.mapped("body"))
        self.assertIn("on its way", bodies)
        self.admin("settle", session=self.page_of(link).stripe_session_id)
        self.deliver_all(self.connection)
        self.assertEqual(link.state, "paid")
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertEqual(self.left_on_account(link), -15000)

    def test_another_currency_is_asked_for_and_booked(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "rate": 2}
        )
        invoice = self.make_invoice(self.partner, 250, currency_id=usd.id)
        link = self.paid(invoice)
        self.assertEqual(link.currency_id, usd)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.page_of(link).payment_id.currency_id, usd)

    def test_page_is_off_without_stripe_or_setting_and_after_a_cancellation(self):
        self.assertTrue(self.invoice._get_payment_page_url())
        self.company.payment_link_on_invoices = False
        self.assertFalse(self.invoice._get_payment_page_url())
        self.ask(self.invoice)
        self.assertTrue(self.invoice._get_payment_page_url(), "asked for by hand")
        self.company.payment_link_on_invoices = True
        self.invoice.with_user(self.biller).action_cancel_payment_link()
        self.assertFalse(self.invoice._get_payment_page_url())
        self.ask(self.invoice)
        self.assertTrue(self.invoice._get_payment_page_url())
        self.connection.stripe_secret_key = False
        other = self.make_invoice(self.partner, 20)
        self.assertFalse(other._get_payment_page_url())

    def test_pdf_and_mail_carry_the_address_and_core_has_no_second_page(self):
        url = self.invoice._get_payment_page_url()
        report = self.env["ir.actions.report"]
        html = report._render_qweb_html("account.report_invoice", self.invoice.ids)[0]
        self.assertIn(url, html.decode())
        self.assertIn("data:image/png;base64", html.decode())
        template = self.env.ref("account.email_template_edi_invoice")
        body = self.env["account.move.send"]._get_default_mail_body(
            self.invoice, template, "en_US"
        )
        self.assertIn(url, body)
        self.assertIn(f"{url}/qr.png", body)
        self.assertFalse(self.invoice._has_to_be_paid())
        self.assertEqual(self.invoice._get_portal_payment_link(), url)
        self.transfer(self.invoice, 15000)
        html = report._render_qweb_html("account.report_invoice", self.invoice.ids)[0]
        self.assertNotIn(url, html.decode())

    def test_page_paid_before_a_newer_one_opened_is_asked_about_again(self):
        link = self.ask(self.invoice)
        first = self.page_of(link)
        self.pay(link)
        first._set_canceled()
        link._ask_page()
        self.run_outgoing(self.connection)
        self.assertNotEqual(self.page_of(link), first)
        now = first.create_date.replace(microsecond=0)
        from datetime import timedelta

        link._check_waiting(now + timedelta(minutes=30))
        self.run_outgoing(self.connection)
        self.assertEqual(link.state, "paid")
        self.assertEqual(first.state, "done")
        self.assertEqual(self.invoice.payment_state, "paid")


@tagged("post_install", "-at_install")
class TestReceipts(InvoiceCase):
    """What the client keeps of a payment."""

    def test_receipt_says_all_and_is_sent_once(self):
        self.company.write({"vat": "FR23334175221", "company_registry": "RCS 1"})
        link = self.paid(self.invoice)
        payment = self.page_of(link).payment_id
        self.assertEqual(
            payment.receipt_means, "Visa card \u2022\u2022\u2022\u2022 4242"
        )
        self.assertEqual(self.run_receipts(), 1)
        mails = self.env["mail.mail"].search(
            [("model", "=", "account.payment"), ("res_id", "=", payment.id)]
        )
        self.assertEqual(len(mails), 1)
        self.assertIn("Payment received", mails.subject)
        self.assertIn("15,000.00", mails.body_html)
        self.assertIn(self.invoice.name, mails.body_html)
        self.assertTrue(mails.attachment_ids)
        self.deliver_all(self.connection)
        self.assertEqual(self.run_receipts(), 0)
        payment._job_send_receipt()
        self.assertEqual(
            len(
                mails.search(
                    [("res_id", "=", payment.id), ("model", "=", "account.payment")]
                )
            ),
            1,
        )
        text = self._text(payment)
        for word in (
            "15,000.00",
            self.invoice.name,
            "4242",
            "Nadia Benali",
            "Boulangerie Roux",
            "FR23334175221",
            "RCS 1",
            self.page_of(link).provider_reference,
        ):
            self.assertIn(word, text)

    def _text(self, payment):
        content = self.env["ir.actions.report"]._render_qweb_html(
            "account.action_report_payment_receipt", payment.ids
        )[0]
        return content.decode()

    def test_transfer_has_its_receipt_too(self):
        payment = self.transfer(self.invoice, 5000)
        text = self._text(payment)
        self.assertIn("5,000.00", text)
        self.assertIn(self.invoice.name, text)
        self.assertIn(payment.payment_method_line_id.name, text)

    def test_client_without_mail_is_said_so(self):
        self.partner.email = False
        link = self.paid(self.invoice)
        self.run_receipts()
        payment = self.page_of(link).payment_id
        self.assertIn("no mail address", payment.message_ids[:1].body)

    def test_setting_off_sends_nothing(self):
        self.company.payment_link_receipt_mail = False
        self.paid(self.invoice)
        self.assertEqual(self.run_receipts(), 0)

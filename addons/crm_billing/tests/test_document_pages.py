from lxml import html

from odoo.tests import HttpCase, tagged

from odoo.addons.crm_base.tests.common import PublicPageMixin

from .common import GOOD_IBAN
from .invoice_common import InvoiceCase


@tagged("post_install", "-at_install")
class TestDocumentPages(InvoiceCase, PublicPageMixin, HttpCase):
    """What a client sees and does at the address printed on the invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.partner.lang = "fr_FR"

    def _path(self, document):
        self.env.flush_all()
        return document.sudo()._get_signed_page_path()

    def _get(self, document, query=""):
        answer = self.url_open(self._path(document) + query)
        text = " ".join(html.fromstring(answer.content).text_content().split())
        return answer, text

    def _press(self, document, action="", **values):
        path = self._path(document)
        page = html.fromstring(self.url_open(path).content)
        [token] = page.xpath("//input[@name='csrf_token']/@value")[:1]
        answer = self.url_open(
            path + action,
            data={"csrf_token": token, **values},
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return answer

    def test_opening_shows_the_amount_and_does_nothing(self):
        self.standin.state.requests.clear()
        answer, text = self._get(self.invoice)
        self.assertEqual(answer.status_code, 200)
        for word in ("Nadia Benali", self.invoice.name, "15 000,00", "Payer"):
            self.assertIn(word, text)
        self.assertNotIn("Boulangerie", text, "no name of the client")
        self.check_public_page(answer)
        self.assertIn('lang="fr-FR"', answer.text)
        self.assertFalse(self.invoice.payment_link_id)
        self.assertFalse(self.standin.state.requests)

    def test_button_makes_the_link_and_leads_to_stripe(self):
        answer = self._press(self.invoice)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("go=1", answer.headers["Location"])
        link = self.invoice.payment_link_id
        self.assertEqual((link.state, link.amount), ("creating", 15000))
        self.assertFalse(link.user_id)
        self.assertIn("en préparation", self._get(self.invoice)[1])
        self.run_outgoing(self.connection)
        self.env.flush_all()
        answer = self.url_open(
            self._path(self.invoice) + "?go=1", allow_redirects=False
        )
        url = self.page_of(link).stripe_session_url
        self.assertEqual(answer.headers["Location"], url)
        answer = self._press(self.invoice)
        self.assertEqual(answer.headers["Location"], url, "one click when it is ready")
        self.assertEqual(self.invoice.payment_link_count, 1)

    def test_paid_page_gives_the_receipt(self):
        link = self.paid(self.invoice)
        payment = self.page_of(link).payment_id
        answer, text = self._get(self.invoice)
        self.assertIn("Payé", text)
        self.assertIn("Télécharger le reçu", text)
        self.assertNotIn("<form", answer.text)
        path = f"{self._path(self.invoice)}/receipt/{payment.id}"
        self.assertIn(path, answer.text)
        receipt = self.url_open(path)
        self.assertEqual(receipt.status_code, 200)
        self.assertIn("attachment", receipt.headers["Content-Disposition"])
        other = self.transfer(self.make_invoice(self.partner, 7), 7)
        stranger = f"{self._path(self.invoice)}/receipt/{other.id}"
        self.assertEqual(self.url_open(stranger).status_code, 404)

    def test_every_state_has_its_words(self):
        link = self.ask(self.invoice)
        self.assertIn(
            "en cours de confirmation", self._get(self.invoice, "?from=stripe")[1]
        )
        self.pay(link, iban=GOOD_IBAN)
        self.deliver_all(self.connection)
        self.assertIn("prélèvement", self._get(self.invoice)[1])
        self.admin("settle", session=self.page_of(link).stripe_session_id)
        self.deliver_all(self.connection)
        self.assertIn("Payé", self._get(self.invoice)[1])
        draft = self.make_invoice(self.partner, 12)
        draft.button_draft()
        self.assertIn("en cours de correction", self._get(draft)[1])
        draft.button_cancel()
        answer, text = self._get(draft)
        self.assertIn("annulée", text)
        self.assertNotIn("<form", answer.text)
        closed = self.make_invoice(self.partner, 12)
        self.ask(closed)
        closed.with_user(self.biller).action_cancel_payment_link()
        answer, text = self._get(closed)
        self.assertIn("fermé", text)
        self.assertNotIn("<form", answer.text)

    def test_failed_payment_can_be_tried_again(self):
        link = self.ask(self.invoice)
        link.sudo().state = "failed"
        answer, text = self._get(self.invoice)
        self.assertIn("n'a pas abouti", text)
        self.assertIn("<form", answer.text)
        self._press(self.invoice)
        self.assertNotEqual(self.invoice.payment_link_id, link)

    def test_page_of_a_part_paid_invoice_asks_for_the_rest(self):
        self.transfer(self.invoice, 6000)
        _answer, text = self._get(self.invoice)
        for word in ("9 000,00", "15 000,00", "6 000,00"):
            self.assertIn(word, text)

    def test_forged_addresses_open_nothing(self):
        good = self._path(self.invoice)
        signature = good.split("-")[-1]
        other = self.make_invoice(self.partner, 12)
        for path in (
            f"/pay/i/{other.id}-{signature}",
            f"/pay/i/{self.invoice.id}-{'0' * 32}",
            f"/pay/i/{self.invoice.id}",
            f"/pay/e/{self.invoice.id}-{signature}",
            "/pay/i/x-y",
            f"/pay/i/{'9' * 40}-{signature}",
        ):
            answer = self.url_open(path)
            self.assertEqual(answer.status_code, 404, path)
            self.assertNotIn("Nadia", answer.text)

    def test_client_agrees_to_a_plan_and_pays_its_first_instalment(self):
        self.env["crm.instalment.plan.wizard"].create(
            {"move_ids": [(6, 0, self.invoice.ids)], "count": 2}
        ).action_create_plan()
        plan = self.invoice.instalment_plan_ids
        answer, text = self._get(plan)
        self.assertIn("7 500,00", text)
        self.assertEqual(plan.state, "draft", "opening it agrees to nothing")
        self._press(plan, "/agree", name=" ")
        self.assertEqual(plan.state, "draft")
        self._press(plan, "/agree", name="Marie Leblanc")
        self.assertEqual(
            (plan.state, plan.agreed_by, plan.agreed_how),
            ("agreed", "Marie Leblanc", "page"),
        )
        self.assertTrue(plan.agreed_ip)
        _answer, text = self._get(self.invoice)
        self.assertIn("plusieurs fois", text)
        first, second = plan.instalment_ids
        answer, _text = self._get(plan)
        self.assertIn(self._path(first), answer.text)
        self.assertNotIn(self._path(second), answer.text)
        self._press(first)
        self.run_outgoing(self.connection)
        self.pay(first.payment_link_id)
        self.deliver_all(self.connection)
        answer, text = self._get(first)
        self.assertIn("Payé", text)
        self.assertIn("Télécharger le reçu", text)

    def test_client_takes_back_his_consent(self):
        self.company.payment_link_save_means = True
        _answer, text = self._get(self.invoice)
        self.assertIn("mandat", text)
        self._press(self.invoice, save="1")
        self.run_outgoing(self.connection)
        link = self.invoice.payment_link_id
        self.pay(link)
        self.deliver_all(self.connection)
        token = self.page_of(link).token_id
        _answer, text = self._get(token)
        self.assertIn("4242", text)
        self._press(token, "/withdraw")
        self.assertFalse(token.active)
        answer, text = self._get(token)
        self.assertIn("n'est plus utilisé", text)

    def test_qr_code_is_a_picture_of_the_address(self):
        answer = self.url_open(f"{self._path(self.invoice)}/qr.png")
        self.assertEqual(answer.headers["Content-Type"], "image/png")
        self.assertTrue(answer.content.startswith(b"\x89PNG"))

    def test_portal_sends_late_invoices_to_our_pages(self):
        self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": "Roux",
                "login": "roux_portal",
                "password": "roux_portal",
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
            }
        )
        self.invoice.invoice_date_due = "2020-01-01"
        self.env.flush_all()
        self.authenticate("roux_portal", "roux_portal")
        answer = self.url_open("/my/invoices/overdue", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("filterby=overdue_invoices", answer.headers["Location"])
        page = self.url_open("/my/invoices?filterby=overdue_invoices").text
        self.assertIn(self._path(self.invoice), page)

    def test_portal_has_our_button_and_the_receipts_only(self):
        self.partner.lang = "fr_FR"
        url = self.invoice.get_portal_url()
        self.env.flush_all()
        page = self.url_open(url).text
        self.assertIn(self._path(self.invoice), page)
        self.assertNotIn("o_payment_form", page)
        self.paid(self.invoice)
        self.env.flush_all()
        page = self.url_open(url).text
        self.assertIn("/receipt/", page)

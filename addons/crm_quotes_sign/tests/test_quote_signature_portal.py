import re

from odoo.tests import HttpCase, tagged

from .common import QuoteSignMixin


@tagged("post_install", "-at_install")
class TestQuoteSignaturePortal(QuoteSignMixin, HttpCase):
    """Accepting on the client's page sends what was on the page, once, by POST."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.email = "achats@techcorp.example"
        cls.company.quote_chain_is_on = True
        cls.order.action_quotation_sent()
        cls.order._portal_ensure_token()

    def read_form(self):
        page = self.url_open(self.order.get_portal_url()).text
        return dict(
            re.findall(
                r'<input[^>]*name="(csrf_token|fingerprint)"[^>]*value="(\w+)"', page
            )
        )

    def accept(self, **values):
        url = self.order.get_portal_url(suffix="/accept_by_signature")
        return self.url_open(url, data={**self.read_form(), **values})

    def requests(self):
        return self.env["crm.sign.request"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", self.order.id)]
        )

    def test_accepting_sends_the_link_by_mail(self):
        answer = self.accept()
        self.assertIn("signature_sent", answer.url)
        (request,) = self.requests()
        self.assertEqual((request.state, request.user_id), ("sent", self.seller))
        self.assertEqual(request.signer_ids.email, "achats@techcorp.example")
        self.accept()
        self.assertEqual(len(self.requests()), 1)

    def test_what_changed_meanwhile_is_not_accepted(self):
        self.accept(fingerprint="0" * 64)
        self.assertFalse(self.requests())

    def test_without_csrf_nothing_happens(self):
        with self.assertLogs("odoo.http", "WARNING"):
            self.assertEqual(self.accept(csrf_token="wrong").status_code, 400)
        self.assertFalse(self.requests())

    def test_without_the_link_nothing_happens(self):
        url = f"/my/orders/{self.order.id}/accept_by_signature"
        self.url_open(url, data=self.read_form())
        self.assertFalse(self.requests())

    def test_a_client_without_mail_is_a_task_for_the_seller(self):
        self.client.email = False
        answer = self.accept()
        self.assertIn("signature_failed", answer.url)
        self.assertFalse(self.requests())
        self.order.invalidate_recordset()
        self.assertEqual(self.order.activity_ids.user_id, self.seller)
        self.assertEqual(self.order.activity_ids.create_uid, self.seller)

from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_base.tests.common import PublicPageMixin

from .common import GOOD_IBAN, BillingCase


@tagged("post_install", "-at_install")
class TestPages(BillingCase, PublicPageMixin, HttpCase):
    """What the client sees behind the link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.lead.partner_id.lang = "fr_FR"

    def _path(self, link):
        self.env.flush_all()
        return f"/pay/{link.sudo().token}"

    def _get(self, link):
        answer = self.url_open(self._path(link))
        return answer, " ".join(html.fromstring(answer.content).text_content().split())

    def _press(self, link):
        page = html.fromstring(self.url_open(self._path(link)).content)
        [token] = page.xpath("//input[@name='csrf_token']/@value")
        answer = self.url_open(
            self._path(link), data={"csrf_token": token}, allow_redirects=False
        )
        self.env.invalidate_all()
        return answer

    def test_page_shows_amount_in_french_and_opening_it_does_nothing(self):
        link = self.make_link(self.lead, self.connection)
        self.standin.state.requests.clear()
        answer, text = self._get(link)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Nadia Benali", text)
        self.assertIn("Site Roux", text)
        self.assertIn("3 600,00", text)
        self.assertIn("Payer", text)
        self.assertNotIn("roux@example.com", answer.text)
        self.assertNotIn("Boulangerie", text, "no name of the client")
        self.assertNotIn("cs_test", answer.text)
        self.assertIn('lang="fr-FR"', answer.text)
        self.check_public_page(answer)
        self.assertFalse(self.standin.state.requests)
        self.assertEqual(len(link.sudo().transaction_ids), 1)

    def test_button_leads_to_the_payment_page_of_stripe(self):
        link = self.make_link(self.lead, self.connection)
        answer = self._press(link)
        self.assertEqual(answer.status_code, 303)
        url = self.page_of(link).stripe_session_url
        self.assertEqual(answer.headers["Location"], url)

    def test_post_without_the_form_of_the_page_is_refused(self):
        link = self.make_link(self.lead, self.connection)
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self.url_open(
                self._path(link), data={"a": "b"}, allow_redirects=False
            )
        self.assertEqual(answer.status_code, 400)

    def test_button_prepares_a_new_page_when_the_last_one_has_ended(self):
        link = self.make_link(self.lead, self.connection)
        first = self.page_of(link)
        first.stripe_session_expires_at = fields.Datetime.now() - timedelta(hours=1)
        answer = self._press(link)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/pay/", answer.headers["Location"])
        self.assertEqual(link.state, "creating")
        _answer, text = self._get(link)
        self.assertIn("en préparation", text)
        self.run_outgoing(self.connection)
        answer = self._press(link)
        self.assertEqual(
            answer.headers["Location"], self.page_of(link).stripe_session_url
        )
        self.assertNotEqual(self.page_of(link), first)

    def test_each_state_has_its_words(self):
        link = self.make_link(self.lead, self.connection)
        back = self.url_open(self._path(link) + "?from=stripe")
        self.assertIn("en cours de confirmation", back.text)
        self.assertIn('http-equiv="refresh"', back.text)
        self.pay(link, iban=GOOD_IBAN)
        self.deliver_all(self.connection)
        self.assertIn("prélèvement", self._get(link)[1])
        self.admin("settle", session=self.page_of(link).stripe_session_id)
        self.deliver_all(self.connection)
        self.assertIn("Payé", self._get(link)[1])
        self.admin("refund", session=self.page_of(link).stripe_session_id)
        self.deliver_all(self.connection)
        self.assertIn("Remboursé", self._get(link)[1])

    def test_canceled_and_expired_links_have_no_button(self):
        link = self.make_link(self.lead, self.connection)
        self.lead.action_cancel_payment_link()
        answer, text = self._get(link)
        self.assertIn("annulé", text)
        self.assertNotIn("<form", answer.text)
        again = self.make_link(self.lead, self.connection)
        again.sudo().expires_at = fields.Datetime.now() - timedelta(minutes=1)
        answer, text = self._get(again)
        self.assertIn("expiré", text)
        self.assertNotIn("<form", answer.text)

    def test_failed_payment_is_not_called_expired(self):
        link = self.make_link(self.lead, self.connection)
        link.sudo().state = "failed"
        answer, text = self._get(link)
        self.assertIn("n'a pas abouti", text)
        self.assertNotIn("expiré", text)
        self.assertNotIn("<form", answer.text)

    def test_unknown_token_says_nothing(self):
        for token in ("x" * 32, "y" * 2000, "%00"):
            answer = self.url_open(f"/pay/{token}")
            self.assertIn(answer.status_code, (404, 400), token[:5])
        self.assertNotIn("Nadia Benali", self.url_open(f"/pay/{'x' * 32}").text)

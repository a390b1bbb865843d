import re

from odoo import fields
from odoo.tests import HttpCase, JsonRpcException, tagged

from .common import QuoteMixin

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@tagged("post_install", "-at_install")
class TestPortal(QuoteMixin, HttpCase):
    """The client's page over HTTP: what it shows, what it counts, what it refuses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quotes()
        cls.order.require_signature = True
        cls.order.action_quotation_sent()
        cls.order._portal_ensure_token()

    def setUp(self):
        super().setUp()
        self.opener.headers["User-Agent"] = AGENT

    def visit(self, **params):
        page = self.url_open(self.order.get_portal_url())
        self.assertEqual(page.status_code, 200)
        return page.text

    def new_visit(self):
        self.opener.cookies.clear()
        self.authenticate(None, None)
        self.opener.headers["User-Agent"] = AGENT

    def tell(self, page=None, url=None, token=None):
        page = page or self.visit()
        token = token or re.search(r'csrf_token: "([^"]+)"', page).group(1)
        shown = re.search(r'data-fingerprint="(\w+)"', page)
        return self.url_open(
            url or self.order.get_portal_url(suffix="/opened"),
            data={"csrf_token": token, "fingerprint": shown and shown.group(1)},
        )

    def opened(self):
        self.order.invalidate_recordset()
        return self.order.quote_opened_count

    def test_opening_the_page_alone_counts_nothing(self):
        self.visit()
        self.assertEqual(self.opened(), 0)

    def test_the_page_tells_once_per_visit(self):
        self.assertEqual(self.tell().status_code, 200)
        self.tell()
        self.assertEqual(self.opened(), 1)
        self.new_visit()
        self.tell()
        self.assertEqual(self.opened(), 2)

    def test_without_csrf_or_right_nothing_counts(self):
        page = self.visit()
        with self.assertLogs("odoo.http", "WARNING") as logs:
            self.assertEqual(self.tell(page, token="wrong").status_code, 400)
        self.assertIn("CSRF", logs.output[0])
        url = f"/my/orders/{self.order.id}/opened"
        self.assertEqual(self.tell(page, url=url).status_code, 404)
        wrong = f"{url}?access_token=wrong"
        self.assertEqual(self.tell(page, url=wrong).status_code, 404)
        self.assertEqual(self.opened(), 0)

    def test_a_link_sent_to_a_contact_names_him(self):
        buyer = self.env["res.partner"].create(
            {"name": "Marie", "parent_id": self.client.id}
        )
        page = self.url_open(
            self.order.get_portal_url()
            + f"&pid={buyer.id}&hash={self.order._sign_token(buyer.id)}"
        ).text
        token = re.search(r'csrf_token: "([^"]+)"', page).group(1)
        pid, key = re.search(r'data-pid="(\d+)" data-hash="(\w+)"', page).groups()
        self.url_open(
            self.order.get_portal_url(suffix="/opened"),
            data={"csrf_token": token, "pid": pid, "hash": key},
        )
        self.assertEqual(self.events(self.order, "opened").partner_id, buyer)
        self.new_visit()
        page = self.visit()
        token = re.search(r'csrf_token: "([^"]+)"', page).group(1)
        self.url_open(
            self.order.get_portal_url(suffix="/opened"),
            data={"csrf_token": token, "pid": buyer.id, "hash": "forged"},
        )
        readers = self.events(self.order, "opened").partner_id
        self.assertEqual(readers, buyer | self.client)

    def test_our_own_people_do_not_count(self):
        self.authenticate(self.seller.login, self.seller.login)
        self.opener.headers["User-Agent"] = AGENT
        self.tell()
        self.assertEqual(self.opened(), 0)

    def test_the_client_sees_what_changed(self):
        self.assertNotIn("o_crm_quote_news", self.tell_and_read())
        self.edit(self.order)
        self.order.with_user(self.seller)._note_quote_sent()
        self.new_visit()
        page = self.visit()
        self.assertIn("o_crm_quote_news", page)
        self.assertIn("Formation", page)
        self.assertNotIn("Sophie,", page)
        self.tell(page)
        self.new_visit()
        self.assertNotIn("o_crm_quote_news", self.visit())

    def tell_and_read(self):
        page = self.visit()
        self.tell(page)
        return page

    def test_another_client_gets_nothing(self):
        portal = self.make_user("paul", "base.group_portal")
        self.authenticate(portal.login, portal.login)
        page = self.url_open(f"/my/orders/{self.order.id}")
        self.assertNotIn("Cadrage", page.text)
        self.assertNotIn("o_crm_quote_news", page.text)

    def test_a_lapsed_quote_is_refused_with_a_sentence(self):
        today = fields.Date.context_today(self.order)
        self.order.validity_date = fields.Date.subtract(today, days=1)
        token = self.order.access_token
        route = f"/my/orders/{self.order.id}"
        answer = self.make_jsonrpc_request(
            f"{route}/accept",
            {"access_token": token, "name": "Paul", "signature": "iVBORw0KGgo="},
        )
        # In the language of the page.
        self.assertRegex(answer["error"], f"{self.order.name}.*expir")
        with (
            self.assertLogs("odoo.http", "WARNING") as logs,
            self.assertRaises(JsonRpcException),
        ):
            self.make_jsonrpc_request(
                f"{route}/transaction",
                {
                    "access_token": token,
                    "amount": 10,
                    "provider_id": 1,
                    "payment_method_id": 1,
                    "token_id": None,
                    "flow": "direct",
                    "tokenization_requested": False,
                    "landing_route": "/",
                },
            )
        self.assertRegex(logs.output[0], f"{self.order.name}.*expir")
        self.order.invalidate_recordset()
        self.assertEqual(self.order.state, "sent")

    def test_the_client_accepts_and_the_deal_is_won(self):
        pixel = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
            "WjR9awAAAABJRU5ErkJggg=="
        )
        answer = self.make_jsonrpc_request(
            f"/my/orders/{self.order.id}/accept",
            {
                "access_token": self.order.access_token,
                "name": "Paul",
                "signature": pixel,
            },
        )
        self.assertTrue(answer.get("force_refresh"), answer)
        self.order.invalidate_recordset()
        self.lead.invalidate_recordset()
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.lead.won_status, "won")
        self.assertEqual(self.lead.expected_revenue, 21200)
        self.assertEqual(self.events(self.order, "accepted").partner_id, self.client)

import json
import time
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import HttpCase, tagged

from odoo.addons.crm_billing.const import WEBHOOK_MAX_BYTES
from odoo.addons.crm_billing.lib.signature import sign

from .common import BillingCase


class Busy(SerializationFailure):
    pgcode = "40001"


@tagged("post_install", "-at_install")
class TestWebhook(BillingCase, HttpCase):
    """The door Stripe knocks at."""

    def setUp(self):
        super().setUp()
        self.link = self.make_link(self.lead, self.connection)
        self.pay(self.link)
        [self.event] = self.events(self.connection, "checkout.session.completed")
        self.body = json.dumps(self.event).encode()
        self.path = f"/crm_billing/stripe/webhook/{self.connection.sudo().webhook_key}"
        self.secret = self.connection.payment_provider_id.stripe_webhook_secret

    def _post(self, body, header, path=None):
        headers = {"Content-Type": "application/json", "Stripe-Signature": header}
        self.env.flush_all()
        answer = self.url_open(path or self.path, data=body, headers=headers)
        self.env.invalidate_all()
        return answer.status_code

    def _sign(self, body, secret=None, age=0):
        return sign(body, secret or self.secret, int(time.time()) - age)

    def _received(self):
        return self.env["crm.exchange"].search_count(
            [("connection_id", "=", self.connection.id), ("direction", "=", "in")]
        )

    def test_signed_event_is_stored_answered_and_processed(self):
        self.assertEqual(self._post(self.body, self._sign(self.body)), 200)
        self.assertEqual(self._received(), 1)
        self.assertEqual(self.lead.payment_link_state, "waiting", "a job does it")
        self.run_incoming(self.connection)
        self.assertEqual(self.lead.payment_link_state, "paid")
        self.assertEqual(self._post(self.body, self._sign(self.body)), 200)
        self.assertEqual(self._received(), 1)

    def test_bad_signatures_are_refused_and_leave_a_trace(self):
        other = self.body.replace(b"360000", b"100000")
        deep = b"[" * 100_000
        nul = json.dumps({**self.event, "id": "evt_\0"}).encode()
        cases = [
            (self.body, self._sign(self.body, "whsec_forged"), "no_match"),
            (other, self._sign(self.body), "no_match"),
            (self.body, self._sign(self.body, age=301), "too_old"),
            (self.body, self._sign(self.body, age=-400), "in_future"),
            (self.body, "", "no_header"),
            (self.body, "t=abc,v1=00", "bad_header"),
            (self.body, f"t={int(time.time())},v0=00", "bad_header"),
            (b"[]", self._sign(b"[]"), "not_an_event"),
            (b"not json", self._sign(b"not json"), "not_an_event"),
            (deep, self._sign(deep), "not_an_event"),
            (nul, self._sign(nul), "not_an_event"),
        ]
        for count, (body, header, reason) in enumerate(cases, 1):
            with self.subTest(reason):
                self.assertEqual(self._post(body, header), 400)
                self.assertEqual(self.connection.webhook_refused_reason, reason)
                self.assertEqual(self.connection.webhook_refused_count, count)
                self.assertTrue(self.connection.webhook_refused_at)
        self.assertEqual(self._received(), 0)
        self.assertEqual(self.lead.payment_link_state, "waiting")

    def test_event_is_accepted_when_the_database_was_busy(self):
        receive = type(self.connection)._receive
        tries = []

        def conflict_first(connection, *args, **kwargs):
            tries.append(args)
            if len(tries) == 1:
                raise Busy("another request was faster")
            return receive(connection, *args, **kwargs)

        self.patch(type(self.connection), "_receive", conflict_first)
        self.assertEqual(self._post(self.body, self._sign(self.body)), 200)
        self.assertEqual(len(tries), 2)
        self.assertEqual(self._received(), 1)

    def test_refusals_at_the_same_moment_stop_nobody(self):
        def conflict(cursor, query, *args, **kwargs):
            if "webhook_refused_count" not in str(query):
                return execute(cursor, query, *args, **kwargs)
            self.assertIs(kwargs["log_exceptions"], False)
            raise Busy("another request was faster")

        execute = type(self.env.cr).execute
        with patch.object(type(self.env.cr), "execute", conflict):
            status = self.connection._accept_webhook(
                self.body, {"Stripe-Signature": "t=1,v1=00"}
            )
        self.assertEqual(status, 400)
        self.assertFalse(self.connection.webhook_refused_count)

    def test_no_secret_means_no_entry(self):
        self.connection.stripe_webhook_secret = False
        for secret in ("", "False", "None"):
            header = sign(self.body, secret, int(time.time()))
            self.assertEqual(self._post(self.body, header), 403)
        self.assertEqual(self.connection.webhook_refused_reason, "no_secret")
        self.assertEqual(self._received(), 0)

    def test_two_signatures_after_a_roll_of_the_secret(self):
        good = self._sign(self.body)
        stamp, good_v1 = good.split(",")
        header = f"{stamp},v1={'0' * 64},{good_v1},v0=ignored"
        self.assertEqual(self._post(self.body, header), 200)

    def test_unknown_address_large_body_and_other_methods(self):
        header = self._sign(self.body)
        wrong = "/crm_billing/stripe/webhook/unknown"
        self.assertEqual(self._post(self.body, header, wrong), 404)
        self.assertEqual(self._post(self.body, header, f"{wrong}%00"), 404)
        large = b"x" * (WEBHOOK_MAX_BYTES + 1)
        self.assertEqual(self._post(large, self._sign(large)), 413)
        self.assertIn(self.url_open(self.path).status_code, (404, 405))

    def test_core_route_refuses_when_no_secret_is_set(self):
        page = self.page_of(self.link)
        self.connection.stripe_webhook_secret = False
        event = {
            "type": "payment_intent.succeeded",
            "data": {
                "object": {
                    "id": "pi_1",
                    "object": "payment_intent",
                    "description": page.reference,
                    "status": "succeeded",
                    "amount": 360000,
                    "currency": "eur",
                }
            },
        }
        body = json.dumps(event).encode()
        status = self._post(body, "t=1,v1=00", "/payment/stripe/webhook")
        self.assertEqual(status, 403)
        self.assertEqual(page.state, "draft")

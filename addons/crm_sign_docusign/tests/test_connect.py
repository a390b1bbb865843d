import json
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import HttpCase, tagged

from odoo.addons.crm_sign_docusign.const import WEBHOOK_MAX_BYTES
from odoo.addons.crm_sign_docusign.lib.connect import sign

from .common import HMAC_KEYS, DocusignMixin


class Busy(SerializationFailure):
    pgcode = "40001"


@tagged("post_install", "-at_install")
class TestConnect(DocusignMixin, HttpCase):
    """The door DocuSign knocks at."""

    def setUp(self):
        super().setUp()
        self.request = self.send_request()
        self.sign_there(self.request)
        self.body = self.bodies(self.request)[-1]
        self.path = f"/crm_sign_docusign/connect/{self.connection.webhook_key}"

    def _post(self, body, *signatures, path=None):
        headers = {"Content-Type": "application/json"}
        for number, value in enumerate(signatures, start=1):
            headers[f"X-DocuSign-Signature-{number}"] = value
        self.env.flush_all()
        answer = self.url_open(path or self.path, data=body, headers=headers)
        self.env.invalidate_all()
        return answer.status_code

    def _received(self):
        return self.env["crm.exchange"].search_count(
            [("connection_id", "=", self.connection.id), ("direction", "=", "in")]
        )

    def test_a_signed_event_is_stored_answered_and_processed(self):
        good = sign(self.body, HMAC_KEYS[1])
        self.assertEqual(self._post(self.body, "retired", good), 200)
        self.assertEqual(self.request.state, "sent", "a job does it")
        self.run_incoming(self.connection)
        self.assertEqual(self.request.state, "signed")

    def test_a_repeated_delivery_is_stored_once(self):
        again = json.dumps({**json.loads(self.body), "retryCount": 4}).encode()
        for body in (self.body, self.body, again):
            self.assertEqual(self._post(body, sign(body, HMAC_KEYS[0])), 200)
        self.assertEqual(self._received(), 1)

    def test_what_is_not_signed_by_our_keys_is_refused_and_counted(self):
        good = sign(self.body, HMAC_KEYS[0])
        for body, signatures in (
            (self.body, []),
            (self.body, [sign(self.body, "forged")]),
            (self.body + b" ", [good]),
            (b"{}", [sign(b"{}", HMAC_KEYS[0])]),
        ):
            self.assertEqual(self._post(body, *signatures), 400)
        self.assertFalse(self._received())
        self.assertEqual(self.connection.webhook_refused_count, 4)
        self.assertEqual(self.connection.webhook_refused_reason, "not_an_event")

    def test_without_a_key_everything_is_refused(self):
        self.connection.webhook_secret = False
        self.assertEqual(self._post(self.body, sign(self.body, "")), 403)
        self.assertFalse(self._received())

    def test_other_addresses_open_nothing(self):
        good = sign(self.body, HMAC_KEYS[0])
        for path in (f"{self.path}x", "/crm_sign_docusign/connect/%00"):
            self.assertEqual(self._post(self.body, good, path=path), 404)
        large = b"x" * (WEBHOOK_MAX_BYTES + 1)
        self.assertEqual(self._post(large, good), 413)
        answer = self.url_open(self.path)
        self.assertEqual(answer.status_code, 405)

    def test_a_busy_database_is_asked_again(self):
        receive = type(self.connection)._receive
        calls = []

        def busy_once(connection, *args, **kwargs):
            calls.append(1)
            if len(calls) == 1:
                raise Busy
            return receive(connection, *args, **kwargs)

        with patch.object(type(self.connection), "_receive", busy_once):
            self.assertEqual(self._post(self.body, sign(self.body, HMAC_KEYS[0])), 200)
        self.assertEqual(len(calls), 2)
        self.assertEqual(self._received(), 1)

    def test_the_page_after_consent_tells_both_ends(self):
        allowed = self.url_open("/crm_sign_docusign/consent?code=abc")
        self.assertIn("access allowed", allowed.text)
        denied = self.url_open("/crm_sign_docusign/consent?error=access_denied")
        self.assertIn("access not allowed", denied.text)

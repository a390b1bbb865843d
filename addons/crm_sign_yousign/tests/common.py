"""A company with a Yousign account at a local stand-in."""

import json
import os
from unittest.mock import patch

from odoo.tests import TransactionCase

from odoo.addons.crm_integrations.tests.common import ExchangeMixin, load_standin
from odoo.addons.crm_sign.tests.common import SignMixin

from ..lib import signature

KEY, SECRET = "yousign_tests", "s" * 32


class YousignMixin(ExchangeMixin, SignMixin):
    """Starts the stand-in once per class; put before a test case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standin = load_standin("yousign").YousignStandin().start()
        cls.addClassCleanup(cls.standin.stop)
        cls.account = cls.standin.add_account(KEY)
        environ = {"CRM_STANDIN_YOUSIGN_URL": cls.standin.api_url}
        cls.enterClassContext(patch.dict(os.environ, environ))
        cls.connection = cls.env["crm.connection"].create(
            {
                "name": "Yousign",
                "provider": "yousign",
                "company_id": cls.company.id,
                "base_url": cls.standin.api_url,
                "yousign_api_key": KEY,
                "webhook_secret": SECRET,
            }
        )

        # Sentences are compared in English, whatever is installed.
        cls.connection.responsible_id.lang = "en_US"

    def setUp(self):
        super().setUp()
        self.standin.admin.call("POST", "reset", {})
        # Events are brought by the tests themselves, in the order they choose.
        self.standin.state.settings.drop_webhooks = True

    # === At Yousign === #

    def act(self, name, **values):
        """Steer the stand-in."""
        return self.standin.admin.call("POST", name, values)

    def remote(self, request):
        """The request as the stand-in knows it; exactly one."""
        (row,) = self.standin.find(request.reference)
        return row

    def calls(self, method, ending=""):
        return [
            row
            for row in self.standin.state.requests
            if row["method"] == method and row["path"].endswith(ending)
        ]

    # === With us === #

    def make_yousign(self, *signers, **values):
        return self.make_request(*signers, connection_id=self.connection.id, **values)

    def send(self, *signers, **values):
        """A request on its way at Yousign."""
        request = self.make_yousign(*signers, **values)
        request.with_user(self.seller).action_send()
        self.settle()
        return request

    def settle(self):
        """Send what waits, also what was postponed, until nothing is left."""
        for _round in range(12):
            waiting = self.env["crm.exchange"].search(
                [
                    ("connection_id", "=", self.connection.id),
                    ("state", "=", "pending"),
                    ("direction", "=", "out"),
                ]
            )
            if not waiting:
                return
            waiting.next_attempt_at = waiting[0].create_date
            self.connection.resume_at = False
            self.run_outgoing(self.connection)
        self.fail(f"still waiting: {waiting.mapped('event')}")

    def exchanges(self, event):
        return self.env["crm.exchange"].search(
            [("connection_id", "=", self.connection.id), ("event", "=", event)]
        )

    # === Events === #

    def events(self, name=""):
        return [e for e in self.account.events if name in ("", e["event_name"])]

    def knock(self, body):
        """Bring a signed message to our door; return the HTTP status."""
        headers = {"X-Yousign-Signature-256": signature.sign(body, SECRET)}
        return self.connection._accept_webhook(body, headers)

    def deliver(self, *events):
        """Bring events to our door, as the vendor signs them, and process them."""
        for event in events:
            body = json.dumps(event).encode()
            self.assertEqual(self.knock(body), 200)
        self.run_incoming(self.connection)
        self.settle()


class YousignCase(YousignMixin, TransactionCase):
    """Without a server."""

"""A company with a DocuSign account at a local stand-in, and its seller."""

import json
import os
import time
from functools import cache
from unittest.mock import patch

from odoo.tests import TransactionCase

from odoo.addons.crm_integrations.tests.common import ExchangeMixin, load_standin
from odoo.addons.crm_sign.tests.common import SignMixin

from ..lib.connect import sign

HMAC_KEYS = ("first-key=", "second-key=")


@cache
def make_keys():
    """Return (private, public) RSA key as PEM, made once."""
    return load_standin("docusign").make_keys()


class DocusignMixin(ExchangeMixin, SignMixin):
    """Starts the stand-in once per class; nothing leaves this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standin = load_standin("docusign").DocusignStandin().start()
        cls.addClassCleanup(cls.standin.stop)
        # Events are brought by the tests themselves, in the order they choose.
        cls.standin.state.settings.drop_webhooks = True
        environ = patch.dict(
            os.environ,
            {"CRM_STANDIN_DOCUSIGN_URL": cls.standin.base_url},
        )
        environ.start()
        cls.addClassCleanup(environ.stop)
        cls.env["res.lang"]._activate_lang("en_US")
        cls.seller.lang = "en_US"
        cls.customer, cls.connection = cls.make_connection(cls.company)

    def setUp(self):
        super().setUp()
        state = self.standin.state
        state.faults.clear()
        state.requests.clear()
        state.mails.clear()
        state.now = time.time
        state.settings.unreadable_reads = 0
        self.standin.connect.events.clear()
        for account in state.accounts.values():
            account.envelopes.clear()
            account.bin.clear()

    @classmethod
    def make_connection(cls, company, **values):
        """An account at DocuSign and its connection; Test was pressed."""
        private, public = make_keys()
        customer = cls.standin.add_account(
            public, name=company.name, hmac_keys=list(HMAC_KEYS)
        )
        connection = cls.env["crm.connection"].create(
            {
                "name": "DocuSign",
                "provider": "docusign",
                "company_id": company.id,
                "base_url": cls.standin.base_url,
                "responsible_id": cls.env.user.id,
                "docusign_integration_key": customer["integration_key"],
                "docusign_user_guid": customer["user"],
                "docusign_private_key": private,
                "webhook_secret": ",".join(HMAC_KEYS),
                "docusign_advanced_provider": (
                    "universalsignaturepen_opentrust_hash_tsp"
                ),
                "docusign_phone_workflow": cls.standin.state.accounts[
                    customer["account"]
                ].phone_workflow,
                **values,
            }
        )
        connection.responsible_id.lang = "en_US"
        return customer, connection

    # === Steps === #

    def send_request(self, *signers, **values):
        """A request sent to DocuSign, as the seller does it and the jobs follow."""
        request = self.make_request(
            *signers, **{"connection_id": self.connection.id, **values}
        )
        self.place(request)
        request.with_user(self.seller).action_send()
        self.run_outgoing(self.connection)
        return request

    def place(self, request):
        """A signature field for each signer."""
        for number, signer in enumerate(request.signer_ids):
            self.env["crm.sign.field"].create(
                {
                    "request_id": request.id,
                    "document_id": request.document_ids[:1].id,
                    "signer_id": signer.id,
                    "type": "signature",
                    "x": 100,
                    "y": 600 + 60 * number,
                }
            )

    def admin(self, route, /, **values):
        """Steer the stand-in."""
        return self.standin.admin.call("POST", route, values)

    def envelopes(self):
        return self.standin.admin.call("GET", "envelopes", {})["data"]

    def envelope(self, request):
        """The envelope of a request as DocuSign keeps it."""
        (found,) = self.standin.find(request.reference)
        return found

    def act(self, request, action, signer, **values):
        """Do something as a signer, at DocuSign."""
        envelope_id = self.envelope(request)["envelopeId"]
        self.admin(action, envelope=envelope_id, recipient=str(signer.id), **values)

    def sign_there(self, request, *signers):
        for signer in signers or request.signer_ids:
            self.act(request, "sign", signer)

    def bodies(self, request=None):
        """Events as Connect would bring them, oldest first."""
        envelope_id = request and self.envelope(request)["envelopeId"]
        return [
            json.dumps(record["event"]).encode()
            for record in self.standin.connect.events
            if envelope_id in (None, record["event"]["data"]["envelopeId"])
        ]

    def receive(self, bodies):
        """Let events in at the door, then work on them."""
        for body in bodies:
            headers = {"X-DocuSign-Signature-1": sign(body, HMAC_KEYS[0])}
            status = self.connection._accept_webhook(body, headers)
            self.assertEqual(status, 200)
        self.run_incoming(self.connection)

    def finish(self, request):
        """Everybody signed at DocuSign, Connect reported, files were brought."""
        self.sign_there(request)
        self.receive(self.bodies(request))
        self.run_outgoing(self.connection)

    def calls(self, method, ending=""):
        """Calls that DocuSign received."""
        return [
            entry
            for entry in self.standin.state.requests
            if entry["method"] == method and entry["path"].endswith(ending)
        ]

    def exchange(self, event, request=None):
        """The latest exchange of a kind."""
        domain = [("event", "=", event), ("connection_id", "=", self.connection.id)]
        if request:
            domain.append(("res_id", "=", request.id))
        return self.env["crm.exchange"].search(domain, limit=1)

    def kinds(self, request):
        return request.event_ids.sorted("sequence").mapped("kind")


class DocusignCase(DocusignMixin, TransactionCase):
    """Without a server of our own."""

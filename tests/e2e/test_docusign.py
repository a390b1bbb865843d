"""Requests signed at the stand-in for DocuSign, on two real servers."""

import base64
import dataclasses
import json
import uuid

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.e2e.exchange.site import Site
from tests.standins.docusign import DocusignStandin
from tests.standins.docusign.connect import signature
from tests.standins.yousign.files import make_pdf

HMAC_KEYS = ["former-key=", "present-key="]
PDF = make_pdf([["Contrat de prestation"], ["Annexe"]])
# Seconds; far more than it takes on a machine with nothing else to do.
PATIENCE = 90
MARIE, PAUL = ("Marie Dupont", "marie@client.example"), ("Paul Roux", "p@x.example")


def make_keys():
    """Return (private, public) RSA key as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


@pytest.fixture
def docusign():
    """The stand-in, without a customer yet."""
    with DocusignStandin() as standin:
        standin.state.settings.webhook_retry_seconds = (1,) * 30
        yield standin


@pytest.fixture
def site(workspace, docusign, tmp_path):
    """A database whose servers may call the stand-in."""
    from launcher.testing.template import ensure_templates

    place = Site.place_from_workspace(workspace, ensure_templates(workspace).suite)
    env = {**place.env, "CRM_STANDIN_DOCUSIGN_URL": docusign.base_url}
    place = dataclasses.replace(place, env=env)
    site = Site(place, f"docusign_{uuid.uuid4().hex[:8]}", tmp_path)
    site.create()
    try:
        yield site
        site.check_logs()
    finally:
        site.destroy()


class Desk:
    """What a person does with us, and sees."""

    def __init__(self, site, docusign):
        self.site, self.docusign = site, docusign
        self.servers = [site.server(), site.server()]
        first, second = self.servers
        # Events come in by the other server.
        for name, value in (
            ("crm_integrations.lease_seconds", "10"),
            ("web.base.url", second.url),
            ("web.base.url.freeze", "True"),
        ):
            first.call("ir.config_parameter", "set_param", [name, value])
        private, public = make_keys()
        self.customer = docusign.add_account(
            public,
            hmac_keys=HMAC_KEYS,
            redirect_uris=[f"{second.url}/crm_sign_docusign/consent"],
            consent=False,
        )
        values = {
            "name": "DocuSign",
            "provider": "docusign",
            "base_url": docusign.base_url,
            "docusign_integration_key": self.customer["integration_key"],
            "docusign_user_guid": self.customer["user"],
            # as a field of one line gives it
            "docusign_private_key": private.replace("\n", ""),
            "webhook_secret": HMAC_KEYS[1],
        }
        [self.connection_id] = first.call("crm.connection", "create", [[values]])

    def connection(self, *names):
        ids = [self.connection_id]
        return self.servers[0].call("crm.connection", "read", [ids, list(names)])[0]

    def test(self, state):
        """Press Test and wait for what the card says."""
        self.servers[0].call("crm.connection", "action_test", [[self.connection_id]])
        self.wait(lambda: self.connection("state")["state"] == state, PATIENCE, state)

    def allow_access(self):
        """Follow the button to DocuSign's page, agree there, come back."""
        action = self.servers[0].call(
            "crm.connection", "action_docusign_consent", [[self.connection_id]]
        )
        data = {"user": self.customer["user"]}
        answer = requests.post(action["url"], data=data, timeout=20)
        assert answer.ok and "/crm_sign_docusign/consent?code=" in answer.url
        assert "fa-check-circle" in answer.text

    def open_account(self):
        self.allow_access()
        self.test("ok")

    def send(self, *people, number=1):
        server = self.servers[0]
        values = {
            "name": f"Contrat {number}",
            "service": str(self.connection_id),
            "signer_ids": [
                (0, 0, {"name": name, "email": email, "order": order})
                for order, (name, email) in enumerate(people, start=1)
            ],
        }
        [request_id] = server.call("crm.sign.request", "create", [[values]])
        document = {
            "request_id": request_id,
            "name": f"Contrat {number}.pdf",
            "content": base64.b64encode(PDF).decode(),
        }
        server.call("crm.sign.document", "create", [[document]])
        server.call("crm.sign.request", "action_send", [[request_id]])
        return request_id

    def states(self):
        return dict(
            self.site.rows(
                "SELECT id, state || '/' || seal_state FROM crm_sign_request"
            )
        )

    def envelope(self, request_id):
        """The only envelope of a request at the stand-in."""
        [[reference]] = self.site.rows(
            "SELECT reference FROM crm_sign_request WHERE id = %s", request_id
        )
        found = [
            envelope
            for envelope in self.docusign.admin.call("GET", "envelopes", {})["data"]
            if envelope["customFields"]["textCustomFields"][0]["value"] == reference
        ]
        assert len(found) <= 1, "created twice"
        return found[0] if found else None

    def is_out(self, request_id):
        envelope = self.envelope(request_id)
        return envelope is not None and envelope["status"] in ("sent", "delivered")

    def act(self, request_id, action, email, **values):
        envelope_id = self.envelope(request_id)["envelopeId"]
        values.update(envelope=envelope_id, recipient=email)
        return self.docusign.admin.call("POST", action, values)

    def files(self, request_id):
        """(signed file, certificate) as stored with us."""
        [row] = self.servers[1].call(
            "crm.sign.request", "read", [[request_id], ["audit_attachment_id"]]
        )
        [[final_id]] = self.site.rows(
            "SELECT final_attachment_id FROM crm_sign_document WHERE request_id = %s",
            request_id,
        )
        ids = [final_id, row["audit_attachment_id"][0]]
        rows = self.servers[1].call("ir.attachment", "read", [ids, ["datas"]])
        return [base64.b64decode(row["datas"]) for row in rows]

    def file_there(self, request_id):
        """The signed file as DocuSign gives it."""
        [[document_id]] = self.site.rows(
            "SELECT id FROM crm_sign_document WHERE request_id = %s", request_id
        )
        envelope_id = self.envelope(request_id)["envelopeId"]
        return self.docusign.admin.final_file(envelope_id, str(document_id))

    def wait(self, done, seconds, what):
        self.site.wait_until(done, seconds, what)


def test_from_the_permission_to_the_signed_file(site, docusign):
    desk = Desk(site, docusign)
    desk.test("error")
    assert desk.connection("docusign_needs_consent")["docusign_needs_consent"]
    desk.open_account()
    assert not desk.connection("docusign_needs_consent")["docusign_needs_consent"]
    request_id = desk.send(MARIE, PAUL)
    desk.wait(lambda: desk.is_out(request_id), PATIENCE, "never sent")
    assert [mail["to"] for mail in docusign.state.mails] == [MARIE[1]]
    desk.act(request_id, "sign", MARIE[1])
    desk.wait(
        lambda: desk.states()[request_id] == "partial/none",
        PATIENCE,
        "never half signed",
    )
    desk.act(request_id, "sign", PAUL[1])
    desk.wait(
        lambda: desk.states()[request_id] == "signed/done",
        PATIENCE,
        "never signed here",
    )
    final, certificate = desk.files(request_id)
    assert final == desk.file_there(request_id)
    assert certificate.startswith(b"%PDF-")
    kinds = [
        kind
        for (kind,) in site.rows(
            "SELECT kind FROM crm_sign_event WHERE request_id = %s ORDER BY sequence",
            request_id,
        )
    ]
    assert kinds.count("signed") == 2
    assert kinds.count("sealed") == 1


def test_declined_at_docusign_is_refused_here(site, docusign):
    desk = Desk(site, docusign)
    desk.open_account()
    request_id = desk.send(MARIE)
    desk.wait(lambda: desk.is_out(request_id), PATIENCE, "never sent")
    desk.act(request_id, "decline", MARIE[1], reason="Pas d'accord")
    desk.wait(
        lambda: desk.states()[request_id] == "refused/none", PATIENCE, "not refused"
    )
    [[reason]] = site.rows(
        "SELECT refused_reason FROM crm_sign_signer WHERE request_id = %s", request_id
    )
    assert reason == "Pas d'accord"


def test_two_servers_faults_and_a_kill_lose_and_repeat_nothing(site, docusign):
    desk = Desk(site, docusign)
    desk.open_account()
    # At most one fault per call: each is tried again by itself five seconds later.
    for fault in (
        {"kind": "lost_answer", "method": "POST", "path": "/envelopes"},
        {"kind": "reset", "method": "POST", "path": "/envelopes", "skip": 2},
        {"kind": "lost_answer", "method": "PUT", "skip": 1},
        {"kind": "500", "method": "GET", "path": "/documents/"},
    ):
        docusign.admin.call("POST", "faults", fault)
    docusign.state.settings.latency_seconds = 0.05
    count = 6
    ids = [desk.send(MARIE, number=number) for number in range(count)]
    desk.wait(
        lambda: len(docusign.admin.call("GET", "envelopes", {})["data"]) >= 2,
        60,
        "nothing is sent",
    )
    desk.servers[0].kill()
    desk.wait(lambda: all(map(desk.is_out, ids)), 240, "not sent")
    site.restart(desk.servers[0])
    assert len(docusign.state.mails) == count, "everybody was written to once"
    # Half of the news comes backwards and twice, the rest is lost on its way.
    docusign.admin.call("POST", "settings", {"hold_webhooks": True})
    for request_id in ids[::2]:
        desk.act(request_id, "sign", MARIE[1])
    docusign.admin.call("POST", "release", {"reverse": True})
    docusign.admin.call("POST", "replay", {})
    docusign.admin.call("POST", "settings", {"drop_webhooks": True})
    for request_id in ids[1::2]:
        desk.act(request_id, "sign", MARIE[1])
    [cron] = desk.servers[1].call(
        "ir.model.data",
        "search_read",
        [[("module", "=", "crm_sign_docusign"), ("name", "=", "ir_cron_follow")]],
        {"fields": ["res_id"]},
    )
    site.rows("UPDATE crm_sign_request SET docusign_asked_at = NULL")
    desk.servers[1].call("ir.cron", "method_direct_trigger", [[cron["res_id"]]])
    desk.wait(
        lambda: set(desk.states().values()) == {"signed/done"}, 240, "work is left"
    )
    for request_id in ids:
        final, certificate = desk.files(request_id)
        assert final == desk.file_there(request_id)
        assert certificate.startswith(b"%PDF-")
    sealed = site.rows("SELECT count(*) FROM crm_sign_event WHERE kind = 'sealed'")
    assert sealed[0][0] == count
    assert site.count("state = 'failed'") == 0
    desk.wait(lambda: site.count("state = 'pending'") == 0, 60, "messages are left")


def test_forged_news_changes_nothing(site, docusign):
    desk = Desk(site, docusign)
    desk.open_account()
    request_id = desk.send(MARIE)
    desk.wait(lambda: desk.is_out(request_id), PATIENCE, "never sent")
    docusign.connect.wait_idle()
    event = json.loads(json.dumps(docusign.connect.events[-1]["event"]))
    event["data"]["envelopeSummary"]["status"] = "completed"
    body = json.dumps(event).encode()
    door = desk.connection("webhook_url")["webhook_url"]
    before = site.count("direction = 'in'")
    for headers in ({}, {"X-DocuSign-Signature-1": signature(body, "guessed")}):
        answer = requests.post(door, data=body, headers=headers, timeout=20)
        assert answer.status_code == 400
    assert desk.states()[request_id] == "sent/none"
    assert site.count("direction = 'in'") == before
    refused = desk.connection("webhook_refused_count", "webhook_refused_reason")
    assert refused["webhook_refused_count"] == 2
    assert refused["webhook_refused_reason"] == "no_match"

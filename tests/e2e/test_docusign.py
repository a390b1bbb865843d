"""Requests signed at the stand-in for DocuSign, on two real servers."""

import json

import pytest
import requests

from tests.e2e.service_desk import LONG_PATIENCE, PATIENCE, ServiceDesk, service_site
from tests.standins.docusign import DocusignStandin, make_keys
from tests.standins.docusign.connect import signature

HMAC_KEYS = ["former-key=", "present-key="]
MARIE, PAUL = ("Marie Dupont", "marie@client.example"), ("Paul Roux", "p@x.example")


@pytest.fixture
def docusign():
    """The stand-in, without a customer yet."""
    with DocusignStandin() as standin:
        standin.state.settings.webhook_retry_seconds = (1,) * 30
        yield standin


@pytest.fixture
def site(workspace, docusign, tmp_path):
    with service_site(workspace, tmp_path, "docusign", docusign.base_url) as site:
        yield site


class Desk(ServiceDesk):
    """With a DocuSign account, which gives no access yet."""

    module, cron = "crm_sign_docusign", "ir_cron_follow"

    def __init__(self, site, docusign):
        private, public = make_keys()
        self.customer = docusign.add_account(public, hmac_keys=HMAC_KEYS, consent=False)
        super().__init__(
            site,
            docusign,
            name="DocuSign",
            provider="docusign",
            base_url=docusign.base_url,
            docusign_integration_key=self.customer["integration_key"],
            docusign_user_guid=self.customer["user"],
            # as a field of one line gives it
            docusign_private_key=private.replace("\n", ""),
            webhook_secret=HMAC_KEYS[1],
        )
        # As a person copies it to the page of the application.
        redirect = self.connection("docusign_redirect_url")["docusign_redirect_url"]
        app = docusign.state.apps[self.customer["integration_key"]]
        app.redirect_uris.append(redirect)

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

    def is_out(self, request_id):
        envelope = self.remote(request_id)
        return envelope is not None and envelope["status"] in ("sent", "delivered")

    def act(self, request_id, action, email, **values):
        envelope_id = self.remote(request_id)["envelopeId"]
        return self.steer(action, envelope=envelope_id, recipient=email, **values)

    def file_there(self, request_id):
        """The signed file as DocuSign gives it."""
        [[document_id]] = self.site.rows(
            "SELECT id FROM crm_sign_document WHERE request_id = %s", request_id
        )
        envelope_id = self.remote(request_id)["envelopeId"]
        return self.standin.admin.final_file(envelope_id, str(document_id))


def test_from_the_permission_to_the_signed_file(site, docusign):
    desk = Desk(site, docusign)
    desk.test("error")
    assert desk.connection("docusign_needs_consent")["docusign_needs_consent"]
    desk.open_account()
    assert not desk.connection("docusign_needs_consent")["docusign_needs_consent"]
    request_id = desk.send(MARIE, PAUL)
    desk.wait_out(request_id)
    assert [mail["to"] for mail in docusign.state.mails] == [MARIE[1]]
    desk.act(request_id, "sign", MARIE[1])
    desk.wait_state(request_id, "partial/none")
    desk.act(request_id, "sign", PAUL[1])
    desk.wait_state(request_id, "signed/done")
    final, certificate = desk.files(request_id)
    assert final == desk.file_there(request_id)
    assert certificate.startswith(b"%PDF-")
    kinds = desk.kinds(request_id)
    assert kinds.count("signed") == 2
    assert kinds.count("sealed") == 1


def test_declined_at_docusign_is_refused_here(site, docusign):
    desk = Desk(site, docusign)
    desk.open_account()
    request_id = desk.send(MARIE)
    desk.wait_out(request_id)
    desk.act(request_id, "decline", MARIE[1], reason="Pas d'accord")
    desk.wait_state(request_id, "refused/none")
    assert desk.refusal(request_id) == "Pas d'accord"


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
        desk.steer("faults", **fault)
    docusign.state.settings.latency_seconds = 0.05
    count = 6
    ids = [desk.send(MARIE, number=number) for number in range(count)]
    desk.wait(
        lambda: len(docusign.admin.call("GET", "envelopes", {})["data"]) >= 2,
        60,
        "nothing is sent",
    )
    desk.servers[0].kill()
    desk.wait(lambda: all(map(desk.is_out, ids)), LONG_PATIENCE, "not sent")
    site.restart(desk.servers[0])
    assert len(docusign.state.mails) == count, "everybody was written to once"
    # Half of the news comes backwards and twice, the rest is lost on its way.
    desk.steer("settings", hold_webhooks=True)
    for request_id in ids[::2]:
        desk.act(request_id, "sign", MARIE[1])
    desk.steer("release", reverse=True)
    desk.steer("replay")
    desk.steer("settings", drop_webhooks=True)
    for request_id in ids[1::2]:
        desk.act(request_id, "sign", MARIE[1])
    site.rows("UPDATE crm_sign_request SET docusign_asked_at = NULL")
    desk.look_now()
    desk.wait(
        lambda: set(desk.states().values()) == {"signed/done"},
        LONG_PATIENCE,
        "work is left",
    )
    for request_id in ids:
        final, certificate = desk.files(request_id)
        assert final == desk.file_there(request_id)
        assert certificate.startswith(b"%PDF-")
    assert desk.sealed_count() == count
    assert site.count("state = 'failed'") == 0
    desk.wait(lambda: site.count("state = 'pending'") == 0, 60, "messages are left")


def test_forged_news_changes_nothing(site, docusign):
    desk = Desk(site, docusign)
    desk.open_account()
    request_id = desk.send(MARIE)
    desk.wait_out(request_id)
    docusign.delivery.wait_idle()
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

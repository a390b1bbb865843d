"""Requests signed at the stand-in for Yousign, on two real servers."""

import base64
import dataclasses
import json
import random
import uuid

import pytest
import requests

from tests.e2e.exchange.site import Site
from tests.e2e.running_site import Rpc
from tests.standins.yousign import YousignStandin
from tests.standins.yousign.files import make_pdf

KEY, SECRET = "yousign_e2e", "e" * 32
PDF = make_pdf([["Contrat de prestation"], ["Annexe"]])
HELD_CALLS = ("lost_answer", "cut", "500", "429")


@pytest.fixture
def yousign():
    """The stand-in, with an account."""
    with YousignStandin() as standin:
        standin.state.settings.webhook_retry_seconds = (1,) * 30
        standin.add_account(KEY)
        yield standin


@pytest.fixture
def site(workspace, yousign, tmp_path):
    """A database, its two servers and a connection to the stand-in."""
    from launcher.testing.template import ensure_templates

    place = Site.place_from_workspace(workspace, ensure_templates(workspace).suite)
    env = {**place.env, "CRM_STANDIN_YOUSIGN_URL": yousign.api_url}
    place = dataclasses.replace(place, env=env)
    site = Site(place, f"yousign_{uuid.uuid4().hex[:8]}", tmp_path)
    site.create()
    try:
        yield site
        site.check_logs()
    finally:
        site.destroy()


class Desk:
    """What a person does with us, and sees."""

    def __init__(self, site, yousign):
        self.site, self.yousign = site, yousign
        self.servers = [site.server(), site.server()]
        first, second = self.servers
        first.call(
            "ir.config_parameter",
            "set_param",
            ["crm_integrations.lease_seconds", "10"],
        )
        values = {
            "name": "Yousign",
            "provider": "yousign",
            "base_url": yousign.api_url,
            "yousign_api_key": KEY,
            "webhook_secret": SECRET,
        }
        [self.connection_id] = first.call("crm.connection", "create", [[values]])
        [row] = first.call(
            "crm.connection", "read", [[self.connection_id], ["webhook_url"]]
        )
        # Events come in by the other server.
        path = "/" + row["webhook_url"].split("/", 3)[3]
        yousign.add_account(KEY, webhook_url=second.url + path, webhook_secret=SECRET)

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

    def reference(self, request_id):
        sql = "SELECT reference FROM crm_sign_request WHERE id = %s"
        return self.site.rows(sql, request_id)[0][0]

    def remote(self, request_id):
        """The only live request of this reference at the stand-in."""
        reference = self.reference(request_id)
        rows = self.yousign.admin.call("GET", "signature_requests", {})["data"]
        found = [row for row in rows if row["external_id"] == reference]
        assert len(found) <= 1, "created twice"
        return found[0] if found else None

    def files(self, request_id):
        """(signed file, proof) as stored with us."""
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

    def wait(self, done, seconds, what):
        self.site.wait_until(done, seconds, what)

    def hurry(self):
        """Press Retry on what met two faults and would wait for five minutes."""
        rows = self.site.rows(
            "SELECT id FROM crm_exchange"
            " WHERE state = 'pending' AND lease_until IS NULL"
            " AND next_attempt_at > now() AT TIME ZONE 'utc' + interval '20 seconds'"
        )
        if rows:
            rpc = Rpc(self.servers[1].url, self.site.database, "admin", "admin")
            rpc.call("crm.exchange", "action_retry", [row[0] for row in rows])
        return True


def ongoing(desk, request_id):
    remote = desk.remote(request_id)
    return remote is not None and remote["status"] == "ongoing"


def test_signed_at_yousign_ends_with_file_and_proof_here(site, yousign):
    desk = Desk(site, yousign)
    people = [("Marie Dupont", "marie@client.example"), ("Jean Roux", "j@x.example")]
    request_id = desk.send(*people)
    desk.wait(lambda: ongoing(desk, request_id), 30, "never sent")
    for signer in desk.remote(request_id)["signers"]:
        link = signer["signature_link"]
        assert requests.get(link, timeout=10).ok
        assert requests.post(link, data={"_act": "sign"}, timeout=10).ok
    desk.wait(
        lambda: desk.states()[request_id] == "signed/done", 40, "never signed here"
    )
    final, proof = desk.files(request_id)
    assert final.startswith(PDF.rstrip())
    assert b"Marie Dupont" in final
    assert b"Jean Roux" in final
    assert proof.startswith(b"%PDF-")
    kinds = site.rows(
        "SELECT kind FROM crm_sign_event WHERE request_id = %s ORDER BY sequence",
        request_id,
    )
    kinds = [kind for (kind,) in kinds]
    assert kinds.count("signed") == 2
    assert kinds.index("completed") < kinds.index("sealed")


def test_declined_at_yousign_is_refused_here(site, yousign):
    desk = Desk(site, yousign)
    request_id = desk.send(("Marie Dupont", "marie@client.example"))
    desk.wait(lambda: ongoing(desk, request_id), 30, "never sent")
    [signer] = desk.remote(request_id)["signers"]
    data = {"_act": "decline", "_reason": "Pas d'accord"}
    assert requests.post(signer["signature_link"], data=data, timeout=10).ok
    desk.wait(lambda: desk.states()[request_id] == "refused/none", 40, "not refused")
    [[reason]] = site.rows(
        "SELECT refused_reason FROM crm_sign_signer WHERE request_id = %s", request_id
    )
    assert reason == "Pas d'accord"


def test_two_servers_faults_and_a_kill_lose_and_repeat_nothing(site, yousign):
    desk = Desk(site, yousign)
    dice = random.Random(20260817)
    count = 8
    for position in range(count):
        yousign.admin.call(
            "POST",
            "faults",
            {
                "kind": HELD_CALLS[position % len(HELD_CALLS)],
                "skip": position * 5 + dice.randrange(4),
                "seconds": 1,
                "method": "POST",
            },
        )
    yousign.state.settings.latency_seconds = 0.05
    ids = [
        desk.send(("Marie Dupont", f"m{number}@client.example"), number=number)
        for number in range(count)
    ]
    desk.wait(lambda: len(yousign.state.calls) >= count, 60, "nothing is sent")
    desk.servers[0].kill()
    desk.wait(
        lambda: desk.hurry() and all(ongoing(desk, request_id) for request_id in ids),
        240,
        "not sent",
    )
    site.restart(desk.servers[0])
    # Half of the news is lost on its way, the rest comes twice and backwards.
    yousign.admin.call("POST", "settings", {"hold_webhooks": True})
    for request_id in ids[::2]:
        yousign.admin.call("POST", "sign", {"request": desk.reference(request_id)})
    yousign.admin.call("POST", "release", {"reverse": True, "copies": 2})
    yousign.admin.call("POST", "settings", {"drop_webhooks": True})
    for request_id in ids[1::2]:
        yousign.admin.call("POST", "sign", {"request": desk.reference(request_id)})
    # The hourly look, now.
    cron = desk.servers[1].call(
        "ir.model.data",
        "search_read",
        [[("name", "=", "ir_cron_look_at_yousign")], ["res_id"]],
    )
    desk.servers[1].call("ir.cron", "method_direct_trigger", [[cron[0]["res_id"]]])
    desk.wait(
        lambda: desk.hurry() and set(desk.states().values()) == {"signed/done"},
        240,
        "work is left",
    )
    for request_id in ids:
        remote = desk.remote(request_id)
        assert [len(remote[name]) for name in ("documents", "signers")] == [1, 1]
        final, proof = desk.files(request_id)
        assert final.startswith(PDF.rstrip())
        assert proof.startswith(b"%PDF-")
    sealed = site.rows("SELECT count(*) FROM crm_sign_event WHERE kind = 'sealed'")
    assert sealed[0][0] == count
    assert site.count("state IN ('failed', 'pending')") == 0


def test_forged_news_changes_nothing(site, yousign):
    desk = Desk(site, yousign)
    request_id = desk.send(("Marie Dupont", "marie@client.example"))
    desk.wait(lambda: ongoing(desk, request_id), 30, "never sent")
    yousign.webhooks.wait_idle()
    remote = desk.remote(request_id)
    event = {
        "event_id": "forged",
        "event_name": "signature_request.canceled",
        "event_time": "1700000000",
        "data": {"signature_request": {"id": remote["id"], "status": "canceled"}},
    }
    hook = yousign.state.accounts[KEY].webhooks[0]["endpoint"]
    answer = requests.post(
        hook,
        data=json.dumps(event),
        headers={"X-Yousign-Signature-256": "sha256=" + "0" * 64},
        timeout=20,
    )
    assert answer.status_code == 400
    assert desk.states()[request_id].startswith("sent")
    assert site.count("remote_id = 'forged'") == 0

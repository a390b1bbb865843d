"""Requests signed at the stand-in for Yousign, on two real servers."""

import json
import random

import pytest
import requests

from tests.e2e.service_desk import (
    LONG_PATIENCE,
    PATIENCE,
    PDF,
    ServiceDesk,
    service_site,
)
from tests.standins.yousign import YousignStandin

KEY, SECRET = "yousign_e2e", "e" * 32
HELD_CALLS = ("lost_answer", "reset", "500", "429")
MARIE = ("Marie Dupont", "marie@client.example")


@pytest.fixture
def yousign():
    """The stand-in, with an account."""
    with YousignStandin() as standin:
        standin.state.settings.webhook_retry_seconds = (1,) * 30
        standin.add_account(KEY)
        yield standin


@pytest.fixture
def site(workspace, yousign, tmp_path):
    with service_site(workspace, tmp_path, "yousign", yousign.api_url) as site:
        yield site


class Desk(ServiceDesk):
    """With a Yousign account that sends its events to us."""

    module, cron = "crm_sign_yousign", "ir_cron_look_at_yousign"

    def __init__(self, site, yousign):
        super().__init__(
            site,
            yousign,
            name="Yousign",
            provider="yousign",
            base_url=yousign.api_url,
            yousign_api_key=KEY,
            webhook_secret=SECRET,
        )
        door = self.connection("webhook_url")["webhook_url"]
        yousign.add_account(KEY, webhook_url=door, webhook_secret=SECRET)

    def is_out(self, request_id):
        remote = self.remote(request_id)
        return remote is not None and remote["status"] == "ongoing"


def test_signed_at_yousign_ends_with_file_and_proof_here(site, yousign):
    desk = Desk(site, yousign)
    request_id = desk.send(MARIE, ("Jean Roux", "j@x.example"))
    desk.wait_out(request_id)
    for signer in desk.remote(request_id)["signers"]:
        link = signer["signature_link"]
        assert requests.get(link, timeout=10).ok
        assert requests.post(link, data={"_act": "sign"}, timeout=10).ok
    desk.wait_state(request_id, "signed/done")
    final, proof = desk.files(request_id)
    assert final.startswith(PDF.rstrip())
    assert b"Marie Dupont" in final
    assert b"Jean Roux" in final
    assert proof.startswith(b"%PDF-")
    kinds = desk.kinds(request_id)
    assert kinds.count("signed") == 2
    assert kinds.index("completed") < kinds.index("sealed")


def test_declined_at_yousign_is_refused_here(site, yousign):
    desk = Desk(site, yousign)
    request_id = desk.send(MARIE)
    desk.wait_out(request_id)
    [signer] = desk.remote(request_id)["signers"]
    data = {"_act": "decline", "_reason": "Pas d'accord"}
    assert requests.post(signer["signature_link"], data=data, timeout=10).ok
    desk.wait_state(request_id, "refused/none")
    assert desk.refusal(request_id) == "Pas d'accord"


def test_two_servers_faults_and_a_kill_lose_and_repeat_nothing(site, yousign):
    desk = Desk(site, yousign)
    dice = random.Random(20260817)
    count = 8
    for position in range(count):
        desk.steer(
            "faults",
            kind=HELD_CALLS[position % len(HELD_CALLS)],
            skip=position * 5 + dice.randrange(4),
            seconds=1,
            method="POST",
        )
    yousign.state.settings.latency_seconds = 0.05
    ids = [
        desk.send(("Marie Dupont", f"m{number}@client.example"), number=number)
        for number in range(count)
    ]
    desk.wait(lambda: len(yousign.state.requests) >= count, 60, "nothing is sent")
    desk.servers[0].kill()
    desk.wait(
        lambda: desk.hurry() and all(map(desk.is_out, ids)),
        LONG_PATIENCE,
        "not sent",
    )
    site.restart(desk.servers[0])
    # Half of the news is lost on its way, the rest comes twice and backwards.
    desk.steer("settings", hold_webhooks=True)
    for request_id in ids[::2]:
        desk.steer("sign", request=desk.reference(request_id))
    desk.steer("release", reverse=True, copies=2)
    desk.steer("settings", drop_webhooks=True)
    for request_id in ids[1::2]:
        desk.steer("sign", request=desk.reference(request_id))
    desk.look_now()
    desk.wait(
        lambda: desk.hurry() and set(desk.states().values()) == {"signed/done"},
        LONG_PATIENCE,
        "work is left",
    )
    for request_id in ids:
        remote = desk.remote(request_id)
        assert [len(remote[name]) for name in ("documents", "signers")] == [1, 1]
        final, proof = desk.files(request_id)
        assert final.startswith(PDF.rstrip())
        assert proof.startswith(b"%PDF-")
    assert desk.sealed_count() == count
    # News that came twice may still be looked at.
    desk.wait(desk.is_idle, PATIENCE, "messages are left")


def test_forged_news_changes_nothing(site, yousign):
    desk = Desk(site, yousign)
    request_id = desk.send(MARIE)
    desk.wait_out(request_id)
    yousign.delivery.wait_idle()
    remote = desk.remote(request_id)
    event = {
        "event_id": "forged",
        "event_name": "signature_request.canceled",
        "event_time": "1700000000",
        "data": {"signature_request": {"id": remote["id"], "status": "canceled"}},
    }
    door = desk.connection("webhook_url")["webhook_url"]
    answer = requests.post(
        door,
        data=json.dumps(event),
        headers={"X-Yousign-Signature-256": "sha256=" + "0" * 64},
        timeout=20,
    )
    assert answer.status_code == 400
    assert desk.states()[request_id].startswith("sent")
    assert site.count("remote_id = 'forged'") == 0

"""What the stand-in must do like Yousign, without looking at any description."""

import json
import sys
import time
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from odoo.addons.crm_integrations.lib.webhook import WebhookRefusedError  # noqa: E402
from odoo.addons.crm_sign_yousign.lib import signature  # noqa: E402

from tests.standins.yousign import YousignStandin  # noqa: E402
from tests.standins.yousign.files import make_pdf  # noqa: E402

KEY, SECRET = "key_behaviour", "a" * 32
INFO = {"first_name": "Marie", "last_name": "Dupont", "locale": "fr"}


@pytest.fixture
def standin(receiver):
    with YousignStandin() as server:
        server.add_account(KEY, webhook_url=receiver.url, webhook_secret=SECRET)
        server.state.settings.webhook_retry_seconds = (0.05, 0.05)
        yield server


def names(receiver):
    return [event["event_name"] for event in receiver.events()]


def call(standin, method, path, key=KEY, **content):
    headers = {"Authorization": f"Bearer {key}"}
    url = standin.api_url + path
    return requests.request(method, url, headers=headers, timeout=5, **content)


def admin(standin, name, **values):
    url = f"{standin.base_url}/_standin/{name}"
    return requests.post(url, json=values, timeout=5)


def prepare(standin, *emails, files=1, **values):
    """A draft with its documents and signers; returns its path."""
    body = {"name": "Contrat", "delivery_mode": "email", **values}
    made = call(standin, "POST", "/signature_requests", json=body).json()
    base = f"/signature_requests/{made['id']}"
    documents = [
        call(
            standin,
            "POST",
            base + "/documents",
            data={"nature": "signable_document", "name": f"Contrat {number}"},
            files={"file": ("c.pdf", make_pdf([["x"]] * 2), "application/pdf")},
        ).json()
        for number in range(1, files + 1)
    ]
    field = {"type": "signature", "document_id": documents[0]["id"]}
    field |= {"page": 2, "x": 10, "y": 10}
    for email in emails or ("marie@client.example",):
        signer = {"info": {**INFO, "email": email}, "fields": [field]}
        signer["signature_level"] = "electronic_signature"
        answer = call(standin, "POST", base + "/signers", json=signer)
        assert answer.status_code == 201, answer.text
    return base


def send(standin, *emails, **values):
    base = prepare(standin, *emails, **values)
    answer = call(standin, "POST", base + "/activate")
    assert answer.status_code == 201, answer.text
    return base, answer.json()


def test_the_whole_way_with_signed_events(standin, receiver):
    base, sent = send(standin, external_id="REF-1", ordered_signers=True)
    assert sent["status"] == "ongoing"
    assert sent["signers"][0]["signature_link"].startswith(standin.base_url)
    admin(standin, "sign", request="REF-1")
    events = receiver.wait(5)
    assert names(receiver) == [
        "signature_request.activated",
        "signer.notified",
        "signer.link_opened",
        "signer.done",
        "signature_request.done",
    ]
    for body, headers in events:
        signature.verify(body, headers["X-Yousign-Signature-256"], SECRET)
        event = json.loads(body)
        assert event["data"]["signature_request"]["external_id"] == "REF-1"
        assert event["event_time"].isdigit()
    file = call(standin, "GET", base + "/documents/download?version=completed")
    assert file.headers["Content-Type"] == "application/pdf"
    assert b"Marie Dupont" in file.content
    trail = call(standin, "GET", base + "/audit_trails/download?merge=true")
    assert trail.content.startswith(b"%PDF-")


def test_people_are_asked_in_their_order(standin):
    _base, sent = send(standin, "a@x.example", "b@x.example", ordered_signers=True)
    assert [s["status"] for s in sent["signers"]] == ["notified", "initiated"]
    too_early = admin(standin, "sign", request=sent["id"], signer="b@x.example")
    assert too_early.status_code == 400
    admin(standin, "sign", request=sent["id"], signer="a@x.example")
    row = call(standin, "GET", f"/signature_requests/{sent['id']}").json()
    assert [s["status"] for s in row["signers"]] == ["signed", "notified"]
    assert row["status"] == "ongoing"


def test_several_documents_come_in_a_zip(standin):
    base, sent = send(standin, files=2)
    path = base + "/documents/download?version=completed"
    assert call(standin, "GET", path).status_code == 400
    admin(standin, "sign", request=sent["id"])
    answer = call(standin, "GET", path)
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.content.startswith(b"PK")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"signature_level": "magic"}, "signature_level"),
        (
            {"info": {**INFO, "first_name": "Zo\u2605", "email": "a@x.example"}},
            "first_name",
        ),
        ({"info": {**INFO, "email": "nobody"}}, "email"),
        ({"info": {**INFO, "email": "a@x.example", "locale": "xx"}}, "locale"),
        ({"signature_level": "advanced_electronic_signature"}, "authentication_mode"),
        ({"signature_authentication_mode": "otp_sms"}, "phone_number"),
        ({"group_with_id": "0" * 36}, "recipient"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_bad_signers_are_refused(standin, change, word):
    base = prepare(standin)
    signer = {
        "info": {**INFO, "email": "a@x.example"},
        "signature_level": "electronic_signature",
        **change,
    }
    answer = call(standin, "POST", base + "/signers", json=signer)
    assert answer.status_code == 400
    assert word in answer.json()["detail"]


@pytest.mark.parametrize(
    "change", [{"x": 1.5}, {"page": 3}, {"width": 20}, {"document_id": "0" * 36}]
)
def test_bad_places_are_refused(standin, change):
    base = prepare(standin)
    document = call(standin, "GET", base + "/documents").json()[0]
    field = {"type": "signature", "document_id": document["id"]}
    field |= {"page": 1, "x": 1, "y": 1, **change}
    signer = {
        "info": {**INFO, "email": "a@x.example"},
        "signature_level": "electronic_signature",
        "fields": [field],
    }
    answer = call(standin, "POST", base + "/signers", json=signer)
    assert answer.status_code == 400


def test_what_is_sent_is_closed(standin):
    base, sent = send(standin)
    signer = {"info": {**INFO, "email": "b@x.example"}}
    signer["signature_level"] = "electronic_signature"
    assert call(standin, "POST", base + "/signers", json=signer).status_code == 400
    assert call(standin, "POST", base + "/activate").status_code == 400
    assert call(standin, "DELETE", base).status_code == 400
    answer = call(standin, "POST", base + "/cancel", json={"reason": "other"})
    assert answer.json()["status"] == "canceled"
    assert admin(standin, "sign", request=sent["id"]).status_code == 400
    assert call(standin, "DELETE", base).status_code == 204
    assert call(standin, "GET", base).status_code == 404


def test_nobody_declines_unless_allowed(standin):
    _base, sent = send(standin)
    assert admin(standin, "decline", request=sent["id"]).status_code == 400


def test_requests_expire_by_themselves(standin, receiver):
    base, _sent = send(standin)
    now = time.time()
    standin.state.now = lambda: now + 300 * 86400
    assert call(standin, "GET", base).json()["status"] == "expired"
    assert "signature_request.expired" in [
        event["event_name"] for event in receiver.events(3)
    ]


def test_lists_filter_and_come_in_pages(standin):
    standin.state.settings.page_size = 2
    for number in range(3):
        prepare(standin, external_id=f"R{number}")
    path = "/signature_requests"
    first = call(standin, "GET", path).json()
    after = first["meta"]["next_cursor"]
    second = call(standin, "GET", f"{path}?after={after}").json()
    assert (len(first["data"]), len(second["data"])) == (2, 1)
    assert second["meta"]["next_cursor"] is None
    found = call(standin, "GET", path, params={"external_id[eq]": "R1"}).json()
    assert [row["external_id"] for row in found["data"]] == ["R1"]


def test_faults(standin):
    admin(standin, "faults", kind="429", seconds=7)
    answer = call(standin, "GET", "/workspaces")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    for kind in ("500", "503", "403"):
        admin(standin, "faults", kind=kind)
        assert call(standin, "GET", "/workspaces").status_code == int(kind)
    for kind in ("reset", "lost_answer"):
        admin(standin, "faults", kind=kind, method="POST")
        with pytest.raises(requests.ConnectionError):
            body = {"name": kind, "delivery_mode": "none"}
            call(standin, "POST", "/signature_requests", json=body)
    rows = call(standin, "GET", "/signature_requests").json()["data"]
    assert [row["name"] for row in rows] == ["lost_answer"]
    admin(standin, "settings", limit_minute=1)
    assert call(standin, "GET", "/workspaces").status_code == 429


def test_files_may_be_late(standin):
    admin(standin, "settings", files_not_ready=1)
    base, sent = send(standin)
    admin(standin, "sign", request=sent["id"])
    path = base + "/documents/download?version=completed"
    statuses = [call(standin, "GET", path).status_code for _n in range(2)]
    assert statuses == [404, 200]


def test_events_twice_late_forged_and_in_another_order(standin, receiver):
    admin(standin, "settings", hold_webhooks=True)
    _base, sent = send(standin)
    admin(standin, "sign", request=sent["id"])
    time.sleep(0.1)
    assert not receiver.received
    admin(standin, "release", reverse=True, copies=2)
    receiver.wait(10)
    assert names(receiver)[:2] == ["signature_request.done"] * 2
    assert names(receiver)[-1] == "signature_request.activated"
    admin(standin, "forge", event="signature_request.done")
    body, headers = receiver.wait(11)[10]
    with pytest.raises(WebhookRefusedError):
        signature.verify(body, headers["X-Yousign-Signature-256"], SECRET)


def test_events_are_tried_again_until_they_are_taken(standin, receiver):
    receiver.answers = [500, 503]
    _base, sent = send(standin)
    receiver.wait(4)
    retries = [headers["X-Yousign-Retry"] for _body, headers in receiver.received]
    assert sorted(retries) == ["0", "0", "1", "1"]
    ids = [event["event_id"] for event in receiver.events()]
    assert len(set(ids)) == 2


def test_the_page_of_a_signer(standin):
    _base, sent = send(standin, signers_allowed_to_decline=True)
    link = sent["signers"][0]["signature_link"]
    page = requests.get(link, timeout=5)
    assert "Marie Dupont" in page.text
    assert requests.post(link, data={"_act": "sign"}, timeout=5).status_code == 200
    assert requests.get(link, timeout=5).status_code == 410
    row = call(standin, "GET", f"/signature_requests/{sent['id']}").json()
    assert row["status"] == "done"


def test_accounts_are_apart(standin):
    base = prepare(standin)
    standin.add_account("other_key")
    assert call(standin, "GET", base, key="other_key").status_code == 404
    assert call(standin, "GET", base, key="unknown").status_code == 401

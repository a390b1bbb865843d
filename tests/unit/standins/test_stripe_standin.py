"""What the stand-in must do like Stripe, without looking at any description."""

import sys
import threading
import time
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from odoo.addons.crm_billing.lib.signature import verify  # noqa: E402
from odoo.addons.crm_integrations.lib.webhook import WebhookRefusedError  # noqa: E402

from tests.standins.stripe import StripeStandin, memory  # noqa: E402
from tests.standins.stripe.forms import FormError, decode_form  # noqa: E402

KEY = "sk_test_behaviour"
SECRET = "whsec_behaviour"
PAGE = {
    "mode": "payment",
    "success_url": "http://127.0.0.1:9/back?s={CHECKOUT_SESSION_ID}",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "eur",
    "line_items[0][price_data][unit_amount]": "1500",
    "line_items[0][price_data][product_data][name]": "Logo <b>Leroy</b>",
}


@pytest.fixture
def standin(receiver):
    with StripeStandin() as server:
        server.add_account(KEY, webhook_url=receiver.url, webhook_secret=SECRET)
        yield server


def post(standin, path, data=None, key=KEY, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers["Authorization"] = f"Bearer {key}"
    return requests.post(
        standin.base_url + path, data=data or {}, headers=headers, timeout=5
    )


def admin(standin, name, **values):
    url = f"{standin.base_url}/_standin/{name}"
    return requests.post(url, json=values, timeout=5).json()


def open_page(standin, **changes):
    return post(standin, "/v1/checkout/sessions", {**PAGE, **changes}).json()


def test_forms_with_brackets():
    assert decode_form("a[b][0]=1&a[b][1]=2&c[]=x&c[]=y&d=") == {
        "a": {"b": ["1", "2"]},
        "c": ["x", "y"],
        "d": "",
    }
    for text in ("a[b=1", "a=1&a[b]=2"):
        with pytest.raises(FormError):
            decode_form(text)


def test_client_pays_on_the_page_and_the_events_are_signed(standin, receiver):
    page = open_page(standin)
    html = requests.get(page["url"], timeout=5).text
    assert 'lang="fr"' in html
    assert "15,00" in html
    assert "<b>Leroy</b>" not in html, "escaped"
    answer = requests.post(
        page["url"],
        data={"email": "a@example.com", "card": "4242 4242 4242 4242"},
        allow_redirects=False,
        timeout=5,
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"?s={page['id']}")
    kinds = [event["type"] for event in receiver.events(4)]
    assert kinds[-1] == "checkout.session.completed"
    for body, headers in receiver.received:
        assert verify(body, headers["Stripe-Signature"], [SECRET], time.time())
    assert requests.get(page["url"], timeout=5).status_code == 410


def test_refused_card_leaves_the_page_open(standin, receiver):
    page = open_page(standin)
    form = {"email": "a@example.com", "card": "4000000000009995"}
    answer = requests.post(page["url"], data=form, timeout=5)
    assert answer.status_code == 402
    assert "provision insuffisante" in answer.text
    assert "payment_intent.payment_failed" in {e["type"] for e in receiver.events(3)}
    form["card"] = "4242424242424242"
    answer = requests.post(page["url"], data=form, timeout=5, allow_redirects=False)
    assert answer.status_code == 303


def test_debit_is_settled_later(standin, receiver):
    standin.state.settings.async_settle_seconds = 0.2
    page = open_page(standin)
    admin(standin, "pay", session=page["id"], iban="FR84 2004 1010 0505 0001 3M02 607")
    kinds = [event["type"] for event in receiver.events(6)]
    assert "checkout.session.completed" in kinds
    assert kinds[-1] == "checkout.session.async_payment_failed"


def test_events_are_tried_again_until_they_are_taken(standin, receiver):
    standin.state.settings.webhook_retry_seconds = (0.05, 0.1, 0.2)
    receiver.answers = [500, 503]
    page = open_page(standin)
    admin(standin, "expire", session=page["id"])
    events = receiver.events(3)
    assert [event["id"] for event in events] == [events[0]["id"]] * 3
    statuses = [entry["status"] for entry in standin.delivery.log]
    assert statuses[:2] == [500, 503]


def test_replay_forgery_and_silence(standin, receiver):
    page = open_page(standin)
    admin(standin, "expire", session=page["id"])
    receiver.wait(1)
    admin(standin, "replay", event="checkout.session.expired")
    admin(standin, "bad_signature")
    events = receiver.events(3)
    assert len({event["id"] for event in events}) == 1
    body, headers = receiver.received[2]
    with pytest.raises(WebhookRefusedError):
        verify(body, headers["Stripe-Signature"], [SECRET], time.time())
    admin(standin, "settings", drop_webhooks=True)
    other = open_page(standin)
    admin(standin, "expire", session=other["id"])
    time.sleep(0.2)
    assert len(receiver.received) == 3


def test_idempotency(standin):
    path = "/v1/checkout/sessions"
    first = post(standin, path, PAGE, Idempotency_Key="k")
    again = post(standin, path, PAGE, Idempotency_Key="k")
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    other = post(standin, path, {**PAGE, "locale": "fr"}, Idempotency_Key="k")
    assert other.status_code == 400
    assert other.json()["error"]["type"] == "idempotency_error"
    refused = post(standin, path, {**PAGE, "mode": ""}, Idempotency_Key="free")
    assert refused.status_code == 400
    assert post(standin, path, PAGE, Idempotency_Key="free").status_code == 200


def test_parallel_use_of_a_key_is_a_conflict(standin, monkeypatch):
    path, started, release = (
        "/v1/checkout/sessions",
        threading.Event(),
        threading.Event(),
    )
    call = standin.api.call

    def slow(*args):
        started.set()
        release.wait(5)
        return call(*args)

    monkeypatch.setattr(standin.api, "call", slow)
    answers = []
    thread = threading.Thread(
        target=lambda: answers.append(post(standin, path, PAGE, Idempotency_Key="p"))
    )
    thread.start()
    started.wait(5)
    conflict = post(standin, path, PAGE, Idempotency_Key="p")
    release.set()
    thread.join()
    assert conflict.status_code == 409
    assert answers[0].status_code == 200


def test_accounts_are_apart(standin):
    standin.add_account("sk_test_second")
    page = open_page(standin)
    url = f"/v1/checkout/sessions/{page['id']}"
    headers = {"Authorization": "Bearer sk_test_second"}
    answer = requests.get(standin.base_url + url, headers=headers, timeout=5)
    assert answer.status_code == 404
    unknown = post(standin, "/v1/checkout/sessions", PAGE, key="sk_test_unknown")
    assert unknown.status_code == 401
    assert "sk_test_unknown" not in unknown.text


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"customer": "cus_1", "customer_email": "a@example.com"}, "customer"),
        ({"line_items[0][price_data][unit_amount]": "10"}, "line_items"),
        ({"line_items[0][price_data][unit_amount]": "abc"}, None),
        ({"line_items[0][price_data][currency]": "zzz"}, None),
        ({"client_reference_id": "x" * 201}, "client_reference_id"),
        ({"metadata[k]": "v" * 501}, "metadata[k]"),
        ({"metadata[" + "k" * 41 + "]": "v"}, "metadata"),
        ({"expires_at": "1"}, "expires_at"),
        ({"expires_at": str(int(time.time()) + 90000)}, "expires_at"),
        ({"success_url": "no address"}, "success_url"),
        ({"surprise": "1"}, "surprise"),
    ],
)
def test_bad_requests_are_refused_like_stripe_does(standin, change, param):
    answer = post(standin, "/v1/checkout/sessions", {**PAGE, **change})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert error["message"]
    if param:
        assert error["param"] == param
    assert answer.headers["Request-Id"].startswith("req_")


def test_json_bodies_and_refund_limits(standin):
    answer = requests.post(
        standin.base_url + "/v1/checkout/sessions",
        json={"mode": "payment"},
        auth=(KEY, ""),
        timeout=5,
    )
    assert answer.status_code == 400
    page = open_page(standin)
    admin(standin, "pay", session=page["id"])
    intent = standin.state.accounts[KEY].all("payment_intent")[0]["id"]
    too_much = post(
        standin, "/v1/refunds", {"payment_intent": intent, "amount": "1501"}
    )
    assert too_much.status_code == 400
    assert post(standin, "/v1/refunds", {"payment_intent": intent}).status_code == 200
    again = post(standin, "/v1/refunds", {"payment_intent": intent})
    assert again.json()["error"]["code"] == "charge_already_refunded"


def test_sessions_expire_by_themselves(standin, receiver):
    page = open_page(standin)
    now = time.time()
    standin.state.now = lambda: now + 25 * 3600
    url = f"{standin.base_url}/v1/checkout/sessions/{page['id']}"
    answer = requests.get(url, auth=(KEY, ""), timeout=5).json()
    assert answer["status"] == "expired"
    assert answer["url"] is None


def test_pages_outlive_the_process_when_a_memory_is_given(tmp_path):
    file = tmp_path / "memory.json"
    auth = (KEY, "")
    with StripeStandin() as before:
        before.add_account(KEY, webhook_secret=SECRET)
        url = f"{before.base_url}/v1/checkout/sessions"
        made = requests.post(url, data=PAGE, auth=auth, timeout=5).json()
        memory.save(before.state, file)
    with StripeStandin() as after:
        after.add_account(KEY, webhook_url="http://127.0.0.1:9/new")
        memory.load(after.state, file)
        url = f"{after.base_url}/v1/checkout/sessions/{made['id']}"
        found = requests.get(url, auth=auth, timeout=5).json()
        assert (found["status"], found["amount_total"]) == ("open", 1500)
        endpoints = after.state.accounts[KEY].all("webhook_endpoint")
        assert [item["url"] for item in endpoints] == ["http://127.0.0.1:9/new"]


def test_broken_memory_is_no_memory(tmp_path):
    file = tmp_path / "memory.json"
    file.write_text("{")
    with StripeStandin() as standin:
        account = standin.add_account(KEY)
        memory.load(standin.state, file)
        assert account.objects.get("checkout.session", {}) == {}

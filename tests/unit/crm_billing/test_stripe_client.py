import sys
import threading
import time
from pathlib import Path

import pytest

from odoo.addons.crm_base.lib.errors import (
    AuthenticationError,
    ConfigurationError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from odoo.addons.crm_base.lib.http_rules import HttpLimits
from odoo.addons.crm_billing.const import API_VERSION
from odoo.addons.crm_billing.lib.link_state import Fact
from odoo.addons.crm_billing.lib.stripe_session import (
    SessionRequest,
    build_session_v1,
    read_refund,
    read_session,
)
from odoo.addons.crm_billing.providers.stripe_client import (
    StripeAccountClient,
    StripeConfig,
)

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.standins.stripe import StripeStandin

KEY = "sk_test_unit"


@pytest.fixture(scope="module")
def standin():
    with StripeStandin() as server:
        server.add_account(KEY, name="Agence Lumen SAS")
        server.add_account("sk_test_other", name="Autre")
        yield server


@pytest.fixture
def client(standin):
    standin.state.reset()
    config = StripeConfig(KEY, standin.base_url, False, HttpLimits(read_seconds=1))
    with StripeAccountClient(config) as account:
        yield account


def params(**values):
    values = {
        "reference": "PL1",
        "amount_minor": 360000,
        "currency": "EUR",
        "description": "Site Roux",
        "success_url": "https://example.com/ok",
        "cancel_url": "https://example.com/no",
        "expires_at": int(time.time()) + 3600,
        "email": "roux@example.com",
        "language": "fr_FR",
        "metadata": {"link": "PL1"},
        **values,
    }
    return build_session_v1(SessionRequest(**values))


def fail(standin, kind):
    standin.admin.call("POST", "faults", {"kind": kind})


def test_page_is_opened_once_for_a_key(client, standin):
    body = params()
    first = client.create_checkout_session(body, "key-1")
    second = client.create_checkout_session(body, "key-1")
    assert first.data["id"] == second.data["id"]
    assert not first.is_replay
    assert second.is_replay
    call = standin.state.requests[0]
    assert call["version"] == API_VERSION
    assert call["secret_key"] == KEY
    assert call["params"]["payment_intent_data"]["metadata"] == {"link": "PL1"}


def test_paid_page_and_its_refunds_are_read(client, standin):
    page = client.create_checkout_session(params(), "key-1").data
    assert read_session(page).fact is None
    standin.admin.call("POST", "pay", {"session": page["id"]})
    news = read_session(client.retrieve_checkout_session(page["id"]).data)
    assert news.fact is Fact.PAID
    assert news.amount_minor == 360000
    found = client.find_checkout_sessions(news.payment_intent_id).data["data"]
    assert [item["id"] for item in found] == [page["id"]]
    for amount in range(100, 112):
        standin.admin.call("POST", "refund", {"session": page["id"], "amount": amount})
    rows = client.list_refunds(news.payment_intent_id).data["data"]
    assert sorted(read_refund(row).amount_minor for row in rows) == list(
        range(100, 112)
    )


def test_closing_a_page_twice_is_refused(client):
    page = client.create_checkout_session(params(), "key-1").data
    assert client.expire_checkout_session(page["id"], "a").data["status"] == "expired"
    with pytest.raises(RefusedError) as caught:
        client.expire_checkout_session(page["id"], "b")
    assert caught.value.status == 400
    assert caught.value.request_id.startswith("req_")


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("500", UnavailableError),
        ("429", RateLimitedError),
        ("403", AuthenticationError),
        ("reset", UnavailableError),
        ("lost_answer", UnavailableError),
        ("garbage", MalformedAnswerError),
        ("empty", MalformedAnswerError),
    ],
)
def test_troubles_become_our_errors(client, standin, kind, error):
    fail(standin, kind)
    with pytest.raises(error) as caught:
        client.create_checkout_session(params(), f"key-{kind}")
    assert type(caught.value) is error
    assert KEY not in str(caught.value)


def test_rate_limit_carries_its_delay(client, standin):
    fail(standin, "429")
    with pytest.raises(RateLimitedError) as caught:
        client.retrieve_account()
    assert caught.value.delay_seconds == 2


def test_lost_answer_is_found_again_with_the_same_key(client, standin):
    fail(standin, "lost_answer")
    body = params()
    with pytest.raises(UnavailableError):
        client.create_checkout_session(body, "key-lost")
    assert client.create_checkout_session(body, "key-lost").is_replay
    assert len(standin.state.accounts[KEY].all("checkout.session")) == 1


def test_silence_ends_after_the_read_timeout(client, standin):
    standin.state.settings.fault_timeout_seconds = 5
    fail(standin, "timeout")
    started = time.monotonic()
    with pytest.raises(UnavailableError):
        client.retrieve_account()
    assert time.monotonic() - started < 4


def test_json_that_is_not_an_object_of_stripe(client, standin, monkeypatch):
    for answer in ([], {}, {"object": None}, "text"):
        monkeypatch.setattr(standin.api, "call", lambda *_a, v=answer: v, raising=True)
        with pytest.raises(MalformedAnswerError):
            client.find_checkout_sessions("pi_1")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount_minor": 10}, "amount_too_small"),
        ({"currency": "ZZZ"}, None),
        ({"email": "nobody"}, "email_invalid"),
        ({"expires_at": 5}, None),
    ],
)
def test_refusals_keep_the_code_of_stripe(client, change, code):
    with pytest.raises(RefusedError) as caught:
        client.create_checkout_session(params(**change), "key-x")
    assert caught.value.remote_code == code


def test_unknown_key_and_missing_key(standin):
    config = StripeConfig("sk_test_nobody", standin.base_url, False)
    with StripeAccountClient(config) as account, pytest.raises(AuthenticationError):
        account.retrieve_account()
    with pytest.raises(ConfigurationError):
        StripeAccountClient(StripeConfig("", standin.base_url, False))


def test_internal_address_is_refused_by_default(standin):
    with pytest.raises(ConfigurationError):
        StripeAccountClient(StripeConfig(KEY, standin.base_url))


def test_key_is_not_in_what_a_log_would_show(standin):
    assert KEY not in repr(StripeConfig(KEY, standin.base_url, False))


def test_accounts_do_not_mix_when_used_at_once(standin):
    standin.state.reset()
    names = {KEY: "Agence Lumen SAS", "sk_test_other": "Autre"}
    wrong = []

    def work(key):
        config = StripeConfig(key, standin.base_url, False)
        with StripeAccountClient(config) as account:
            for _turn in range(10):
                if account.retrieve_account().name != names[key]:
                    wrong.append(key)

    threads = [threading.Thread(target=work, args=(key,)) for key in [*names] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_messages_are_in_no_log(client, caplog):
    with caplog.at_level("DEBUG"):
        page = client.create_checkout_session(params(), "key-1")
    assert page.data["customer_email"] == "roux@example.com"
    assert "/v1/checkout/sessions" in caplog.text
    for secret in ("roux@example.com", page.data["url"], KEY):
        assert secret not in caplog.text

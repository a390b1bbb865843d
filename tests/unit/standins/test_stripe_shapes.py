"""The stand-in's answers and our requests, against Stripe's own descriptions."""

import sys
import time
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from odoo.addons.crm_billing.lib.stripe_session import (  # noqa: E402
    SessionRequest,
    build_session_v1,
)

from tests.standins.openapi_schema import (  # noqa: E402
    DESCRIPTION,
    SAMPLES,
    Validator,
    load_description,
    load_samples,
)
from tests.standins.stripe import StripeStandin  # noqa: E402

pytestmark = pytest.mark.skipif(
    not (DESCRIPTION.exists() and SAMPLES.exists()),
    reason="Stripe's descriptions are not beside the checkout",
)
KEY = "sk_test_shapes"
# Left out on purpose: newer than 2026-06 or other features than card payments.
NOT_SERVED = {
    "account": None,
    "balance_transaction": set(),
    "charge": {"refunds", "source"},
    "dispute": set(),
    "event": set(),
    "payment_intent": {"managed_payments"},
    "payout": set(),
    "refund": set(),
    "checkout.session": {"managed_payments"},
    "item": {"metadata", "adjustable_quantity"},
    "webhook_endpoint": set(),
}
# Changed since 2023; Stripe's samples of 2026 have the newer shape.
NEWER = ("$.discounts", "$.evidence_details", "$.evidence", "$.price")


def form(values, prefix=""):
    """Stripe's bracket encoding, as the official library writes it."""
    pairs = []
    items = values.items() if isinstance(values, dict) else enumerate(values)
    for key, value in items:
        name = f"{prefix}[{key}]" if prefix else str(key)
        if isinstance(value, dict | list):
            pairs += form(value, name)
        else:
            pairs.append((name, value))
    return pairs


@pytest.fixture(scope="module")
def validator():
    return Validator(load_description())


@pytest.fixture(scope="module")
def standin():
    with StripeStandin() as server:
        server.add_account(KEY)
        yield server


@pytest.fixture(scope="module")
def call(standin):
    def ask(method, path, **values):
        url = standin.base_url + path
        auth = (KEY, "")
        if method == "get":
            return requests.get(url, params=form(values), auth=auth, timeout=5)
        return requests.post(url, data=form(values), auth=auth, timeout=5)

    return ask


def our_params():
    return build_session_v1(
        SessionRequest(
            reference="PL00001",
            amount_minor=360000,
            currency="EUR",
            description="Site Roux",
            success_url="https://example.com/ok?s={CHECKOUT_SESSION_ID}",
            cancel_url="https://example.com/no",
            expires_at=int(time.time()) + 7200,
            email="roux@example.com",
            language="fr_FR",
            metadata={"link": "PL00001"},
        )
    )


@pytest.fixture(scope="module")
def story(standin, call):
    """One payment with everything that can happen to it; objects by kind."""
    page = call("post", "/v1/checkout/sessions", **our_params()).json()
    standin.admin.call("POST", "pay", {"session": page["id"]})
    paid = call("get", f"/v1/checkout/sessions/{page['id']}").json()
    intent = call("get", f"/v1/payment_intents/{paid['payment_intent']}").json()
    refund = call(
        "post", "/v1/refunds", charge=intent["latest_charge"], amount=5
    ).json()
    other = call("post", "/v1/checkout/sessions", **our_params()).json()
    standin.admin.call(
        "POST", "pay", {"session": other["id"], "card": "4000000000000259"}
    )
    closed = call("post", "/v1/checkout/sessions", **our_params()).json()
    closed = call("post", f"/v1/checkout/sessions/{closed['id']}/expire").json()
    lines = call("get", f"/v1/checkout/sessions/{page['id']}/line_items").json()
    payout = standin.admin.call("POST", "payout", {"secret_key": KEY, "limit": 1})
    rows = call("get", "/v1/balance_transactions", payout=payout["id"]).json()["data"]
    return {
        "open": page,
        "checkout.session": paid,
        "expired": closed,
        "payment_intent": intent,
        "charge": call("get", f"/v1/charges/{intent['latest_charge']}").json(),
        "refund": refund,
        "dispute": call("get", "/v1/disputes").json()["data"][0],
        "event": call("get", "/v1/events").json()["data"][0],
        "item": lines["data"][0],
        "account": call("get", "/v1/account").json(),
        "balance": call("get", "/v1/balance").json(),
        "balance_transaction": rows[-1],
        "payout": call("get", f"/v1/payouts/{payout['id']}").json(),
        "webhook_endpoint": call(
            "post",
            "/v1/webhook_endpoints",
            url="https://example.com/hook",
            enabled_events=["*"],
        ).json(),
    }


KINDS = {
    "open": "checkout.session",
    "expired": "checkout.session",
    **{kind: kind for kind in NOT_SERVED},
    "balance": "balance",
}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_objects_follow_the_description(validator, story, name):
    schema = validator.schemas[KINDS[name]]
    troubles = [
        trouble
        for trouble in validator.troubles(story[name], schema)
        if not trouble.startswith(NEWER)
    ]
    assert not troubles


@pytest.mark.parametrize("kind", sorted(set(NOT_SERVED) - {"account"}))
def test_objects_have_the_fields_of_the_samples(story, kind):
    sample = load_samples()[kind]
    assert set(sample) - set(story[kind]) - NOT_SERVED[kind] == set()


@pytest.mark.parametrize("kind", sorted(NOT_SERVED))
def test_objects_have_no_field_of_our_invention(validator, story, kind):
    known = set(load_samples()[kind]) | set(validator.schemas[kind]["properties"])
    invented = set(story[kind]) - known
    assert not invented
    assert not [name for name in story[kind] if name.startswith("_")]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/checkout/sessions", {}),
        ("/v1/refunds", {"limit": 1}),
        ("/v1/charges", {}),
        ("/v1/payment_intents", {}),
        ("/v1/disputes", {}),
        ("/v1/events", {"limit": 3}),
        ("/v1/webhook_endpoints", {}),
        ("/v1/payouts", {}),
        ("/v1/balance_transactions", {"limit": 3}),
    ],
)
def test_lists_follow_the_description(validator, call, story, path, query):
    answer = call("get", path, **query).json()
    assert answer["object"] == "list"
    assert answer["data"]
    troubles = validator.troubles(
        {**answer, "data": []}, validator.answer_schema("get", path)
    )
    assert not troubles
    if query.get("limit") == 3:
        assert answer["has_more"] is True
        more = call("get", path, limit=3, starting_after=answer["data"][-1]["id"])
        ids = {row["id"] for row in answer["data"]}
        assert not ids & {row["id"] for row in more.json()["data"]}


def test_what_we_ask_is_in_the_description(validator):
    schema = validator.body_schema("post", "/v1/checkout/sessions")
    assert not validator.troubles(our_params(), schema)


def test_validator_sees_what_is_wrong(validator, story):
    schema = validator.schemas["checkout.session"]
    good = story["open"]
    assert validator.troubles({**good, "created": "today"}, schema)
    assert validator.troubles({**good, "id": None}, schema)
    broken = {key: value for key, value in good.items() if key != "mode"}
    assert validator.troubles(broken, schema)
    body = validator.body_schema("post", "/v1/checkout/sessions")
    assert validator.troubles({**our_params(), "foo": 1}, body)


def test_errors_follow_the_description(validator, call):
    answer = call("post", "/v1/checkout/sessions", **{**our_params(), "mode": ""})
    assert answer.status_code == 400
    assert not validator.troubles(answer.json(), validator.schemas["error"])
    assert answer.json()["error"]["param"] == "mode"
    missing = call("get", "/v1/checkout/sessions/cs_test_none")
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "resource_missing"

"""What the stand-in for DocuSign must refuse and keep, for tests to mean something."""

import base64
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from tests.standins.docusign import DocusignStandin, make_keys  # noqa: E402
from tests.standins.docusign.connect import signature  # noqa: E402
from tests.standins.docusign.errors import ApiError, GrantError  # noqa: E402
from tests.unit.crm_sign_docusign.conftest import make_pdf  # noqa: E402

PDF = make_pdf(pages=2)
CALLBACK = "https://odoo.example/consent"


@pytest.fixture(scope="module")
def keys():
    return make_keys()


@pytest.fixture
def standin():
    with DocusignStandin() as server:
        yield server


@pytest.fixture
def customer(standin, keys):
    return standin.add_account(
        keys[1], hmac_keys=["old", "new"], redirect_uris=[CALLBACK]
    )


def names(receiver):
    return [event["event"] for event in receiver.events()]


def body(**values):
    tab = {"documentId": "1", "pageNumber": "2", "xPosition": "10", "yPosition": "20"}
    definition = {
        "emailSubject": "Contrat",
        "status": "sent",
        "documents": [
            {
                "documentId": "1",
                "name": "Contrat.pdf",
                "fileExtension": "pdf",
                "documentBase64": base64.b64encode(PDF).decode(),
            }
        ],
        "recipients": {
            "signers": [
                {
                    "recipientId": "1",
                    "name": "Luc Roux",
                    "email": "luc@roux.example",
                    "routingOrder": "1",
                    "tabs": {"signHereTabs": [tab]},
                },
                {
                    "recipientId": "2",
                    "name": "Eva Roux",
                    "email": "eva@roux.example",
                    "routingOrder": "2",
                },
            ]
        },
    }
    return {**definition, **values}


@pytest.fixture
def call(standin, customer):
    person = standin.state.people[customer["user"]]

    def ask(method, path, params=None, content=None):
        path = f"/restapi/v2.1/accounts/{customer['account']}{path}"
        return standin.api.call(person, method, path, params or {}, content)[1]

    return ask


def admin(standin, route, **values):
    return standin.admin.call("POST", route, values)


def refused(call, *args):
    with pytest.raises(ApiError) as caught:
        call(*args)
    return caught.value.code


def test_numbers_and_booleans_are_not_strings(call):
    assert refused(call, "POST", "/envelopes", None, body(allowReassign=True)) == (
        "INVALID_REQUEST_BODY"
    )
    documents = [{**body()["documents"][0], "documentId": 1}]
    code = refused(call, "POST", "/envelopes", None, body(documents=documents))
    assert code == "INVALID_REQUEST_BODY"


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"xPosition": "600"}, "TAB_OUT_OF_BOUNDS"),
        ({"yPosition": "-1"}, "TAB_OUT_OF_BOUNDS"),
        ({"xPosition": "1.5"}, "INVALID_REQUEST_PARAMETER"),
        ({"pageNumber": "3"}, "INVALID_TAB_PAGE_NUMBER"),
        ({"documentId": "9"}, "INVALID_TAB_PAGE_NUMBER"),
    ],
)
def test_tabs_are_on_their_page(call, place, code):
    definition = body()
    definition["recipients"]["signers"][0]["tabs"]["signHereTabs"][0].update(place)
    assert refused(call, "POST", "/envelopes", None, definition) == code


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"emailSubject": "x" * 101}, "INVALID_REQUEST_PARAMETER"),
        ({"documents": []}, "INVALID_TAB_PAGE_NUMBER"),
        ({"recipients": {}}, "ENVELOPE_IS_INCOMPLETE"),
        ({"eventNotification": {"url": "http://odoo.example/"}}, "INVALID_URL"),
    ],
)
def test_envelopes_are_complete(call, values, code):
    assert refused(call, "POST", "/envelopes", None, body(**values)) == code


def test_a_damaged_file_is_refused(call):
    content = base64.b64encode(b"%PDF-1.4 nothing").decode()
    documents = [{**body()["documents"][0], "documentBase64": content}]
    code = refused(call, "POST", "/envelopes", None, body(documents=documents))
    assert code == "UNABLE_TO_CONVERT_DOCUMENT"


def test_nobody_signs_before_his_turn(standin, call):
    envelope_id = call("POST", "/envelopes", None, body())["envelopeId"]
    with pytest.raises(ApiError) as caught:
        admin(standin, "sign", envelope=envelope_id, recipient="2")
    assert caught.value.code == "RECIPIENT_NOT_IN_SEQUENCE"
    admin(standin, "sign", envelope=envelope_id, recipient="1")
    found = admin(standin, "sign", envelope=envelope_id, recipient="2")
    assert found["status"] == "completed"
    assert refused(
        call,
        "PUT",
        f"/envelopes/{envelope_id}",
        None,
        {"status": "voided", "voidedReason": "Trop tard"},
    ) == ("ENVELOPE_CANNOT_VOID_INVALID_STATE")


def test_signed_files_show_who_signed_and_where_from(standin, call):
    import io

    from pypdf import PdfReader

    envelope_id = call("POST", "/envelopes", None, body())["envelopeId"]
    for recipient in ("1", "2"):
        admin(standin, "sign", envelope=envelope_id, recipient=recipient)
    content = call("GET", f"/envelopes/{envelope_id}/documents/1")
    text = PdfReader(io.BytesIO(content)).pages[1].extract_text()
    assert "Luc Roux" in text and envelope_id in text
    both = call(
        "GET", f"/envelopes/{envelope_id}/documents/combined", {"certificate": "true"}
    )
    assert len(PdfReader(io.BytesIO(both)).pages) == 3


def test_reading_one_envelope_too_often_is_refused(standin, call):
    envelope_id = call("POST", "/envelopes", None, body())["envelopeId"]
    standin.state.settings.envelope_reads_per_hour = 2
    path = f"/envelopes/{envelope_id}"
    call("GET", path)
    call("GET", path)
    assert refused(call, "GET", path) == "HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED"


def test_the_members_of_an_account_only(standin, call):
    stranger = standin.state.add_person(name="Paul")
    account = next(iter(standin.state.accounts))
    with pytest.raises(ApiError) as caught:
        standin.api.call(stranger, "GET", f"/restapi/v2.1/accounts/{account}", {}, None)
    assert caught.value.status == 401


# -- Connect ---------------------------------------------------------------------


def asked(receiver, *events):
    return {
        "url": receiver.url,
        "deliveryMode": "SIM",
        "events": list(events),
        "eventData": {
            "version": "restv2.1",
            "format": "json",
            "includeData": ["recipients"],
        },
    }


def test_every_key_signs_the_raw_body(standin, call, receiver):
    call(
        "POST",
        "/envelopes",
        None,
        body(eventNotification=asked(receiver, "envelope-sent")),
    )
    standin.delivery.wait_idle()
    [(raw, headers)] = receiver.received
    names = {name.lower(): value for name, value in headers.items()}
    assert names["x-docusign-signature-1"] == signature(raw, "old")
    assert names["x-docusign-signature-2"] == signature(raw, "new")
    summary = json.loads(raw)["data"]["envelopeSummary"]
    assert summary["recipients"]["signers"][0]["status"] == "created"


def test_events_held_back_come_in_any_order(standin, call, receiver):
    standin.state.settings.hold_webhooks = True
    notification = asked(receiver, "envelope-sent", "recipient-sent")
    call("POST", "/envelopes", None, body(eventNotification=notification))
    admin(standin, "release", reverse=True)
    standin.delivery.wait_idle()
    assert names(receiver) == ["recipient-sent", "envelope-sent"]
    admin(standin, "replay")
    admin(standin, "forge")
    standin.delivery.wait_idle()
    raw, headers = receiver.received[-1]
    assert signature(raw, "old") not in headers.values()
    assert names(receiver)[2:] == ["recipient-sent"] * 2


def test_a_refused_delivery_is_tried_again(standin, call, receiver):
    standin.state.settings.webhook_retry_seconds = (0.05, 0.05)
    receiver.answers = [500]
    notification = asked(receiver, "envelope-sent")
    call("POST", "/envelopes", None, body(eventNotification=notification))
    first, second = receiver.events(2)
    assert first == second


# -- consent ---------------------------------------------------------------------


def test_consent_is_given_on_a_page(standin, customer):
    admin(standin, "revoke", **customer)
    query = (
        "response_type=code&scope=signature%20impersonation"
        f"&client_id={customer['integration_key']}&redirect_uri={CALLBACK}"
    )
    status, page = standin.sign_in.consent_page(query)
    assert status == 200 and "impersonation" in page
    target = standin.sign_in.consent(query, {"user": customer["user"]})
    assert target.startswith(f"{CALLBACK}?code=")
    app = standin.state.apps[customer["integration_key"]]
    assert customer["user"] in app.consents


def test_consent_goes_back_to_known_addresses_only(standin, customer):
    query = (
        "response_type=code&scope=signature%20impersonation"
        f"&client_id={customer['integration_key']}&redirect_uri=https://evil.example"
    )
    assert standin.sign_in.consent_page(query)[0] == 400
    assert standin.sign_in.consent(query, {"user": customer["user"]}) is None


def test_other_grants_are_not_played(standin):
    with pytest.raises(GrantError):
        standin.sign_in.token({"grant_type": "password"})

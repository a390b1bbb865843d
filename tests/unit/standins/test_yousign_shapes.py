"""The stand-in's answers and our requests, against Yousign's own description."""

import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from odoo.addons.crm_sign_yousign.lib import payloads, places, wording  # noqa: E402
from odoo.addons.crm_sign_yousign.providers.yousign_client import (  # noqa: E402
    encode_form,
)

from tests.standins.openapi_schema import (  # noqa: E402
    FOLDER,
    Validator,
    load_description,
)
from tests.standins.yousign import YousignStandin  # noqa: E402
from tests.standins.yousign.files import make_pdf  # noqa: E402

DESCRIPTION = FOLDER / "yousign.json.gz"
pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(),
    reason="Yousign's description is not beside the checkout",
)
KEY = "key_shapes"
REQUEST = "/signature_requests/{signatureRequestId}"
SIGNER = REQUEST + "/signers/{signerId}"
PAGE = (595.28, 841.89)
HOOK = {
    "endpoint": "https://example.com/hook",
    "description": "test",
    "sandbox": True,
    "subscribed_events": ["*"],
    "scopes": ["*"],
    "auto_retry": True,
    "enabled": True,
}


@pytest.fixture(scope="module")
def validator():
    return Validator(load_description(DESCRIPTION), strict=True)


@pytest.fixture(scope="module")
def standin():
    with YousignStandin() as server:
        server.add_account(KEY)
        yield server


@pytest.fixture(scope="module")
def call(standin):
    def ask(method, path, **content):
        headers = {"Authorization": f"Bearer {KEY}", **content.pop("headers", {})}
        url = standin.api_url + path
        return requests.request(method, url, headers=headers, timeout=5, **content)

    return ask


def request_body(**values):
    facts = {
        "reference": "ABCD-EFGH-1234-5678",
        "name": "Contrat de prestation",
        "note": "Bonjour,\nvoici le contrat.",
        "orders": (1, 2, 2),
        "last_day": "",
        "lang": "fr",
    }
    return payloads.build_request(payloads.RequestFacts(**{**facts, **values}))


def signer_facts(name, document_id, **values):
    kinds = ("signature", "date", "text", "checkbox")
    fields = [
        places.to_field(
            places.Place(kind, 1, 60, 100 + 60 * n, 120, 40, PAGE, label=kind),
            document_id,
        )
        for n, kind in enumerate(kinds)
    ]
    facts = {
        "name": name,
        "email": f"{name.split()[0].lower()}@client.example",
        "phone": "+33612345678",
        "channel": "mail",
        "level": "simple",
        "locale": "fr",
        "fields": tuple(fields),
    }
    return payloads.SignerFacts(**{**facts, **values})


@pytest.fixture(scope="module")
def story(standin, call):
    """One request with three people from draft to done, and others that end badly."""
    answers = {}

    def note(name, answer, method, path):
        assert answer.ok, answer.text
        answers[name] = (method, path, answer)
        return answer.json() if answer.content and "json" in _kind(answer) else None

    request = note(
        "create",
        call("POST", "/signature_requests", json=request_body()),
        "post",
        "/signature_requests",
    )
    base = f"/signature_requests/{request['id']}"
    form, kind = encode_form(
        {"nature": "signable_document", "name": "Contrat"}, "c.pdf", make_pdf([["x"]])
    )
    upload = call(
        "POST", base + "/documents", data=form, headers={"Content-Type": kind}
    )
    document = note("upload", upload, "post", REQUEST + "/documents")
    placed = []
    for order, name in ((1, "Marie Dupont"), (2, "Jean Roux"), (2, "Zoe Petit")):
        body = payloads.build_signer(
            signer_facts(name, document["id"]), placed, order, "groups"
        )
        signer = note(
            name,
            call("POST", base + "/signers", json=body),
            "post",
            REQUEST + "/signers",
        )
        placed.append((order, signer["id"]))
    note("activate", call("POST", base + "/activate"), "post", REQUEST + "/activate")
    first = f"{base}/signers/{placed[0][1]}"
    note("remind", call("POST", first + "/send_reminder"), "post", SIGNER)
    standin.admin.call("POST", "sign", {"request": request["id"]})
    for name, path, described in (
        ("get", base, REQUEST),
        ("signers", base + "/signers", REQUEST + "/signers"),
        ("signer", first, SIGNER),
        ("documents", base + "/documents", REQUEST + "/documents"),
        (
            "document",
            f"{base}/documents/{document['id']}",
            REQUEST + "/documents/{documentId}",
        ),
        ("list", "/signature_requests?limit=1", "/signature_requests"),
        ("workspaces", "/workspaces", "/workspaces"),
        ("webhooks", "/webhooks", "/webhooks"),
    ):
        note(name, call("GET", path), "get", described)
    note("webhook", call("POST", "/webhooks", json=HOOK), "post", "/webhooks")
    return answers


def _kind(answer):
    return answer.headers.get("Content-Type", "")


JSON_ANSWERS = [
    "create", "upload", "Marie Dupont", "Zoe Petit", "activate", "get", "signers",
    "signer", "documents", "document", "list", "workspaces", "webhooks", "webhook",
]  # fmt: skip


@pytest.mark.parametrize("name", JSON_ANSWERS)
def test_answers_follow_the_description(validator, story, name):
    method, path, answer = story[name]
    schema = validator.answer_schema(method, path, str(answer.status_code))
    assert not validator.troubles(answer.json(), schema)
    limits = ("RateLimit-Limit", "RateLimit-Remaining", "X-RateLimit-Limit-Hour")
    assert all(answer.headers.get(header) for header in limits)


def test_a_declined_request_says_who_and_why(validator, standin, call, story):
    made = call("POST", "/signature_requests", json=request_body(orders=(1,))).json()
    base = f"/signature_requests/{made['id']}"
    form, kind = encode_form(
        {"nature": "signable_document", "name": "C"}, "c.pdf", make_pdf([["x"]])
    )
    headers = {"Content-Type": kind}
    document = call("POST", base + "/documents", data=form, headers=headers).json()
    facts = signer_facts("Marie Dupont", document["id"])
    body = payloads.build_signer(facts, [], 1, "parallel")
    call("POST", base + "/signers", json=body)
    call("POST", base + "/activate")
    standin.admin.call(
        "POST", "decline", {"request": made["id"], "reason": "Trop cher"}
    )
    answer = call("GET", base)
    schema = validator.answer_schema("get", REQUEST)
    assert not validator.troubles(answer.json(), schema)
    assert answer.json()["decline_information"]["reason"] == "Trop cher"


@pytest.mark.parametrize("status", [400, 401, 404, 405, 415, 429, 500])
def test_errors_follow_the_description(validator, standin, call, status):
    path = "/signature_requests"
    ask = {
        400: lambda: call("POST", path, json={"name": ""}),
        401: lambda: requests.get(standin.api_url + path, timeout=5),
        404: lambda: call("GET", f"{path}/{'0' * 36}"),
        405: lambda: call("PATCH", path),
        415: lambda: call("POST", path, data="name=x"),
    }.get(status)
    if ask is None:
        standin.admin.call("POST", "faults", {"kind": str(status)})
        answer = call("GET", path)
    else:
        answer = ask()
    assert answer.status_code == status
    names = {
        400: "BadRequestResponse",
        401: "UnauthorizedResponse",
        404: "NotFoundResponse",
        405: "MethodNotAllowed",
        415: "UnsupportedMediaTypeResponse",
        429: "TooManyRequestsResponse",
        500: "InternalServerError",
    }
    assert not validator.troubles(answer.json(), validator.schemas[names[status]])
    if status == 429:
        assert answer.headers["Retry-After"] == "2"


def test_what_we_ask_is_in_the_description(validator):
    schema = validator.schemas["New_Signature_Request_From_Scratch"]
    for orders in ((1,), (1, 2), (1, 2, 2)):
        assert not validator.troubles(
            request_body(orders=orders, last_day="2030-01-31"), schema
        )
    signer = validator.schemas["New_Signer_From_Scratch"]
    document_id = "6f9619ff-8b86-4011-b42d-00c04fc964ff"
    for level, channel in (("simple", "none"), ("advanced", "mail"), ("qualified", "")):
        facts = signer_facts("Anne Roux", document_id, level=level, channel=channel)
        body = payloads.build_signer(facts, [(1, document_id)], 2, "groups")
        assert not validator.troubles(body, signer)
    area = validator.schemas["InitialsArea"]
    place = places.Place("initials", 1, 500, 780, 60, 30, PAGE)
    assert not validator.troubles(places.initials([place]), area)


def test_every_letter_we_send_is_one_they_take(validator):
    schema = validator.schemas["HumanName"]
    letters = [chr(code) for code in range(0x20, 0x2100)]
    for letter in letters:
        name = wording.clean_name(f"A{letter}B")
        assert not validator.troubles(name, schema), (letter, name)


def test_the_validator_sees_what_is_wrong(validator, story):
    method, path, answer = story["signer"]
    schema = validator.answer_schema(method, path)
    good = answer.json()
    assert validator.troubles({**good, "status": "sleeping"}, schema)
    assert validator.troubles({**good, "surprise": 1}, schema)
    assert validator.troubles({**good, "info": None}, schema)
    broken = {**good, "fields": [{**good["fields"][0], "width": 10}]}
    assert validator.troubles(broken, schema)

"""The stand-in's answers and our requests, against DocuSign's own description."""

import base64
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from odoo.addons.crm_sign_docusign import const  # noqa: E402
from odoo.addons.crm_sign_docusign.lib import grant  # noqa: E402
from odoo.addons.crm_sign_docusign.lib.envelope import (  # noqa: E402
    Document,
    Envelope,
    Signer,
    build_envelope_v1,
)
from odoo.addons.crm_sign_docusign.lib.tabs import TAB_KINDS, Field  # noqa: E402

from tests.standins.docusign import DocusignStandin, make_keys  # noqa: E402
from tests.standins.openapi_schema import (  # noqa: E402
    FOLDER,
    Validator,
    load_description,
)
from tests.unit.crm_sign_docusign.conftest import make_pdf  # noqa: E402

DESCRIPTION = FOLDER / "docusign.json.gz"
pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(),
    reason="DocuSign's description is not beside the checkout",
)
ACCOUNT = "/v2.1/accounts/{accountId}"
ENVELOPES = f"{ACCOUNT}/envelopes"
ENVELOPE = f"{ENVELOPES}/{{envelopeId}}"


@pytest.fixture(scope="module")
def validator():
    return Validator(load_description(DESCRIPTION), strict=True)


@pytest.fixture(scope="module")
def keys():
    return make_keys()


@pytest.fixture(scope="module")
def standin():
    with DocusignStandin() as server:
        yield server


@pytest.fixture(scope="module")
def customer(standin, keys):
    return standin.add_account(keys[1], hmac_keys=["key"])


@pytest.fixture(scope="module")
def call(standin, customer, keys):
    assertion = grant.build_assertion(
        keys[0],
        integration_key=customer["integration_key"],
        user_guid=customer["user"],
        oauth_url=standin.base_url,
        scope=const.SCOPE,
        now=int(standin.state.now()),
    )
    token = requests.post(
        f"{standin.base_url}/oauth/token",
        data={"grant_type": grant.GRANT_TYPE, "assertion": assertion},
        timeout=5,
    ).json()["access_token"]

    def ask(method, path, envelope_id="", **content):
        path = path.format(accountId=customer["account"], envelopeId=envelope_id)
        return requests.request(
            method,
            f"{standin.base_url}/restapi{path}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=5,
            **content,
        )

    return ask


def definition(standin, customer):
    """Everything our builder can write, in one envelope."""
    fields = tuple(
        Field(f"f-{kind}", "11", kind, 1, 100, 100 + 50 * n, 120, 30, label="Nom")
        for n, kind in enumerate(TAB_KINDS)
    )
    account = standin.state.accounts[customer["account"]]
    signer = Signer(
        "21",
        "Luc Roux",
        "luc@roux.example",
        1,
        lang="fr_FR",
        phone="+33612345678",
        code_sms=True,
        signature_provider="universalsignaturepen_opentrust_hash_tsp",
        fields=fields,
    )
    made = build_envelope_v1(
        Envelope(
            reference="ABCD-EFGH",
            transaction_id="0e4fd8a6-0000-4000-8000-000000000001",
            subject="Proposition",
            message="Bonjour",
            documents=(Document("11", "Proposition.pdf"),),
            signers=(signer, Signer("22", "Eva Roux", "eva@roux.example", 2)),
            expire_days=10,
            allow_reassign=True,
            webhook_url="http://127.0.0.1:9/connect",
            phone_workflow=account.phone_workflow,
        ),
        reference_field=const.REFERENCE_FIELD,
        events=const.CONNECT_EVENTS,
        subject_length=100,
        message_length=1000,
    )
    content = base64.b64encode(make_pdf()).decode()
    made["documents"][0]["documentBase64"] = content
    return made


@pytest.fixture(scope="module")
def created(standin, customer, call):
    standin.state.settings.drop_webhooks = True
    return call("POST", ENVELOPES, json=definition(standin, customer))


@pytest.fixture(scope="module")
def envelope_id(created, call):
    envelope_id = created.json()["envelopeId"]
    call("PUT", ENVELOPE, envelope_id, json={"status": "sent"})
    return envelope_id


def test_what_we_send_is_what_the_description_knows(validator, standin, customer):
    schema = {"$ref": "#/definitions/envelopeDefinition"}
    assert validator.troubles(definition(standin, customer), schema) == []


def test_a_creation_is_answered_as_described(validator, created):
    assert created.status_code == 201
    schema = validator.answer_schema("post", ENVELOPES, "201")
    assert validator.troubles(created.json(), schema) == []


READS = [
    (ACCOUNT, {}),
    (f"{ACCOUNT}/signatureProviders", {}),
    (f"{ACCOUNT}/identity_verification", {}),
    (ENVELOPES, {"from_date": "2020-01-01", "include": "recipients,custom_fields"}),
    (ENVELOPES, {"transaction_ids": "0e4fd8a6-0000-4000-8000-000000000001"}),
    (ENVELOPE, {"include": "recipients,custom_fields,documents"}),
    (f"{ENVELOPE}/recipients", {"include_tabs": "true"}),
    (f"{ENVELOPE}/documents", {}),
]


@pytest.mark.parametrize(("path", "params"), READS)
def test_what_is_read_is_as_described(validator, call, envelope_id, path, params):
    answer = call("GET", path, envelope_id, params=params)
    assert answer.status_code == 200
    troubles = validator.troubles(answer.json(), validator.answer_schema("get", path))
    assert troubles == []


def test_changes_are_answered_as_described(validator, call, envelope_id):
    path = f"{ENVELOPE}/recipients"
    body = {"signers": [{"recipientId": "21", "name": "Luc", "email": "l@x.example"}]}
    answer = call(
        "PUT", path, envelope_id, json=body, params={"resend_envelope": "true"}
    )
    assert validator.troubles(answer.json(), validator.answer_schema("put", path)) == []
    assert validator.troubles(body, {"$ref": "#/definitions/recipients"}) == []
    answer = call("PUT", ENVELOPE, envelope_id, json={"status": "sent"})
    assert answer.status_code == 400
    schema = validator.answer_schema("put", ENVELOPE, "400")
    assert validator.troubles(answer.json(), schema) == []


def test_an_event_holds_an_envelope_as_described(validator, standin, envelope_id):
    values = {"envelope": envelope_id, "recipient": "21"}
    standin.admin.call("POST", "decline", {**values, "reason": "Trop cher"})
    event = standin.connect.events[-1]["event"]
    assert event["event"] == "envelope-declined"
    schema = {"$ref": "#/definitions/envelope"}
    assert validator.troubles(event["data"]["envelopeSummary"], schema) == []

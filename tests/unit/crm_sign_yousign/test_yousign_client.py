"""The client and the steps of a sending, against the stand-in."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from odoo.addons.crm_base.lib.errors import (  # noqa: E402
    AuthenticationError,
    ConfigurationError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from odoo.addons.crm_sign_yousign.lib import payloads, places  # noqa: E402
from odoo.addons.crm_sign_yousign.providers import yousign_flow as flow  # noqa: E402
from odoo.addons.crm_sign_yousign.providers.yousign_client import (  # noqa: E402
    YousignClient,
    YousignConfig,
)

from tests.standins.yousign import YousignStandin  # noqa: E402
from tests.standins.yousign.files import make_pdf  # noqa: E402

KEY = "key_client"
REFERENCE = "ABCD-EFGH-1234-5678"
PDF = make_pdf([["Contrat"], ["Annexe"]])


@pytest.fixture
def standin():
    with YousignStandin() as server:
        server.add_account(KEY)
        yield server


@pytest.fixture
def client(standin):
    with YousignClient(YousignConfig(KEY, standin.api_url, True)) as opened:
        yield opened


def ask(standin, name, **values):
    return standin.admin.call("POST", name, values)


def paths(standin, method):
    return [
        row["path"].rsplit("/", 1)[-1]
        for row in standin.state.requests
        if row["method"] == method
    ]


def body():
    facts = payloads.RequestFacts(REFERENCE, "Contrat", "", (1,), "", "fr")
    return payloads.build_request(facts)


def signer_body(document_id, email="marie@client.example"):
    place = places.default_place(0, 1, (595.0, 842.0))
    fields = (places.to_field(place, document_id),)
    facts = payloads.SignerFacts(
        "Marie Dupont", email, "", "none", "simple", "fr", fields
    )
    return payloads.build_signer(facts, [], 1, "parallel")


def prepare(client, names=("Contrat",)):
    """Create, upload, add; return the request's number and the documents."""
    request_id = flow.create_request(client, body()).request["id"]
    documents = {}
    for key, name in enumerate(names, start=1):
        row = flow.add_document(client, request_id, name, PDF, None, tried_before=False)
        documents[key] = (row["id"], name)
    signer = signer_body(documents[1][0])
    flow.add_signer(client, request_id, signer, (), tried_before=False)
    return request_id, documents


def send(client, **values):
    request_id, documents = prepare(client, **values)
    assert flow.activate_request(client, request_id)["status"] == "ongoing"
    return request_id, documents


def test_from_draft_to_the_signed_file(standin, client):
    request_id, documents = send(client)
    found = flow.look(client, request_id, REFERENCE, documents, with_files=True)
    assert (found.request["status"], found.files) == ("ongoing", {})
    ask(standin, "sign", request=REFERENCE)
    found = flow.look(client, request_id, REFERENCE, documents, with_files=True)
    assert found.signers[0]["signed_at"]
    assert found.files[1].startswith(PDF.rstrip())
    assert b"Marie Dupont" in found.files[1]
    assert found.audit_trail.startswith(b"%PDF-")
    assert client.rate_limit.limit == 30
    assert client.rate_limit.remaining is not None


def test_several_files_are_told_apart_by_their_names(standin, client):
    request_id, documents = send(client, names=("Devis", "Annexe \u00e9t\u00e9"))
    ask(standin, "sign", request=REFERENCE)
    found = flow.look(client, request_id, "", documents, with_files=True)
    assert sorted(found.files) == [1, 2]
    assert "download" in paths(standin, "GET")


def test_files_with_other_names_are_fetched_one_by_one(standin, client):
    request_id, documents = send(client, names=("Devis", "Annexe"))
    ask(standin, "sign", request=REFERENCE)
    renamed = {key: (remote, f"x{name}") for key, (remote, name) in documents.items()}
    found = flow.look(client, request_id, "", renamed, with_files=True)
    assert sorted(found.files) == [1, 2]


def test_a_lost_answer_creates_nothing_twice(standin, client):
    ask(standin, "faults", kind="lost_answer", method="POST", count=1)
    with pytest.raises(UnavailableError):
        flow.create_request(client, body())
    request = flow.create_request(client, body()).request
    ask(standin, "faults", kind="lost_answer", method="POST", count=1)
    with pytest.raises(UnavailableError):
        flow.add_document(client, request["id"], "C", PDF, None, tried_before=False)
    row = flow.add_document(client, request["id"], "C", PDF, None, tried_before=True)
    signer = signer_body(row["id"])
    ask(standin, "faults", kind="lost_answer", method="POST", count=1)
    with pytest.raises(UnavailableError):
        flow.add_signer(client, request["id"], signer, (), tried_before=False)
    again = flow.add_signer(client, request["id"], signer, (), tried_before=True)
    assert again["info"]["email"] == "marie@client.example"
    ask(standin, "faults", kind="lost_answer", method="POST", count=1)
    with pytest.raises(UnavailableError):
        flow.activate_request(client, request["id"])
    assert flow.activate_request(client, request["id"])["status"] == "ongoing"
    (row,) = ask_get(standin)
    assert [len(row[name]) for name in ("documents", "signers")] == [1, 1]


def ask_get(standin):
    return standin.admin.call("GET", "signature_requests", {})["data"]


def test_a_request_that_exists_comes_with_what_it_holds(standin, client):
    request_id, _documents = prepare(client)
    draft = flow.create_request(client, body())
    assert draft.request["id"] == request_id
    assert (len(draft.documents), len(draft.signers)) == (1, 1)


def test_cancelled_wherever_it_is(standin, client):
    assert flow.cancel(client, "", REFERENCE, "") == ""
    request_id, _documents = prepare(client)
    assert flow.cancel(client, "", REFERENCE, "") == "draft"
    assert flow.find_request(client, request_id, REFERENCE) is None
    send(client)
    assert flow.cancel(client, "", REFERENCE, "Une erreur") == "ongoing"
    assert [row["status"] for row in ask_get(standin)] == ["deleted", "canceled"]


def test_what_is_done_is_not_cancelled(standin, client):
    request_id, _documents = send(client)
    ask(standin, "sign", request=REFERENCE)
    assert flow.cancel(client, request_id, REFERENCE, "") == "done"


def test_reminders_stop_when_there_is_nobody_to_remind(standin, client):
    request_id, _documents = send(client)
    signer_id = client.list_signers(request_id)[0]["id"]
    assert flow.remind(client, request_id, signer_id)
    ask(standin, "sign", request=REFERENCE)
    assert not flow.remind(client, request_id, signer_id)
    assert ask_get(standin)[0]["reminders"] == 1


def test_a_file_that_is_late_is_asked_again(standin, client):
    request_id, documents = send(client)
    ask(standin, "sign", request=REFERENCE)
    ask(standin, "settings", files_not_ready=1)
    with pytest.raises(UnavailableError) as caught:
        flow.look(client, request_id, "", documents, with_files=True)
    assert caught.value.delay_seconds == 5
    assert flow.look(client, request_id, "", documents, with_files=True).files


def test_a_file_that_is_none_is_never_stored(standin, client):
    request_id, documents = send(client)
    ask(standin, "sign", request=REFERENCE)
    ask(standin, "faults", kind="garbage", path="/documents/download")
    with pytest.raises(MalformedAnswerError):
        flow.look(client, request_id, "", documents, with_files=True)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("401", AuthenticationError),
        ("403", RefusedError),
        ("429", RateLimitedError),
        ("500", UnavailableError),
        ("503", UnavailableError),
        ("reset", UnavailableError),
        ("garbage", MalformedAnswerError),
    ],
)
def test_errors_are_of_our_family(standin, client, kind, error):
    ask(standin, "faults", kind=kind, seconds=9)
    with pytest.raises(error) as caught:
        client.list_workspaces()
    assert KEY not in str(caught.value)
    if kind == "429":
        assert caught.value.delay_seconds == 9
    if kind == "403":
        assert caught.value.status == 403
        assert "may not do this" in str(caught.value)


def test_the_vendors_words_are_kept(standin, client):
    with pytest.raises(RefusedError) as caught:
        client.create_request({"name": "", "delivery_mode": "email"})
    assert "name: This value is not valid." in str(caught.value)
    assert caught.value.remote_code == "validation-error"


def test_lists_are_read_to_their_end(standin, client):
    ask(standin, "settings", page_size=2)
    for _number in range(5):
        client.create_request(body())
    assert len(client.find_requests(REFERENCE)) == 5


def test_internal_addresses_and_bad_keys_are_refused(standin):
    with pytest.raises(ConfigurationError):
        YousignClient(YousignConfig(KEY, standin.api_url))
    with pytest.raises(ConfigurationError):
        YousignClient(YousignConfig("cl\u00e9", standin.api_url, True))

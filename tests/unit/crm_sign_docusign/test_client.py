"""The client against a server that speaks the protocol."""

import json

import pytest

from odoo.addons.crm_base.lib import errors
from odoo.addons.crm_base.lib.http_rules import HttpLimits
from odoo.addons.crm_sign_docusign import const
from odoo.addons.crm_sign_docusign.lib.envelope import (
    Document,
    Envelope,
    Signer,
    build_envelope_v1,
)
from odoo.addons.crm_sign_docusign.lib.tabs import Field
from odoo.addons.crm_sign_docusign.providers.docusign_client import (
    DocusignClient,
    SignedFiles,
)
from odoo.addons.crm_sign_docusign.providers.docusign_session import DocusignConfig
from odoo.addons.crm_sign_docusign.providers.token_cache import TokenCache

from tests.standins.docusign import make_keys

from .conftest import make_pdf

QUICK = HttpLimits(connect_seconds=2, read_seconds=1, total_seconds=2)
TRANSACTION = "0e4fd8a6-0000-4000-8000-000000000001"


@pytest.fixture
def client(config, clock):
    with DocusignClient(config, TokenCache(), clock) as made:
        yield made


def definition(reference="AB/1", **values):
    field = Field("f1", "11", "signature", 1, 100, 700, 120, 40)
    signers = (
        Signer("21", "Luc Roux", "luc@roux.example", 1, fields=(field,)),
        Signer("22", "Eva Roux", "eva@roux.example", 2),
    )
    facts = {
        "reference": reference,
        "transaction_id": TRANSACTION,
        "subject": "Proposition",
        "message": "Bonjour",
        "documents": (Document("11", "Proposition.pdf"),),
        "signers": signers,
    }
    return build_envelope_v1(
        Envelope(**facts | values),
        reference_field=const.REFERENCE_FIELD,
        events=const.CONNECT_EVENTS,
        subject_length=100,
        message_length=1000,
    )


@pytest.fixture
def draft(client):
    return client.create_draft(definition(), {"11": make_pdf()})


def paths(standin, method=""):
    return [r["path"] for r in standin.state.requests if method in ("", r["method"])]


# -- access ----------------------------------------------------------------------


def test_one_token_and_one_address_serve_many_calls(client, standin):
    client.read_account()
    client.read_account()
    assert paths(standin).count("/oauth/token") == 1
    assert paths(standin).count("/oauth/userinfo") == 1


def test_sessions_share_the_token(config, clock, standin):
    cache = TokenCache()
    for _time in range(2):
        with DocusignClient(config, cache, clock) as client:
            client.read_account()
    assert paths(standin).count("/oauth/token") == 1


def test_an_old_token_is_replaced_before_it_ends(client, standin, clock):
    client.read_account()
    clock.seconds += 3600
    client.read_account()
    assert paths(standin).count("/oauth/token") == 2


def test_a_token_that_was_revoked_is_replaced_once(client, standin):
    client.read_account()
    standin.admin.call("POST", "expire_tokens", {})
    assert client.read_account().name == "Agence Lumen SAS"
    standin.admin.call("POST", "faults", {"kind": "expired_token", "count": 9})
    with pytest.raises(errors.AuthenticationError) as caught:
        client.read_account()
    assert caught.value.remote_code == "AUTHORIZATION_INVALID_TOKEN"
    assert caught.value.request_id


def test_missing_consent_has_its_code(client, standin, customer):
    standin.admin.call("POST", "revoke", dict(customer))
    with pytest.raises(errors.AuthenticationError) as caught:
        client.read_account()
    assert caught.value.remote_code == "consent_required"


def test_another_key_gives_no_access(config, clock):
    stranger, _public = make_keys()
    values = {**config.__dict__, "private_key": stranger}
    client = DocusignClient(DocusignConfig(**values), TokenCache(), clock)
    with client, pytest.raises(errors.AuthenticationError) as caught:
        client.read_account()
    assert caught.value.message == "no_valid_keys_or_signatures"


def test_an_account_of_somebody_else_is_a_matter_of_settings(config, clock):
    values = {**config.__dict__, "account_id": "00000000-0000-0000-0000-000000000000"}
    client = DocusignClient(DocusignConfig(**values), TokenCache(), clock)
    with client, pytest.raises(errors.ConfigurationError):
        client.read_account()


@pytest.mark.parametrize("name", ["integration_key", "user_guid", "private_key"])
def test_each_setting_is_needed(config, name):
    with pytest.raises(errors.ConfigurationError):
        DocusignClient(DocusignConfig(**{**config.__dict__, name: ""}))


def test_addresses_are_guarded(config):
    values = {**config.__dict__, "guard_private": True}
    with pytest.raises(errors.ConfigurationError):
        DocusignClient(DocusignConfig(**values))


def test_secrets_are_not_shown(config):
    assert "PRIVATE" not in repr(config)


def test_the_account_says_what_it_offers(client, standin, customer):
    account = client.read_account()
    assert account.level_providers == {
        "advanced": "universalsignaturepen_opentrust_hash_tsp",
        "qualified": "",
    }
    assert account.phone_workflow
    standin.admin.call(
        "POST",
        "account",
        {"account": customer["account"], "providers": [], "phone_workflow": ""},
    )
    account = client.read_account()
    assert not account.phone_workflow and not account.level_providers["advanced"]


# -- sending ---------------------------------------------------------------------


def test_a_draft_mails_nobody_until_it_is_sent(client, standin, draft):
    assert not standin.state.mails
    client.send_draft(draft)
    assert [mail["to"] for mail in standin.state.mails] == ["luc@roux.example"]


def test_sending_twice_mails_once(client, standin, draft):
    client.send_draft(draft)
    client.send_draft(draft)
    assert len(standin.state.mails) == 1


def test_a_lost_answer_is_found_again(client, standin):
    standin.admin.call(
        "POST",
        "faults",
        {"kind": "lost_answer", "method": "POST", "path": "/envelopes"},
    )
    with pytest.raises(errors.UnavailableError):
        client.create_draft(definition(), {"11": make_pdf()})
    found = client.find_envelope("AB/1", TRANSACTION, "2026-01-01T00:00:00Z")
    (envelope,) = standin.admin.call("GET", "envelopes", {})["data"]
    assert found == envelope["envelopeId"]


def test_the_transaction_finds_what_the_search_does_not_show_yet(client, draft):
    assert client.find_envelope("other", TRANSACTION, "2026-01-01T00:00:00Z") == draft
    assert not client.find_envelope("other", "other", "2026-01-01T00:00:00Z")


def test_a_field_outside_the_page_is_refused_with_the_code(client):
    far = Field("f1", "11", "signature", 1, 900, 10, 10, 10)
    signer = Signer("21", "Luc", "luc@roux.example", 1, fields=(far,))
    with pytest.raises(errors.RefusedError) as caught:
        client.create_draft(definition(signers=(signer,)), {"11": make_pdf()})
    assert caught.value.remote_code == "TAB_OUT_OF_BOUNDS"


# -- following -------------------------------------------------------------------


def sign(standin, envelope, recipient):
    values = {"envelope": envelope, "recipient": recipient}
    standin.admin.call("POST", "sign", values)


def test_signers_follow_the_order(client, standin, draft):
    client.send_draft(draft)
    states = [s.state for s in client.read_envelope(draft).signers]
    assert states == ["notified", "waiting"]
    sign(standin, draft, "21")
    found = client.read_envelope(draft)
    assert [s.state for s in found.signers] == ["signed", "notified"]
    assert (found.state, found.reference) == ("sent", "AB/1")
    sign(standin, draft, "22")
    assert client.read_envelope(draft).state == "signed"


def test_many_are_read_in_one_call(client, standin, draft):
    other = client.create_draft(definition("AB/2"), {"11": make_pdf()})
    before = len(standin.state.requests)
    rows = client.read_envelopes([draft, other])
    assert {row["envelopeId"] for row in rows} == {draft, other}
    assert len(standin.state.requests) == before + 1


def test_a_reminder_reaches_only_whose_turn_it_is(client, standin, draft):
    client.send_draft(draft)
    both = [
        {"recipientId": "21", "name": "Luc Roux", "email": "luc@roux.example"},
        {"recipientId": "22", "name": "Eva Roux", "email": "eva@roux.example"},
    ]
    client.remind(draft, both)
    reminders = [m["to"] for m in standin.state.mails if m["kind"] == "reminder"]
    assert reminders == ["luc@roux.example"]


def test_closing_knows_each_state(client, standin, draft):
    client.close_envelope(draft, "Draft")
    assert standin.admin.call("GET", "envelopes", {})["data"][0]["isDiscarded"]
    sent = client.create_draft(definition("AB/2"), {"11": make_pdf()})
    client.send_draft(sent)
    client.close_envelope(sent, "Trop tard")
    found = client.read_envelope(sent)
    assert (found.state, found.reason) == ("cancelled", "Trop tard")
    client.close_envelope(sent, "Again")


# -- the end ---------------------------------------------------------------------


@pytest.fixture
def completed(client, standin, draft):
    client.send_draft(draft)
    sign(standin, draft, "21")
    sign(standin, draft, "22")
    return draft


def test_files_come_as_they_are(client, standin, completed):
    files = client.download(completed, ["11"])
    assert files.documents["11"] == standin.admin.final_file(completed, "11")
    assert files.certificate.startswith(b"%PDF-")
    assert SignedFiles.unpack(files.pack()) == files


def test_files_that_are_not_ready_are_asked_again_later(client, standin, draft):
    standin.state.settings.unreadable_reads = 1
    client.send_draft(draft)
    sign(standin, draft, "21")
    sign(standin, draft, "22")
    with pytest.raises(errors.UnavailableError) as caught:
        client.download(draft, ["11"])
    assert caught.value.delay_seconds is None, "the other messages go on"
    assert client.download(draft, ["11"]).documents["11"]


# -- faults ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        ("500", errors.UnavailableError),
        ("reset", errors.UnavailableError),
        ("timeout", errors.UnavailableError),
        ("garbage", errors.MalformedAnswerError),
        ("hourly_limit", errors.RateLimitedError),
        ("burst_limit", errors.RateLimitedError),
        ("403", errors.AuthenticationError),
    ],
)
def test_each_fault_has_its_family(config, clock, standin, kind, family):
    standin.state.settings.fault_timeout_seconds = 3
    with DocusignClient(config, TokenCache(), clock, QUICK) as client:
        client.address()
        standin.admin.call("POST", "faults", {"kind": kind})
        with pytest.raises(family) as caught:
            client.read_account()
    assert type(caught.value) is family
    if kind == "hourly_limit":
        assert 0 < caught.value.delay_seconds <= 3600


def test_errors_carry_no_secret(client, standin, keys):
    client.address()
    standin.admin.call("POST", "faults", {"kind": "403"})
    with pytest.raises(errors.AuthenticationError) as caught:
        client.read_account()
    text = json.dumps([str(caught.value), repr(caught.value.__dict__)])
    assert "Bearer" not in text and "PRIVATE" not in text

"""What an envelope says, whatever the order in which it was heard."""

from datetime import datetime, timezone

import pytest

from odoo.addons.crm_base.lib.errors import MalformedAnswerError
from odoo.addons.crm_sign_docusign.lib import facts

FIELD = "crm_sign_reference"


def read(status, **values):
    return facts.read_envelope({"envelopeId": "ABC", "status": status, **values}, FIELD)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("created", "draft"),
        ("sent", "sent"),
        ("delivered", "sent"),
        ("signed", "sent"),
        ("Completed", "signed"),
        ("declined", "refused"),
        ("voided", "cancelled"),
        ("deleted", "cancelled"),
        ("timedout", "expired"),
        ("something-new", "unknown"),
    ],
)
def test_states_of_an_envelope(status, state):
    assert read(status).state == state


def test_voided_at_its_end_means_expired():
    end = "2026-12-24T00:00:00.0000000Z"
    expired = read(
        "voided",
        expireEnabled="true",
        expireDateTime=end,
        voidedDateTime="2026-12-24T00:00:11.1230000Z",
    )
    voided = read(
        "voided",
        expireEnabled="true",
        expireDateTime=end,
        voidedDateTime="2026-12-20T08:00:00.0000000Z",
        voidedReason="Erreur de prix",
    )
    assert (expired.state, voided.state) == ("expired", "cancelled")
    assert voided.reason == "Erreur de prix"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("created", "waiting"),
        ("sent", "notified"),
        ("delivered", "opened"),
        ("completed", "signed"),
        ("declined", "refused"),
        ("autoresponded", "bounced"),
    ],
)
def test_states_of_a_recipient(status, state):
    signer = {
        "recipientId": "21",
        "status": status,
        "sentDateTime": "2026-11-29T10:00:00Z",
        "deliveredDateTime": "2026-11-29T10:05:00Z",
        "signedDateTime": "2026-11-29T10:10:00Z",
        "declinedDateTime": "2026-11-29T10:15:00Z",
        "declinedReason": "Trop cher",
    }
    (fact,) = read("sent", recipients={"signers": [signer]}).signers
    assert fact.state == state
    if state == "refused":
        assert fact.reason == "Trop cher"
        assert fact.at == datetime(2026, 11, 29, 10, 15, tzinfo=timezone.utc)


def test_what_came_before_is_told_too():
    """An event may be the only one that arrives: it tells the whole way."""
    signer = {
        "recipientId": "21",
        "status": "completed",
        "sentDateTime": "2026-11-29T10:00:00Z",
        "deliveredDateTime": "2026-11-29T10:05:00Z",
        "signedDateTime": "2026-11-29T10:10:00Z",
    }
    (fact,) = read("completed", recipients={"signers": [signer]}).signers
    assert [state for state, _at in fact.steps] == ["notified", "opened", "signed"]
    assert [at.minute for _state, at in fact.steps] == [0, 5, 10]
    (waiting,) = read(
        "sent", recipients={"signers": [{"recipientId": "22", "status": "created"}]}
    ).signers
    assert waiting.steps == ()


def test_our_reference_is_found_among_other_fields():
    fields = [{"name": "Region", "value": "West"}, {"name": FIELD, "value": "AB/1"}]
    found = read("sent", customFields={"textCustomFields": fields})
    assert (found.reference, found.envelope_id) == ("AB/1", "abc")
    assert not found.has_signers


@pytest.mark.parametrize(
    "data", [None, [], {}, {"envelopeId": "x"}, {"status": "sent"}]
)
def test_what_is_no_envelope_is_said(data):
    with pytest.raises(MalformedAnswerError):
        facts.read_envelope(data, FIELD)


@pytest.mark.parametrize("text", [None, "", "yesterday", "2026-13-45T99:00:00Z", 5])
def test_what_is_no_time_is_none(text):
    assert facts.parse_moment(text) is None

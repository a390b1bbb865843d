"""Events are believed only when one of our keys has signed their bytes."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from odoo.addons.crm_integrations.lib.webhook import WebhookRefusedError
from odoo.addons.crm_sign_docusign.lib import connect

NOW = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)
AGE = timedelta(days=30)


def body(**values):
    data = {"envelopeId": "AB-1", "envelopeSummary": {"status": "sent"}}
    message = {
        "event": "envelope-sent",
        "generatedDateTime": "2026-11-29T11:00:00.1230000Z",
        "retryCount": 0,
        "data": data,
    }
    return json.dumps(message | values).encode()


def reason(call, *args):
    with pytest.raises(WebhookRefusedError) as caught:
        call(*args)
    return caught.value.reason


def test_any_header_may_match_any_key():
    raw = body()
    given = [connect.sign(raw, "retired"), connect.sign(raw, "second")]
    assert connect.verify(raw, given, ["first", "second"]) is None
    assert reason(connect.verify, raw, given, ["first"]) == "no_match"


def test_what_is_not_signed_by_us_is_refused():
    raw = body()
    good = [connect.sign(raw, "first")]
    assert reason(connect.verify, raw, good, []) == "no_secret"
    assert reason(connect.verify, raw, good, [""]) == "no_secret"
    assert reason(connect.verify, raw, [], ["first"]) == "no_header"
    assert reason(connect.verify, raw, good, ["second"]) == "no_match"
    assert reason(connect.verify, raw + b" ", good, ["first"]) == "no_match"
    assert reason(connect.verify, raw, ["é"], ["first"]) == "no_match"


def test_headers_are_read_in_their_order():
    headers = {connect.HEADER.format(2): "b", connect.HEADER.format(1): "a"}
    assert connect.signatures(headers) == ["a", "b"]


def test_a_repeated_delivery_is_the_same_event():
    first = connect.read_event(body(), NOW, AGE)
    again = connect.read_event(body(retryCount=3), NOW, AGE)
    other = connect.read_event(body(event="envelope-delivered"), NOW, AGE)
    assert first.event_id == again.event_id != other.event_id
    assert first.envelope_id == "ab-1"
    assert first.summary["envelopeId"] == "AB-1"


def test_an_old_event_is_refused_a_late_one_is_not():
    late = body(generatedDateTime="2026-11-15T11:00:00Z")
    old = body(generatedDateTime="2026-09-15T11:00:00Z")
    assert connect.read_event(late, NOW, AGE)
    assert reason(connect.read_event, old, NOW, AGE) == "too_old"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"null",
        b'{"event": "x"}',
        body(event=5),
        body(data=None),
        body(data={"envelopeId": None}),
        body(generatedDateTime="soon"),
        body(event="a\x00b"),
        b"[" * 100_000,
    ],
)
def test_what_is_no_event_is_said(raw):
    assert reason(connect.read_event, raw, NOW, AGE) == "not_an_event"


def test_several_keys_are_entered_in_one_field():
    assert connect.split_keys(" a=, b+/c=\n d") == ["a=", "b+/c=", "d"]
    assert connect.split_keys("") == []

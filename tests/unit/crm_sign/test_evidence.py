import dataclasses
import json
from datetime import datetime, timedelta, timezone

import pytest

from odoo.addons.crm_sign.lib.evidence import (
    Event,
    canonical_json,
    export,
    first_link,
    iso_utc,
    sha256,
    verify_chain,
)

REFERENCE = "7KQ2-M3XA-PLDE-5WTZ"
NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
KINDS = ("sent", "notified", "opened", "identified", "signed")


def make_chain(kinds=KINDS):
    chain, previous = [], first_link(REFERENCE)
    for number, kind in enumerate(kinds, start=1):
        event = Event(
            reference=REFERENCE,
            sequence=number,
            at=NOON + timedelta(minutes=number),
            kind=kind,
            actor="Marie Dupont <marie@client.example>",
            previous_hash=previous,
            ip="192.0.2.7",
            details={"é": ["1", 2, True, None]},
        )
        previous = event.hash()
        chain.append((event, previous))
    return chain


def check(chain, head=None, count=None):
    return {(b.sequence, b.reason) for b in verify_chain(REFERENCE, chain, head, count)}


def test_canonical_json_is_the_same_whatever_the_order_of_keys():
    one = canonical_json({"b": [1, {"d": None, "c": "é"}], "a": True})
    other = canonical_json({"a": True, "b": [1, {"c": "é", "d": None}]})
    assert one == other == '{"a":true,"b":[1,{"c":"é","d":null}]}'.encode()


@pytest.mark.parametrize("value", [1.5, {"a": [1.0]}, {1: "x"}, {"a": NOON}, b"x"])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical_json(value)


def test_instants_are_written_in_utc_to_the_second():
    paris = timezone(timedelta(hours=2))
    at = datetime(2026, 7, 1, 14, 30, 15, 999, tzinfo=paris)
    assert iso_utc(at) == "2026-07-01T12:30:15Z"
    with pytest.raises(ValueError, match="zone"):
        iso_utc(datetime(2026, 7, 1))


def test_the_hash_of_an_event_is_fixed_for_ever():
    """Changing what is hashed would break every proof given out before."""
    event, digest = make_chain(("sent",))[0]
    assert event.previous_hash == sha256(REFERENCE.encode())
    expected = json.dumps(
        event.body(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert digest == sha256(expected.encode())
    assert digest == (
        "dd9128fe4ae40f1732f003288bd32c0b307b89115f306a2bb0dd147d38dfecdd"
    )


def test_an_untouched_chain_is_intact():
    chain = make_chain()
    assert check(chain, chain[-1][1], len(chain)) == set()
    assert verify_chain(REFERENCE, [], "", 0) == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "refused"},
        {"actor": "Somebody else"},
        {"ip": "203.0.113.1"},
        {"at": NOON},
        {"details": {}},
        {"document_sha256": "0" * 64},
        {"user_agent": "x"},
        {"signer": "x"},
    ],
)
def test_one_changed_fact_is_seen(change):
    chain = make_chain()
    event, digest = chain[2]
    chain[2] = (dataclasses.replace(event, **change), digest)
    assert (3, "content") in check(chain)


def test_a_changed_fact_with_a_new_hash_is_seen_at_the_next_event():
    chain = make_chain()
    forged = dataclasses.replace(chain[2][0], actor="Somebody else")
    chain[2] = (forged, forged.hash())
    assert check(chain) == {(4, "link")}


def test_the_last_event_forged_with_its_hash_is_seen_against_the_head():
    chain = make_chain()
    head = chain[-1][1]
    forged = dataclasses.replace(chain[-1][0], actor="Somebody else")
    chain[-1] = (forged, forged.hash())
    assert check(chain, head, len(chain)) == {(0, "head")}


def test_a_removed_event_is_seen():
    chain = make_chain()
    head, count = chain[-1][1], len(chain)
    assert (0, "head") in check(chain[:-1], head, count)
    assert (4, "link") in check(chain[:2] + chain[3:], head, count)
    assert (2, "link") in check(chain[1:], head, count)
    assert check([], head, count) == {(0, "head")}


def test_an_added_or_moved_event_is_seen():
    chain = make_chain()
    twice = [*chain[:3], chain[2], *chain[3:]]
    assert check(twice)
    swapped = [chain[1], chain[0], *chain[2:]]
    assert check(swapped)


def test_a_chain_of_another_request_is_not_ours():
    assert verify_chain("AAAA-AAAA-AAAA-AAAA", make_chain())


def test_an_export_can_be_verified_without_our_code():
    chain = make_chain()
    content = json.loads(export({"reference": REFERENCE}, [], [], chain))
    previous = sha256(content["request"]["reference"].encode())
    for event in content["events"]:
        digest = event.pop("hash")
        assert event["previous_hash"] == previous
        text = json.dumps(
            event, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        assert sha256(text.encode()) == digest
        previous = digest
    assert previous == chain[-1][1]

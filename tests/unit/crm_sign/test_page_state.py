from dataclasses import replace

import pytest

from odoo.addons.crm_sign.lib.page_state import KINDS, PageFacts, decide_page

OPEN = PageFacts(request_state="sent", signer_state="notified")


def kind(**changes):
    return decide_page(replace(OPEN, **changes)).kind


def test_no_facts_is_an_unknown_link():
    state = decide_page(None)
    assert state.kind == "unknown"
    assert not (state.can_read or state.can_refuse or state.can_delegate)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "read"),
        ({"request_state": "partial"}, "read"),
        ({"code_is_out": True}, "code"),
        ({"is_identified": True}, "sign"),
        ({"is_identified": True, "code_is_out": True}, "sign"),
        ({"code_channel": "none"}, "read"),
        ({"code_channel": "none", "code_is_out": True}, "read"),
        ({"is_turn": False}, "waiting_turn"),
        ({"is_turn": False, "is_identified": True}, "waiting_turn"),
        ({"is_outdated": True}, "outdated"),
        ({"is_outdated": True, "is_identified": True}, "outdated"),
        ({"is_past": True}, "expired"),
        ({"is_past": True, "is_identified": True}, "expired"),
        ({"request_state": "expired"}, "expired"),
        ({"request_state": "cancelled", "is_identified": True}, "cancelled"),
        ({"request_state": "refused"}, "refused"),
        ({"request_state": "draft"}, "unknown"),
        ({"request_state": "signed", "signer_state": "signed"}, "done"),
        ({"request_state": "partial", "signer_state": "signed"}, "done"),
        ({"signer_state": "signed", "is_past": True}, "done"),
        ({"signer_state": "delegated"}, "delegated"),
    ],
)
def test_the_first_rule_that_holds_decides(changes, expected):
    assert kind(**changes) == expected
    assert expected in KINDS


def test_only_active_pages_let_anybody_act():
    for changes in (
        {"is_turn": False}, {"is_outdated": True}, {"is_past": True},
        {"request_state": "cancelled"}, {"signer_state": "signed"},
    ):  # fmt: skip
        state = decide_page(
            replace(OPEN, is_identified=True, can_delegate=True, **changes)
        )
        assert not state.can_refuse
        assert not state.can_delegate
        assert not state.is_identified


def test_without_code_everybody_is_identified_by_the_link():
    state = decide_page(replace(OPEN, code_channel="none"))
    assert state.is_identified
    assert not state.needs_code


def test_who_signed_keeps_a_copy_unless_the_request_was_withdrawn():
    signed = replace(OPEN, signer_state="signed")
    assert decide_page(replace(signed, request_state="partial")).can_read
    assert decide_page(replace(signed, request_state="signed")).can_read
    assert not decide_page(replace(signed, request_state="cancelled")).can_read


def test_whose_turn_it_is_not_reads_nothing():
    assert not decide_page(replace(OPEN, is_turn=False)).can_read
    assert not decide_page(replace(OPEN, is_outdated=True)).can_read
    assert decide_page(OPEN).can_read

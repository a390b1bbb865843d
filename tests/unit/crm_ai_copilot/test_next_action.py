"""The next step follows from the table, and from what history says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.crm_ai_copilot.lib.next_action import (
    PLACEHOLDERS,
    DealState,
    Rule,
    holds,
    learn_gain,
    propose,
    write_reason,
)

TODAY = date(2026, 3, 2)
DEAL = DealState(
    today=TODAY,
    deal="Biotech",
    stage_id=3,
    amount=Decimal(15000),
    currency="EUR",
    probability=40,
    silence_days=9,
    stage_days=12,
    last_direction="out",
    quote_state="sent",
    quote_name="S00042",
    quote_days=7,
    quote_reads=3,
)
RULE = Rule(1, 10, "call", "{quote} lu {quote_reads}", 12, 2)


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        ({"stage_ids": frozenset({3})}, {"stage_id": 4}),
        ({"min_silence_days": 9}, {"silence_days": 8}),
        ({"max_silence_days": 9}, {"silence_days": 10}),
        ({"min_stage_days": 12}, {"stage_days": 11}),
        ({"min_quote_days": 7}, {"quote_days": 6}),
        ({"quote_state": "sent"}, {"quote_state": "draft"}),
        ({"last_direction": "out"}, {"last_direction": "in"}),
        ({"activity_state": "none"}, {"activity_state": "overdue"}),
        ({"min_amount": Decimal(15000)}, {"amount": Decimal(14999)}),
        ({"is_read": True}, {"quote_reads": 0}),
        ({"score_move": "still"}, {"score_change": -10}),
    ],
)
def test_each_condition_counts(condition, other):
    rule = replace(RULE, **condition)
    assert holds(rule, DEAL)
    assert not holds(rule, replace(DEAL, **other))


@pytest.mark.parametrize(
    ("condition", "state"),
    [
        ({"max_visit_days": 2}, {"visit_days": 0}),
        ({"has_promise": True}, {"promise_days": 0}),
        ({"is_late": True}, {"deadline_days": -1}),
        ({"is_unhappy": True}, {"is_unhappy": True}),
        ({"visit_result": "interested"}, {"visit_result": "interested"}),
        ({"score_move": "rose"}, {"score_change": 12}),
    ],
)
def test_each_event_counts(condition, state):
    rule = replace(RULE, **condition)
    assert not holds(rule, DEAL)
    assert holds(rule, replace(DEAL, **state))


def test_the_reason_states_the_facts():
    assert write_reason(RULE.reason, DEAL) == "S00042 lu 3\u00a0fois"
    assert write_reason("{deal.__class__} {nothing}!", DEAL) == "{deal.__class__} !"
    assert "silence" in PLACEHOLDERS
    just_now = replace(DEAL, silence_days=0)
    assert write_reason("depuis {silence}", just_now) == "depuis aujourd’hui"


def test_the_most_valuable_comes_first_one_per_kind():
    rules = [
        replace(RULE, rule_id=1, kind="mail", gain_points=4),
        replace(RULE, rule_id=2, kind="call", gain_points=12),
        replace(RULE, rule_id=3, kind="call", gain_points=9),
        replace(RULE, rule_id=4, kind="meeting", gain_points=20, is_late=True),
    ]
    proposed = propose(DEAL, rules, typical_amount=Decimal(1000))
    assert [candidate.rule_id for candidate in proposed] == [2, 1]
    assert proposed[0].value == Decimal(1800)
    assert proposed[0].due_on == date(2026, 3, 4)


def test_a_gain_never_passes_certainty():
    (found,) = propose(
        replace(DEAL, probability=95), [RULE], typical_amount=Decimal(1000)
    )
    assert found.gain_points == 5


def test_a_deal_without_amount_counts_as_a_usual_one():
    (found,) = propose(
        replace(DEAL, amount=Decimal(0)), [RULE], typical_amount=Decimal(1000)
    )
    assert found.value == Decimal(120)


def test_due_dates_stay_within_five_days():
    (found,) = propose(DEAL, [replace(RULE, due_days=30)], typical_amount=Decimal(1000))
    assert (found.due_on - TODAY).days == 5


def test_what_a_person_answered_is_not_proposed_again():
    assert not propose(
        DEAL, [RULE], typical_amount=Decimal(1), closed_rules=frozenset({1})
    )


@pytest.mark.parametrize(
    ("acted", "left", "gain", "is_learned"),
    [
        ((30, 40), (20, 40), 15.0, True),
        ((30, 40), (19, 19), 5, False),
        ((0, 400), (200, 400), 0.0, True),
        ((0, 0), (0, 0), 5, False),
    ],
)
def test_history_has_a_say_when_it_is_long_enough(acted, left, gain, is_learned):
    assert learn_gain(5, acted, left) == (gain, is_learned)

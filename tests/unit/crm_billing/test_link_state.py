import itertools

import pytest

from odoo.addons.crm_billing.lib.link_state import (
    OPEN,
    PROVE_PAYMENT,
    RULES,
    SETTLED,
    UNPAID,
    Fact,
    State,
    decide,
    refund_fact,
)


def play(facts, state=State.WAITING):
    for fact in facts:
        state = decide(state, fact).state
    return state


def test_every_fact_has_its_rule_and_every_state_its_kind():
    assert set(RULES) == set(Fact)
    assert set(State) == UNPAID | SETTLED
    assert not UNPAID & SETTLED
    assert OPEN < UNPAID


@pytest.mark.parametrize(
    ("facts", "end"),
    [
        ([Fact.PAID], State.PAID),
        ([Fact.PROCESSING, Fact.PAID], State.PAID),
        ([Fact.PROCESSING, Fact.PAYMENT_FAILED], State.FAILED),
        ([Fact.EXPIRED], State.EXPIRED),
        ([Fact.CANCELED, Fact.PAID], State.PAID),
        ([Fact.CANCELED, Fact.EXPIRED], State.CANCELED),
        ([Fact.PROCESSING, Fact.EXPIRED], State.PROCESSING),
        ([Fact.PAYMENT_FAILED, Fact.PROCESSING], State.FAILED),
        ([Fact.PAID, Fact.DISPUTED, Fact.DISPUTE_WON], State.PAID),
        ([Fact.PAID, Fact.PART_REFUNDED, Fact.REFUNDED], State.REFUNDED),
    ],
)
def test_stories(facts, end):
    assert play(facts) is end


def test_created_answers_the_creation_only():
    assert play([Fact.CREATED], State.CREATING) is State.WAITING
    assert play([Fact.CREATION_FAILED], State.CREATING) is State.FAILED
    for state in set(State) - {State.CREATING}:
        assert not decide(state, Fact.CREATED).is_change


@pytest.mark.parametrize("state", sorted(SETTLED))
@pytest.mark.parametrize(
    "fact",
    [
        Fact.CREATED,
        Fact.PROCESSING,
        Fact.PAID,
        Fact.PAYMENT_FAILED,
        Fact.EXPIRED,
        Fact.CANCELED,
        Fact.CREATION_FAILED,
    ],
)
def test_nothing_but_money_going_back_changes_a_settled_link(state, fact):
    decision = decide(state, fact)
    assert decision.state is state
    assert not decision.is_change
    assert not decision.is_payment_news


@pytest.mark.parametrize("state", sorted(UNPAID))
@pytest.mark.parametrize("fact", sorted(PROVE_PAYMENT))
def test_proof_of_payment_always_counts(state, fact):
    decision = decide(state, fact)
    assert decision.is_payment_news
    assert decision.state in SETTLED


def test_any_order_with_any_repeats_ends_refunded():
    facts = [Fact.PROCESSING, Fact.PAID, Fact.REFUNDED, Fact.EXPIRED]
    for order in itertools.permutations(facts * 2, 6):
        if Fact.REFUNDED in order:
            assert play(order) is State.REFUNDED, order


def test_every_fact_twice_is_like_once():
    for state, fact in itertools.product(State, Fact):
        once = decide(state, fact).state
        assert decide(once, fact).state is once, (state, fact)


@pytest.mark.parametrize(
    ("refunded", "fact"),
    [
        (0, None),
        (1, Fact.PART_REFUNDED),
        (999, Fact.PART_REFUNDED),
        (1000, Fact.REFUNDED),
        (1001, Fact.REFUNDED),
    ],
)
def test_refund_fact(refunded, fact):
    assert refund_fact(1000, refunded) is fact

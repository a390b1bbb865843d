import itertools

from odoo.addons.crm_sign.lib.order import Turn, current_group, is_complete, is_ordered
from odoo.addons.crm_sign.lib.states import OPEN_STATES, Fact, State, decide

OPEN = {State(value) for value in OPEN_STATES}
ENDED = {State.SIGNED, State.REFUSED, State.EXPIRED, State.CANCELLED}


def play(facts, state=State.DRAFT):
    for fact in facts:
        state = decide(state, fact) or state
    return state


def test_every_state_is_draft_open_or_ended():
    assert set(State) == {State.DRAFT} | OPEN | ENDED


def test_the_usual_road():
    assert play([Fact.SENT, Fact.ONE_SIGNED, Fact.ALL_SIGNED]) is State.SIGNED
    assert play([Fact.SENT, Fact.ALL_SIGNED]) is State.SIGNED


def test_nothing_changes_a_request_that_has_ended():
    for state, fact in itertools.product(ENDED, Fact):
        assert decide(state, fact) is None


def test_only_a_sent_request_is_signed_refused_or_expires():
    for fact in set(Fact) - {Fact.SENT, Fact.CANCELLED}:
        assert decide(State.DRAFT, fact) is None


def test_whatever_the_order_the_first_end_counts():
    ends = (Fact.ALL_SIGNED, Fact.REFUSED, Fact.EXPIRED, Fact.CANCELLED)
    for facts in itertools.permutations(ends):
        assert play([Fact.SENT, *facts]) is play([Fact.SENT, facts[0]])


def test_groups_sign_in_order_and_in_parallel_inside():
    turns = [Turn(1, 1, "notified"), Turn(2, 1, "opened"), Turn(3, 2, "waiting")]
    assert current_group(turns) == (1, 2)
    turns[0] = Turn(1, 1, "signed")
    assert current_group(turns) == (2,)
    turns[1] = Turn(2, 1, "signed")
    assert current_group(turns) == (3,)


def test_numbers_of_groups_may_have_holes():
    turns = [Turn(1, 5, "signed"), Turn(2, 40, "waiting")]
    assert current_group(turns) == (2,)


def test_somebody_who_handed_over_is_not_waited_for():
    turns = [Turn(1, 1, "delegated"), Turn(2, 1, "notified"), Turn(3, 2, "waiting")]
    assert current_group(turns) == (2,)
    assert not is_complete(turns)
    done = [Turn(1, 1, "delegated"), Turn(2, 1, "signed")]
    assert is_complete(done)
    assert current_group(done) == ()


def test_a_refusal_keeps_the_others_waiting():
    turns = [Turn(1, 1, "refused"), Turn(2, 2, "waiting")]
    assert current_group(turns) == (1,)
    assert not is_complete(turns)


def test_nobody_is_not_everybody():
    assert not is_complete([])
    assert not is_complete([Turn(1, 1, "delegated")])


def test_order():
    assert is_ordered([1, 2])
    assert not is_ordered([3, 3])
    assert not is_ordered([])

"""The rules of reminders, as tables: one row is one story."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from odoo.addons.crm_billing.lib.dunning import (
    decide,
    find_next_step,
    gather_messages,
)
from odoo.addons.crm_billing.lib.dunning_calendar import Calendar, expand_closures
from odoo.addons.crm_billing.lib.dunning_facts import (
    Action,
    Block,
    Client,
    Item,
    Note,
    Policy,
    Reason,
    Step,
)

FRIENDLY = Step(1, -3)
FIRM = Step(2, 7, quiet_days=3)
NOTICE = Step(3, 30, channel="letter", is_formal=True, needs_interest=True)
POLICY = Policy(steps=(FRIENDLY, FIRM, NOTICE), min_amount=Decimal(10))
CLIENT = Client(key=7)
# Easter Monday 6 April, 1 and 8 May, Ascension 14 May
HOLIDAYS = {date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14)}
CALENDAR = Calendar(closed=frozenset(HOLIDAYS))
DUE = date(2026, 4, 13)
ITEM = Item(
    key=(1, 0, 0),
    client=CLIENT,
    date_due=DUE,
    residual=Decimal(1200),
    residual_company=Decimal(1200),
)


def day(text):
    return date.fromisoformat(f"2026-{text}")


def sent(item, *steps):
    return replace(
        item,
        recorded=frozenset(step.offset_days for step in steps),
        recorded_keys=frozenset(step.key for step in steps),
    )


def one(item, today, policy=POLICY, calendar=CALENDAR):
    return decide(policy, [item], calendar, day(today))[0]


# === One document === #


@pytest.mark.parametrize(
    ("today", "done", "action", "reason", "step", "until"),
    [
        ("04-01", (), "wait", "not_yet", FRIENDLY, "04-10"),
        ("04-09", (), "wait", "not_yet", FRIENDLY, "04-10"),
        ("04-10", (), "send", "reached", FRIENDLY, None),
        # Saturday and Sunday before a Monday: the friendly word is out of time.
        ("04-11", (), "wait", "not_yet", FIRM, "04-20"),
        ("04-13", (), "wait", "not_yet", FIRM, "04-20"),
        ("04-10", (FRIENDLY,), "wait", "not_yet", FIRM, "04-20"),
        ("04-19", (FRIENDLY,), "wait", "not_yet", FIRM, "04-20"),
        ("04-20", (FRIENDLY,), "send", "reached", FIRM, None),
        ("04-20", (), "send", "reached", FIRM, None),
        ("04-20", (FIRM,), "wait", "not_yet", NOTICE, "05-13"),
        ("05-12", (FRIENDLY, FIRM), "wait", "not_yet", NOTICE, "05-13"),
        ("05-13", (FRIENDLY, FIRM), "send", "reached", NOTICE, None),
        ("05-14", (FRIENDLY, FIRM), "wait", "closed_day", NOTICE, "05-15"),
        ("05-16", (FIRM,), "wait", "closed_day", NOTICE, "05-18"),
        ("05-13", (NOTICE,), "nothing", "complete", None, None),
        ("07-01", (NOTICE,), "nothing", "complete", None, None),
        # Levels taken over: a higher one is never followed by a lower one.
        ("04-21", (NOTICE,), "nothing", "complete", None, None),
        # After an outage only the step reached leaves.
        ("06-01", (), "send", "reached", NOTICE, None),
        ("06-01", (FRIENDLY,), "send", "reached", NOTICE, None),
    ],
)
def test_one_invoice_meets_its_steps(today, done, action, reason, step, until):
    decision = one(sent(ITEM, *done), today)
    assert (decision.action.value, decision.reason.value) == (action, reason)
    assert decision.step == step
    assert decision.until == (until and day(until))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"residual": Decimal(0)}, Reason.SETTLED),
        ({"residual": Decimal(-5)}, Reason.SETTLED),
        ({"is_posted": False}, Reason.NOT_POSTED),
        ({"residual_company": Decimal("9.99")}, Reason.BELOW_MINIMUM),
        ({"date_due": day("01-01")}, Reason.BEFORE_START),
    ],
)
def test_what_is_left_alone(change, reason):
    policy = replace(POLICY, date_from=day("02-01"))
    decision = one(replace(ITEM, **change), "04-20", policy)
    assert (decision.action, decision.reason) == (Action.NOTHING, reason)


def test_exactly_the_minimum_is_chased():
    decision = one(replace(ITEM, residual_company=Decimal(10)), "04-20")
    assert decision.action is Action.SEND


@pytest.mark.parametrize(
    ("blocks", "today", "until", "kind"),
    [
        ([Block("ticket", "T1")], "04-20", None, "ticket"),
        ([Block("dispute")], "04-20", None, "dispute"),
        ([Block("promise", "", day("04-24"))], "04-20", "04-27", "promise"),
        ([Block("promise", "", day("04-24"))], "04-24", "04-27", "promise"),
        ([Block("pause", "", day("04-22"))], "04-20", "04-23", "pause"),
        # The longest of several wins; one without end wins over all.
        (
            [Block("pause", "", day("04-22")), Block("promise", "", day("04-29"))],
            "04-20",
            "04-30",
            "promise",
        ),
        (
            [Block("pause", "", day("04-22")), Block("ticket")],
            "04-20",
            None,
            "ticket",
        ),
        # Thursday 30 April, then May Day and a weekend.
        ([Block("pause", "", day("04-30"))], "04-20", "05-04", "pause"),
        # Held back beyond the day of a step that is to come: said beforehand.
        ([Block("pause", "", day("04-22"))], "04-15", "04-23", "pause"),
        ([Block("ticket")], "04-15", None, "ticket"),
    ],
)
def test_what_holds_back(blocks, today, until, kind):
    decision = one(sent(replace(ITEM, blocks=tuple(blocks)), FRIENDLY), today)
    assert (decision.action, decision.reason) == (Action.WAIT, Reason.BLOCKED)
    assert decision.block.kind == kind
    assert decision.until == (until and day(until))
    assert decision.step == FIRM


@pytest.mark.parametrize(
    ("blocks", "today", "step"),
    [
        ([Block("promise", "", day("04-20"))], "04-21", FIRM),
        ([Block("pause", "", day("04-20"))], "04-21", FIRM),
        # Over before the step comes: it holds nothing back.
        ([Block("pause", "", day("04-16"))], "04-20", FIRM),
        # A long pause: the step reached meanwhile leaves, not the missed one.
        ([Block("pause", "", day("05-18"))], "05-19", NOTICE),
    ],
)
def test_goes_on_where_it_stands(blocks, today, step):
    decision = one(replace(ITEM, blocks=tuple(blocks)), today)
    assert (decision.action, decision.step) == (Action.SEND, step)


def test_a_short_pause_does_not_hide_the_day_of_the_next_step():
    item = sent(replace(ITEM, blocks=(Block("pause", "", day("04-16")),)), FRIENDLY)
    decision = one(item, "04-15")
    assert (decision.reason, decision.until) == (Reason.NOT_YET, day("04-20"))


def test_a_broken_promise_is_said():
    item = replace(ITEM, promise_broken=True)
    assert Note.BROKEN_PROMISE in one(item, "04-21").notes


def test_missed_steps_are_said_only_when_there_are_some():
    assert Note.MISSED_STEPS in one(ITEM, "05-13").notes
    assert Note.MISSED_STEPS not in one(sent(ITEM, FIRM), "05-13").notes
    assert Note.MISSED_STEPS not in one(ITEM, "04-20").notes


@pytest.mark.parametrize(
    ("last", "today", "action", "until"),
    [
        ("04-15", "04-20", Action.SEND, None),
        ("04-16", "04-20", Action.WAIT, "04-21"),
        ("04-17", "04-20", Action.WAIT, "04-22"),
        ("04-20", "04-20", Action.WAIT, "04-27"),
        # Five days later is Saturday: Monday.
        ("05-04", "05-07", Action.WAIT, "05-11"),
    ],
)
def test_never_two_messages_within_five_days(last, today, action, until):
    client = replace(CLIENT, last_on=day(last))
    decision = one(sent(replace(ITEM, client=client), FRIENDLY), today)
    assert decision.action is action
    assert decision.until == (until and day(until))
    if until:
        assert decision.reason is Reason.TOO_SOON


def test_the_gap_may_cost_the_friendly_word_but_never_moves_it_past_the_due_date():
    client = replace(CLIENT, last_on=day("04-09"))
    decision = one(replace(ITEM, client=client), "04-10")
    assert (decision.action, decision.step) == (Action.WAIT, FIRM)
    assert decision.until == day("04-20")


@pytest.mark.parametrize(
    ("due", "leaves"),
    [
        # D-3 is a Saturday: Monday, the day before the due date.
        ("04-14", "04-13"),
        # D-3 is Easter Monday: Tuesday.
        ("04-09", "04-07"),
        # D-3 is Good Friday, open in this calendar.
        ("04-06", "04-03"),
    ],
)
def test_the_friendly_word_waits_for_an_open_day_before_the_due_date(due, leaves):
    item = replace(ITEM, date_due=day(due))
    for offset in range(-10, 10):
        today = day(due) + timedelta(days=offset)
        decision = decide(POLICY, [item], CALENDAR, today)[0]
        is_friendly = decision.action is Action.SEND and decision.step == FRIENDLY
        assert is_friendly == (today == day(leaves)) or today > day(leaves)
        assert not (is_friendly and today >= day(due))


def test_a_part_payment_gives_some_rest():
    item = sent(replace(ITEM, last_paid_on=day("04-19")), FRIENDLY)
    decision = one(item, "04-20")
    assert (decision.action, decision.reason) == (Action.WAIT, Reason.PART_PAID)
    assert decision.until == day("04-22")
    assert one(item, "04-22").action is Action.SEND


@pytest.mark.parametrize(
    ("client", "step", "reason"),
    [
        ({"has_mail": False}, FIRM, Reason.NO_ADDRESS),
        ({"has_postal_address": False}, NOTICE, Reason.NO_ADDRESS),
        ({"has_phone": False}, Step(9, 7, channel="sms"), Reason.NO_ADDRESS),
        ({}, Step(9, 7, channel="task"), Reason.FOR_HUMAN),
    ],
)
def test_what_cannot_leave_becomes_a_task(client, step, reason):
    item = replace(ITEM, client=replace(CLIENT, **client))
    policy = replace(POLICY, steps=(step,))
    today = DUE + timedelta(days=step.offset_days)
    decision = decide(policy, [item], CALENDAR, today)[0]
    assert (decision.action, decision.reason) == (Action.TASK, reason)


def test_a_letter_needs_no_mail_address():
    item = replace(ITEM, client=replace(CLIENT, has_mail=False))
    assert one(item, "05-13").action is Action.SEND


def test_figures_that_are_missing_stop_the_formal_notice_only():
    item = replace(ITEM, figures_trouble="no rate")
    assert one(item, "04-20").action is Action.SEND
    decision = one(item, "05-13")
    assert (decision.action, decision.reason) == (Action.TASK, Reason.NO_FIGURES)


def test_no_legal_threat_for_a_debt_that_lapsed():
    item = replace(ITEM, barred_from=day("05-13"))
    decision = one(item, "05-13")
    assert (decision.action, decision.reason) == (Action.NOTHING, Reason.TIME_BARRED)
    assert one(replace(item, barred_from=day("05-14")), "05-13").action is Action.SEND
    assert one(item, "04-20").action is Action.SEND


@pytest.mark.parametrize(
    ("is_business", "today", "key"),
    [
        (True, "05-13", 10),
        (False, "05-13", 11),
        (True, "04-20", 2),
        (False, "04-20", 2),
    ],
)
def test_each_kind_of_client_has_its_notice(is_business, today, key):
    steps = (
        FIRM,
        Step(10, 30, audience="business", is_formal=True),
        Step(11, 30, audience="consumer", is_formal=True),
    )
    item = replace(ITEM, client=replace(CLIENT, is_business=is_business))
    decision = one(item, today, replace(POLICY, steps=steps))
    assert decision.step.key == key


def test_a_step_may_ask_for_a_minimum_of_its_own():
    steps = (FIRM, replace(NOTICE, min_residual=Decimal(500)))
    item = sent(replace(ITEM, residual=Decimal("499.99")), FIRM)
    decision = one(item, "05-13", replace(POLICY, steps=steps))
    assert decision.reason is Reason.COMPLETE


def test_a_due_date_moved_on_does_not_send_a_step_again():
    item = replace(sent(ITEM, FRIENDLY, FIRM), date_due=day("05-20"))
    assert one(item, "05-18").step == NOTICE
    assert one(item, "05-27").reason is Reason.NOT_YET


def test_no_policy_step_at_all():
    assert one(ITEM, "04-20", Policy(steps=())).reason is Reason.COMPLETE


def test_a_calendar_without_an_open_day_says_so():
    closed = Calendar(weekend=frozenset(range(7)))
    decision = one(ITEM, "04-20", calendar=closed)
    assert (decision.action, decision.until) == (Action.WAIT, None)


# === Several documents of one client === #


def item_due(number, due, *done, client=CLIENT, **values):
    return sent(
        replace(ITEM, key=(number, 0, 0), date_due=due, client=client, **values), *done
    )


def test_one_message_at_the_highest_step_oldest_first():
    today = day("05-13")
    items = [
        item_due(1, today - timedelta(days=7), FRIENDLY),
        item_due(2, today - timedelta(days=30), FIRM),
        item_due(3, today + timedelta(days=3)),
        item_due(4, today - timedelta(days=12), FIRM),
    ]
    decisions = decide(POLICY, items, CALENDAR, today)
    (message,) = gather_messages(decisions)
    assert message.step == NOTICE
    assert [d.item.key[0] for d in message.decisions] == [2, 1, 3]
    assert [d.is_covered for d in message.decisions] == [False, True, True]
    assert [d.step for d in message.decisions] == [NOTICE, FIRM, FRIENDLY]
    assert decisions[3].action is Action.WAIT


def test_what_is_held_back_is_not_in_the_message():
    today = day("05-13")
    items = [
        item_due(1, today - timedelta(days=7), FRIENDLY),
        item_due(2, today - timedelta(days=30), FIRM, blocks=(Block("ticket"),)),
    ]
    (message,) = gather_messages(decide(POLICY, items, CALENDAR, today))
    assert [d.item.key[0] for d in message.decisions] == [1]
    assert message.step == FIRM


def test_a_task_for_the_highest_step_is_one_task():
    client = replace(CLIENT, has_postal_address=False)
    today = day("05-13")
    items = [
        item_due(1, today - timedelta(days=7), FRIENDLY, client=client),
        item_due(2, today - timedelta(days=30), FIRM, client=client),
    ]
    (message,) = gather_messages(decide(POLICY, items, CALENDAR, today))
    assert (message.action, len(message.decisions)) == (Action.TASK, 2)


def test_missing_figures_of_a_covered_invoice_stop_the_notice_too():
    today = day("05-13")
    items = [
        item_due(1, today - timedelta(days=7), FRIENDLY, figures_trouble="no rate"),
        item_due(2, today - timedelta(days=30), FIRM),
    ]
    (message,) = gather_messages(decide(POLICY, items, CALENDAR, today))
    assert (message.action, message.reason) == (Action.TASK, Reason.NO_FIGURES)


def test_apart_the_second_document_waits_for_the_gap():
    policy = replace(POLICY, is_grouped=False)
    today = day("05-13")
    items = [
        item_due(1, today - timedelta(days=7), FRIENDLY),
        item_due(2, today - timedelta(days=30), FIRM),
    ]
    first, second = decide(policy, items, CALENDAR, today)
    assert second.action is Action.SEND
    assert (first.action, first.reason) == (Action.WAIT, Reason.TOO_SOON)
    assert first.until == day("05-18")


def test_clients_do_not_meet():
    today = day("04-20")
    others = [replace(CLIENT, key=number) for number in range(3)]
    items = [item_due(n, DUE, FRIENDLY, client=c) for n, c in enumerate(others)]
    messages = gather_messages(decide(POLICY, items, CALENDAR, today))
    assert [m.client.key for m in messages] == [0, 1, 2]


def test_a_year_day_by_day_sends_each_step_once_and_keeps_the_gap():
    """Played like the real run: what was sent is remembered the next day."""
    items = {n: item_due(n, day("04-01") + timedelta(days=4 * n)) for n in range(12)}
    last, log = None, []
    for shift in range(200):
        today = day("03-20") + timedelta(days=shift)
        client = replace(CLIENT, last_on=last)
        todays = [replace(item, client=client) for item in items.values()]
        messages = gather_messages(decide(POLICY, todays, CALENDAR, today))
        assert len(messages) <= 1
        for message in messages:
            assert CALENDAR.is_open(today)
            assert last is None or (today - last).days >= POLICY.gap_days
            last = today
            for decision in message.decisions:
                number = decision.item.key[0]
                log.append((number, decision.step.key))
                known = [
                    s for s in POLICY.steps if s.key in items[number].recorded_keys
                ]
                items[number] = sent(items[number], *known, decision.step)
    assert len(log) == len(set(log))
    assert {number for number, key in log if key == NOTICE.key} == set(items)


# === By hand === #


@pytest.mark.parametrize(
    ("today", "done", "step"),
    [
        ("04-01", (), FRIENDLY),
        ("04-01", (FRIENDLY,), None),
        ("04-13", (FRIENDLY,), None),
        ("04-14", (FRIENDLY,), FIRM),
        ("04-20", (FIRM,), NOTICE),
        ("05-20", (), NOTICE),
        ("05-20", (NOTICE,), None),
    ],
)
def test_the_step_somebody_may_send_now(today, done, step):
    assert find_next_step(POLICY, sent(ITEM, *done), day(today)) == step


# === Calendar === #


@pytest.mark.parametrize(
    ("today", "open_on"),
    [
        ("04-03", "04-03"),
        ("04-04", "04-07"),
        ("05-01", "05-04"),
        ("05-14", "05-15"),
        ("08-03", "08-18"),
    ],
)
def test_next_open_day(today, open_on):
    closed = expand_closures([(day("08-03"), day("08-17"))])
    calendar = Calendar(closed=CALENDAR.closed | closed)
    assert calendar.next_open(day(today)) == day(open_on)


def test_another_weekend():
    calendar = Calendar(weekend=frozenset({4, 5}))
    assert calendar.next_open(day("04-17")) == day("04-19")

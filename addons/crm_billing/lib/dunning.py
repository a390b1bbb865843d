"""Which reminder leaves today, which one waits and why: one function, no database.

A document meets the steps of its client's policy. Only the step it has reached
counts: after an outage the missed ones are gone. What leaves the same day for one
client leaves as one message, at the highest step reached by one of the documents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from .dunning_calendar import Calendar
from .dunning_facts import (
    Action,
    Decision,
    Item,
    Message,
    Note,
    Policy,
    Reason,
    Step,
)


def decide(
    policy: Policy, items: Iterable[Item], calendar: Calendar, today: date
) -> list[Decision]:
    """Return one decision per item, in the order given.

    All items of a client that share the policy must be given together.
    """
    decisions = [decide_item(policy, item, calendar, today) for item in items]
    leaving = defaultdict(list)
    for position, decision in enumerate(decisions):
        if decision.action in (Action.SEND, Action.TASK):
            leaving[decision.item.client.key].append(position)
    for positions in leaving.values():
        group = [decisions[position] for position in positions]
        together = _join(policy, group, calendar, today)
        for position, decision in zip(positions, together, strict=True):
            decisions[position] = decision
    return decisions


def gather_messages(decisions: Iterable[Decision]) -> list[Message]:
    """Return the messages that the decisions make, one per client."""
    messages: dict[int, Message] = {}
    for decision in decisions:
        if decision.action not in (Action.SEND, Action.TASK):
            continue
        client = decision.item.client
        if client.key not in messages:
            messages[client.key] = Message(
                client, decision.action, decision.reason, decision.message_step
            )
        messages[client.key].decisions.append(decision)
    for message in messages.values():
        message.decisions.sort(key=_age)
    return list(messages.values())


def decide_item(policy: Policy, item: Item, calendar: Calendar, today: date):
    """Decide for one item, as if it were the only one of its client."""
    if not item.is_posted:
        return Decision(item, Action.NOTHING, Reason.NOT_POSTED)
    if item.residual <= 0:
        return Decision(item, Action.NOTHING, Reason.SETTLED)
    if policy.date_from and item.date_due < policy.date_from:
        return Decision(item, Action.NOTHING, Reason.BEFORE_START)
    notes = _note(item)
    if _is_below_minimum(policy, item):
        return Decision(item, Action.NOTHING, Reason.BELOW_MINIMUM, notes=notes)
    step = _find_reached(policy, item, today)
    leaves_on = step and _find_leaving_day(policy, item, step, calendar, today)
    if step is None or (leaves_on and not _is_in_time(item, step, leaves_on)):
        decision = _wait_for_next(policy, item, calendar, today, step)
    else:
        decision = _decide_reached(item, step, calendar, today, leaves_on)
    missed = _missed(policy, item, decision)
    return replace(decision, notes=notes + missed)


def _decide_reached(item, step, calendar, today, leaves_on):
    if step.is_formal and item.barred_from and today >= item.barred_from:
        return Decision(item, Action.NOTHING, Reason.TIME_BARRED, step)
    held = [block for block in item.blocks if block.holds(today)]
    if held:
        block, until = _last_block(held, calendar)
        if until and leaves_on:
            until = max(until, leaves_on)
        return Decision(item, Action.WAIT, Reason.BLOCKED, step, None, until, block)
    quiet_until = _find_quiet_end(item, step)
    if quiet_until and today < quiet_until:
        until = calendar.next_open(max(quiet_until, leaves_on or quiet_until))
        return Decision(item, Action.WAIT, Reason.PART_PAID, step, None, until)
    if leaves_on != today:
        # Said as the nearer cause: the closed day when today is one.
        reason = Reason.TOO_SOON if calendar.is_open(today) else Reason.CLOSED_DAY
        return Decision(item, Action.WAIT, reason, step, None, leaves_on)
    action, reason = find_way(item, step)
    return Decision(item, action, reason, step, step)


def _find_quiet_end(item: Item, step: Step) -> date | None:
    """Return the day from which a client who paid a part may be asked again."""
    if not (step.quiet_days and item.last_paid_on):
        return None
    return item.last_paid_on + timedelta(days=step.quiet_days)


def find_way(item: Item, step: Step) -> tuple[Action, Reason]:
    """Say whether the step can leave by its channel or falls to a person."""
    ways = {
        "mail": item.client.has_mail,
        "sms": item.client.has_phone,
        "letter": item.client.has_postal_address,
    }
    if step.channel == "task":
        return Action.TASK, Reason.FOR_HUMAN
    if not ways[step.channel]:
        return Action.TASK, Reason.NO_ADDRESS
    if step.needs_interest and item.figures_trouble:
        return Action.TASK, Reason.NO_FIGURES
    return Action.SEND, Reason.REACHED


def _find_reached(policy: Policy, item: Item, today: date) -> Step | None:
    """Return the step reached and not yet recorded; never one before a recorded.

    A step before the due date exists only until that date.
    """
    reached = [
        step
        for step in _steps_of(policy, item)
        if item.date_due + timedelta(days=step.offset_days) <= today
        and _is_in_time(item, step, today)
    ]
    if not reached:
        return None
    current = max(reached, key=lambda step: step.offset_days)
    if current.key in item.recorded_keys:
        return None
    if any(offset >= current.offset_days for offset in item.recorded):
        return None
    return current


def _steps_of(policy: Policy, item: Item) -> list[Step]:
    return [
        step
        for step in policy.steps
        if step.is_for(is_business=item.client.is_business)
        and item.residual >= step.min_residual
    ]


def _is_in_time(item: Item, step: Step, day: date) -> bool:
    return step.offset_days >= 0 or day < item.date_due


def _find_leaving_day(policy, item, step, calendar, day):
    """Return the first open day from `day` on that respects the gap."""
    last_on = item.client.last_on
    if last_on:
        day = max(day, last_on + timedelta(days=policy.gap_days))
    return calendar.next_open(day)


def _wait_for_next(policy, item, calendar, today, skipped):
    """The step reached is recorded or out of time: wait for the following one."""
    reached = max(item.recorded, default=None)
    following = [
        step
        for step in _steps_of(policy, item)
        if step is not skipped
        and step.key not in item.recorded_keys
        and (reached is None or step.offset_days > reached)
        and item.date_due + timedelta(days=step.offset_days) > today
    ]
    following.sort(key=lambda step: step.offset_days)
    for step in following:
        day = item.date_due + timedelta(days=step.offset_days)
        until = _find_leaving_day(policy, item, step, calendar, day)
        if until and not _is_in_time(item, step, until):
            continue
        held = [b for b in item.blocks if b.holds(until or day) and b.holds(today)]
        if not held:
            return Decision(item, Action.WAIT, Reason.NOT_YET, step, None, until)
        block, lifted_on = _last_block(held, calendar)
        if lifted_on and until:
            lifted_on = max(lifted_on, until)
        return Decision(item, Action.WAIT, Reason.BLOCKED, step, None, lifted_on, block)
    return Decision(item, Action.NOTHING, Reason.COMPLETE)


def _last_block(held, calendar):
    """Return the block that lasts longest and the first open day after it."""
    block = max(held, key=lambda b: b.until or date.max)
    if block.until is None:
        return block, None
    return block, calendar.next_open(block.until + timedelta(days=1))


def _is_below_minimum(policy: Policy, item: Item) -> bool:
    return item.residual_company < policy.min_amount


def _note(item: Item) -> tuple[Note, ...]:
    return (Note.BROKEN_PROMISE,) if item.promise_broken else ()


def _missed(policy: Policy, item: Item, decision: Decision) -> tuple[Note, ...]:
    """Say that lower steps will never leave: an outage, or a late start."""
    if decision.action not in (Action.SEND, Action.TASK):
        return ()
    reached = max(item.recorded, default=None)
    for step in _steps_of(policy, item):
        is_lower = 0 <= step.offset_days < decision.step.offset_days
        if is_lower and (reached is None or step.offset_days > reached):
            return (Note.MISSED_STEPS,)
    return ()


def _age(decision: Decision):
    return decision.item.date_due, decision.item.key


def _join(policy, group, calendar, today):
    """Make one message of what leaves today for one client."""
    winner = min(group, key=lambda d: (-d.step.offset_days, _age(d)))
    if policy.is_grouped:
        action, reason = winner.action, winner.reason
        lacks_figures = any(decision.item.figures_trouble for decision in group)
        if action is Action.SEND and winner.step.needs_interest and lacks_figures:
            action, reason = Action.TASK, Reason.NO_FIGURES
        # What a person has to do for the highest step, he does for the others too.
        return [
            replace(
                decision,
                action=action,
                reason=reason,
                message_step=winner.step,
            )
            for decision in group
        ]
    later = calendar.next_open(today + timedelta(days=policy.gap_days))
    return [
        decision
        if decision is winner
        else Decision(
            decision.item,
            Action.WAIT,
            Reason.TOO_SOON,
            decision.step,
            until=later,
            notes=decision.notes,
        )
        for decision in group
    ]


def find_next_step(policy: Policy, item: Item, today: date) -> Step | None:
    """Return the step somebody may send by hand now, None when there is none.

    The one reached, else the first to come. What demands a late payment never leaves
    before the payment is late.
    """
    reached = _find_reached(policy, item, today)
    if reached:
        return reached
    last = max(item.recorded, default=None)
    coming = [
        step
        for step in _steps_of(policy, item)
        if step.key not in item.recorded_keys
        and (last is None or step.offset_days > last)
        and (step.offset_days < 0) == (today < item.date_due)
        and (step.offset_days < 0 or today > item.date_due)
    ]
    return min(coming, key=lambda step: step.offset_days, default=None)

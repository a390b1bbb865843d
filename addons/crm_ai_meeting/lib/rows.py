"""The result of a meeting as the rows that people edit, with days instead of words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from .due_dates import add_working_days, resolve
from .meeting import Meeting
from .results import MeetingResult

Kind = Literal["budget", "deadline", "decision_maker", "rival", "mood", "key_point",
               "decision", "action", "objection"]  # fmt: skip
# Nobody said when: a week of work is what a client waits for without asking.
DEFAULT_WORKING_DAYS = 5
# Ten years: beyond, it was no due date.
_MAX_DAYS = 3660


@dataclass(frozen=True)
class Row:
    """:param owner: as said, the seller when nobody is named

    :param day: due date of an action, end of a deadline
    :param is_day_said: False when the day is our proposal
    :param segments: where it is said, the main place first
    """

    kind: Kind
    text: str
    segments: tuple[int, ...]
    owner: str = ""
    day: date | None = None
    is_day_said: bool = True
    amount: Decimal | None = None
    currency: str = ""
    mood: str = ""


def make_rows(result: MeetingResult, meeting: Meeting) -> list[Row]:
    """Return the rows of a result, facts first."""
    return [*_facts(result, meeting), *_sentences(result), *_actions(result, meeting)]


def _places(item) -> tuple[int, ...]:
    return (item.segment, *(p for p in item.also if p != item.segment))


def _facts(result: MeetingResult, meeting: Meeting) -> Iterator[Row]:
    budget, deadline = result.budget, result.deadline
    if budget:
        amount = Decimal(str(budget.amount))
        yield Row(
            "budget",
            "",
            _places(budget),
            amount=amount,
            currency=budget.currency.upper(),
        )
    if deadline:
        # what our code reads in the words counts more than a model's arithmetic
        day = resolve(deadline.text, meeting.day) or resolve(deadline.date, meeting.day)
        yield Row("deadline", deadline.text, _places(deadline), day=_near(day, meeting))
    if result.decision_maker:
        yield Row(
            "decision_maker",
            result.decision_maker.name,
            _places(result.decision_maker),
        )
    for rival in result.rivals:
        yield Row("rival", rival.name, _places(rival))
    if result.mood:
        yield Row(
            "mood",
            result.mood.reason,
            _places(result.mood),
            mood=result.mood.label,
        )


def _sentences(result: MeetingResult) -> Iterator[Row]:
    for kind, items in (
        ("key_point", result.key_points),
        ("decision", result.decisions),
        ("objection", result.objections),
    ):
        for item in items:
            yield Row(kind, item.text, _places(item))


def _actions(result: MeetingResult, meeting: Meeting) -> Iterator[Row]:
    for action in result.actions:
        day = _near(resolve(action.due, meeting.day), meeting)
        yield Row(
            "action",
            action.what,
            _places(action),
            owner=action.owner or meeting.seller,
            day=day or add_working_days(meeting.day, DEFAULT_WORKING_DAYS),
            is_day_said=bool(day),
        )


def _near(day: date | None, meeting: Meeting) -> date | None:
    """Return a day that can be meant: not before the meeting, not in ages."""
    if day is None or not 0 <= (day - meeting.day).days <= _MAX_DAYS:
        return None
    return day

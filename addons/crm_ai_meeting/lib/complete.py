"""What a model left out and the rules found."""

from __future__ import annotations

from .results import MeetingResult

_FACTS = ("budget", "deadline", "decision_maker", "mood")
_LISTS = ("actions", "rivals", "objections", "decisions", "key_points")


def complete(said: MeetingResult, found: MeetingResult) -> MeetingResult:
    """Return a model's result, with what the rules found where it says nothing.

    A small model overlooks things in a long talk, and what it made up was dropped
    before. A line too many is deleted by a click; a budget that is missing is missed.
    """
    more = {name: getattr(said, name) or getattr(found, name) for name in _FACTS}
    more |= {name: getattr(said, name) or getattr(found, name) for name in _LISTS}
    return said.model_copy(update=more)

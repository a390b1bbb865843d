"""One result from those of the parts of a transcript, in their order."""

from __future__ import annotations

from collections.abc import Sequence

from .results import (
    Action,
    Deadline,
    DecisionMaker,
    MeetingResult,
    Mood,
)
from .words import squeeze, stem

# Share of the words two sentences must have in common to say the same.
_SAME = 0.7
MAX_KEY_POINTS = 12


def merge(results: Sequence[MeetingResult]) -> MeetingResult:
    """Return one result.

    What several parts say is kept once with all its places. Where they disagree on a
    fact (the budget), the later one counts and points at both places.
    """
    if len(results) == 1:
        return results[0]
    return MeetingResult(
        key_points=_shorten(_unite([r.key_points for r in results], "text")),
        decisions=_unite([r.decisions for r in results], "text"),
        actions=_unite_actions([a for r in results for a in r.actions]),
        budget=_latest([r.budget for r in results]),
        deadline=_latest([r.deadline for r in results], _fuller_deadline),
        decision_maker=_latest([r.decision_maker for r in results], _fuller_decider),
        rivals=_unite([r.rivals for r in results], "name"),
        objections=_unite([r.objections for r in results], "text"),
        mood=_merge_moods([r.mood for r in results if r.mood]),
    )


def is_same(one: str, other: str) -> bool:
    """Tell whether two short texts say the same thing, by their words."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return squeeze(one) == squeeze(other)
    return len(first & second) >= _SAME * min(len(first), len(second))


def _words(text: str) -> set[str]:
    return {stem(word) for word in squeeze(text).split() if len(word) > 3}


def _places(*items) -> list[int]:
    return sorted({p for item in items for p in (item.segment, *item.also)})


def _joined(kept, other):
    """Return `kept` with the places of `other`."""
    also = [p for p in _places(kept, other) if p != kept.segment]
    return kept.model_copy(update={"also": also})


def _unite(lists: Sequence[list], name: str) -> list:
    found: list = []
    for item in (item for items in lists for item in items):
        for index, known in enumerate(found):
            if is_same(getattr(known, name), getattr(item, name)):
                found[index] = _joined(known, item)
                break
        else:
            found.append(item)
    return sorted(found, key=lambda item: item.segment)


def _unite_actions(actions: Sequence[Action]) -> list[Action]:
    found: list[Action] = []
    for action in actions:
        for index, known in enumerate(found):
            if is_same(known.what, action.what):
                later = {
                    "owner": action.owner or known.owner,
                    "due": action.due or known.due,
                }
                found[index] = _joined(known, action).model_copy(update=later)
                break
        else:
            found.append(action)
    return sorted(found, key=lambda action: action.segment)


def _latest(facts: Sequence, choose=None):
    """Return the last fact that is said, with the places of all of them."""
    said = [fact for fact in facts if fact]
    if not said:
        return None
    last = said[-1]
    for fact in reversed(said[:-1]):
        last = choose(last, fact) if choose else last
    also = [p for p in _places(*said) if p != last.segment]
    return last.model_copy(update={"also": also})


def _fuller_deadline(last: Deadline, former: Deadline) -> Deadline:
    """The later wins, unless it only repeats the former with less."""
    is_repeated = last.date is None and squeeze(last.text) in squeeze(former.text)
    return former if is_repeated else last


def _fuller_decider(last: DecisionMaker, former: DecisionMaker) -> DecisionMaker:
    said, before = squeeze(last.name), squeeze(former.name)
    is_repeated = said != before and set(said.split()) <= set(before.split())
    return former if is_repeated else last


def _merge_moods(moods: Sequence[Mood]) -> Mood | None:
    """The end of a meeting weighs as its mood; a change makes it mixed."""
    if not moods:
        return None
    labels = {mood.label for mood in moods} - {"neutral"}
    last = next((m for m in reversed(moods) if m.label != "neutral"), moods[-1])
    label = "mixed" if {"positive", "negative"} <= labels else last.label
    also = [p for p in _places(*moods) if p != last.segment]
    return last.model_copy(update={"label": label, "also": also})


def _shorten(points: list) -> list:
    """Keep the points that most parts make, then one of each stretch in turn."""
    if len(points) <= MAX_KEY_POINTS:
        return points
    ranked = sorted(points, key=lambda point: -len(point.also))
    often = [point for point in ranked if point.also][: MAX_KEY_POINTS // 2]
    rest = [point for point in points if point not in often]
    room = MAX_KEY_POINTS - len(often)
    step = len(rest) / room
    kept = often + [rest[int(index * step)] for index in range(room)]
    return sorted(kept, key=lambda point: point.segment)

"""Is what a model says of a meeting really in the transcript?

Used twice: to ask the model for a repair, and to drop what still stands on nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from odoo.addons.crm_ai.lib.folding import fold
from odoo.addons.crm_ai.lib.messages import Segment

from .amounts import find_amounts, holds_amount
from .due_dates import find_dates, resolve
from .machine_talk import find_machine_talk
from .names import roles_in
from .results import MeetingResult
from .words import squeeze, stem

MAX_TEXT = 400
MAX_ITEMS = 40
# A fact may be said in the answer to a question: neighbours count as its place.
_NEAR = 2


def find_faults(
    result: MeetingResult, segments: Sequence[Segment], names: Sequence[str] = ()
) -> list[str]:
    """Return what is wrong, in English sentences for the model.

    :param names: people who may own an action without being named in the meeting
    """
    judge = _Judge(segments, names)
    return [fault for _where, _item, fault in judge.walk(result) if fault][:MAX_ITEMS]


def drop_faults(
    result: MeetingResult, segments: Sequence[Segment], names: Sequence[str] = ()
) -> MeetingResult:
    """Return the result without the items that stand on nothing."""
    judge = _Judge(segments, names)
    bad = {id(item) for _where, item, fault in judge.walk(result) if fault}
    kept = {}
    for name in MeetingResult.model_fields:
        value = getattr(result, name)
        if isinstance(value, list):
            kept[name] = [
                judge.tidy(item) for item in value[:MAX_ITEMS] if id(item) not in bad
            ]
        else:
            kept[name] = judge.tidy(value) if value and id(value) not in bad else None
    return MeetingResult(**kept)


class _Judge:
    def __init__(self, segments: Sequence[Segment], names: Sequence[str]):
        self.segments = segments
        self.names = {word for name in names for word in squeeze(name).split()}
        self.machine_talk = find_machine_talk(segments)

    def walk(self, result: MeetingResult) -> Iterator[tuple[str, object, str]]:
        """Yield (path, item, fault) of every item, fault empty when it holds."""
        for name in MeetingResult.model_fields:
            value = getattr(result, name)
            items = value if isinstance(value, list) else [value] if value else []
            for place, item in enumerate(items):
                path = f"{name}[{place}]" if isinstance(value, list) else name
                yield path, item, self._find_fault(name, path, item)

    def tidy(self, item):
        """Return the item without places that do not exist, without a made-up owner."""
        also = [p for p in item.also if self._exists(p) and p != item.segment]
        kept = {"also": sorted(set(also))}
        if getattr(item, "owner", None) and not self._is_somebody(item, item.owner):
            kept["owner"] = None
        return item.model_copy(update=kept)

    def _exists(self, place: int) -> bool:
        return 0 <= place < len(self.segments)

    def _find_fault(self, name: str, path: str, item) -> str:
        if not self._exists(item.segment):
            return f"{path}.segment: there is no segment {item.segment} in the text."
        if item.segment in self.machine_talk:
            return (
                f"{path}: segment {item.segment} speaks to the machine, leave it out."
            )
        check = getattr(self, f"_judge_{name}", self._judge_text)
        fault = check(item)
        return f"{path}: {fault}" if fault else ""

    def _said(self, item, near: int = _NEAR) -> str:
        """Return the words around the places of an item."""
        places = set()
        for place in (item.segment, *item.also):
            if self._exists(place):
                places |= set(range(place - near, place + near + 1))
        return " . ".join(
            f"{self.segments[p].speaker} : {self.segments[p].text}"
            for p in sorted(places)
            if 0 <= p < len(self.segments)
        )

    # -- one kind each ---------------------------------------------------------------

    def _judge_text(self, item) -> str:
        text = getattr(item, "text", None) or getattr(item, "reason", "")
        if not text.strip():
            return "the text is empty."
        if len(text) > MAX_TEXT:
            return f"the text is longer than {MAX_TEXT} characters."
        return self._judge_figures(text, item)

    def _judge_figures(self, text: str, item) -> str:
        said = self._said(item)
        for amount in find_amounts(text):
            if not holds_amount(said, amount.value):
                return f"the amount {amount.words} is not said in the segment."
        return ""

    def _judge_actions(self, item) -> str:
        if not item.what.strip() or len(item.what) > MAX_TEXT:
            return "say what is to be done, in one sentence."
        said = self._said(item)
        if not _shares_words(item.what, said):
            return "the segment does not speak of this action."
        return self._judge_figures(item.what, item)

    def _is_somebody(self, item, name: str) -> bool:
        """Tell whether an owner is of the meeting at all."""
        return _names(self._said(item), name) or self._speaks(name)

    def _speaks(self, name: str) -> bool:
        """Tell whether somebody of that name speaks, or is known to us."""
        words = {word for word in squeeze(name).split() if len(word) > 1}
        return bool(words & self.names) or any(
            words & set(squeeze(segment.speaker).split()) for segment in self.segments
        )

    def _judge_budget(self, item) -> str:
        if not holds_amount(self._said(item), Decimal(str(item.amount))):
            return f"the amount {item.amount:g} is not said in the segment."
        if item.amount <= 0 or not item.currency.isalpha() or len(item.currency) != 3:
            return "give a positive amount and a currency code of three letters."
        return ""

    def _judge_deadline(self, item) -> str:
        said = self._said(item)
        meeting = date(2000, 1, 1)
        same = resolve(item.text, meeting)
        dates = {d.day for d in find_dates(said, meeting)}
        is_said = squeeze(item.text) in squeeze(said) or (same and same in dates)
        return "" if is_said else f"{item.text} is not said in the segment."

    def _judge_decision_maker(self, item) -> str:
        said = self._said(item)
        wanted = {role.label for role in roles_in(item.name)}
        is_role = bool(wanted & {role.label for role in roles_in(said)})
        if is_role or _names(said, item.name) or self._speaks(item.name):
            return ""
        return f"{item.name} is not named in the segment."

    def _judge_rivals(self, item) -> str:
        if item.name.strip() and _names(self._said(item), item.name):
            return ""
        return f"{item.name} is not named in the segment."


def _names(said: str, name: str) -> bool:
    """Tell whether a text names somebody: all long words of the name, or most."""
    words = [word for word in squeeze(name).split() if len(word) > 2]
    spoken = set(squeeze(said).split())
    return bool(words) and sum(word in spoken for word in words) * 2 >= len(words)


def _shares_words(text: str, said: str) -> bool:
    words = {stem(w) for w in squeeze(text).split() if len(w) > 3}
    spoken = {stem(w) for w in squeeze(fold(said)).split()}
    short = {w[:5] for w in spoken}
    return not words or any(w in spoken or w[:5] in short for w in words)

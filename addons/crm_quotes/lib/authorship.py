"""Who changed what: from the versions in between and the edits noted on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .snapshot import plain

# Key of what is not on a line: texts and terms of the quotation itself.
ORDER = "order"
ANY = "*"
# The line as a whole: it came or went.
WHOLE = ""


@dataclass(frozen=True)
class Signature:
    """A person and an instant.

    :param by: name of the person, as it was then
    :param at: ISO 8601, UTC
    """

    by: str
    at: str


@dataclass(frozen=True)
class Step:
    """One version, seen as a step from the one before it.

    :param quote: what the version holds
    :param signature: who kept the version and when
    :param edits: per key of line (or ``order``), per field: who wrote it last and
        when, between the version before and this one
    """

    quote: Mapping
    signature: Signature
    edits: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)


def note_edit(edits: Mapping, key: str, names: Sequence[str], by: str, at: str) -> dict:
    """Return ``edits`` with one more; a later edit of the same field replaces it.

    :param names: fields written; ``WHOLE`` for a line that came or went
    """
    noted = {name: dict(fields) for name, fields in edits.items()}
    fields = noted.setdefault(key, {})
    for name in (*names, ANY):
        fields[name] = [by, at]
    return noted


def who_changed(
    steps: Sequence[Step], start: Mapping, key: str, name: str
) -> Signature | None:
    """Return who gave this field its last value, None without any step.

    :param start: the quotation before the first step
    :param key: of the line, or ``order``
    :param name: field, or empty for the line as a whole
    """
    for place in range(len(steps) - 1, -1, -1):
        step = steps[place]
        former = steps[place - 1].quote if place else start
        if _value(former, key, name) == _value(step.quote, key, name):
            continue
        return _find_edit(step.edits, key, name) or step.signature
    return steps[-1].signature if steps else None


def _find_edit(edits, key, name) -> Signature | None:
    fields = edits.get(key) or {}
    found = fields.get(name) or fields.get(ANY)
    return Signature(*found) if found else None


def _value(quote: Mapping, key: str, name: str) -> object:
    """Value of a field; of the whole line, whether it is there."""
    if key == ORDER:
        return plain(quote["order"].get(name))
    for line in quote["lines"]:
        if line["key"] == key:
            return plain(line.get(name)) if name else True
    return None

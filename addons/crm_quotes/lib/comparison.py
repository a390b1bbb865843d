"""What changed between two versions of a quotation: exactly that, and nothing else.

Lines are matched by identity, so that a line that moved is not one that went and one
that came. Derived amounts (subtotals) are shown but are no change of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .authorship import ORDER, Signature, Step, who_changed
from .snapshot import DERIVED, plain

# Keys of a line that are not what the line says to the client.
SILENT = ("key", "kind", "product", *DERIVED)
TOTALS = ("untaxed", "tax", "total")


@dataclass(frozen=True)
class Change:
    """One value that differs, or one line that came or went.

    :param kind: ``changed``, ``added``, ``removed``
    :param name: field of the line or of the quotation; empty for a whole line
    :param signature: who did it and when
    """

    kind: str
    name: str = ""
    before: object = None
    after: object = None
    signature: Signature | None = None


@dataclass(frozen=True)
class Row:
    """One line of the comparison: both sides, or only one.

    :param kind: ``same``, ``changed``, ``added``, ``removed``
    :param is_moved: it stands elsewhere among the lines that stayed
    """

    kind: str
    before: Mapping | None
    after: Mapping | None
    changes: tuple[Change, ...] = ()
    is_moved: bool = False


@dataclass(frozen=True)
class Total:
    """One total: both values and what the second adds to the first."""

    name: str
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """The answer: rows of lines, changes of texts and terms, totals."""

    rows: tuple[Row, ...]
    terms: tuple[Change, ...]
    totals: tuple[Total, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change, lines first; a line that only moved is none."""
        of_lines = tuple(change for row in self.rows for change in row.changes)
        return of_lines + self.terms

    @property
    def moved_count(self) -> int:
        return sum(row.is_moved for row in self.rows)

    def count(self, kind: str) -> int:
        """Number of changes of one kind."""
        return sum(change.kind == kind for change in self.changes)


def compare(before: Mapping, after: Mapping, steps: Sequence[Step] = ()) -> Comparison:
    """Compare two quotations.

    :param steps: the versions after ``before`` up to ``after`` in order: they tell
        who made each change
    """
    pairs = match_lines(before["lines"], after["lines"])
    rows = _make_rows(before["lines"], after["lines"], pairs, before, steps)
    terms = _compare_fields(
        before["order"], after["order"], ORDER, before, steps, skip=()
    )
    totals = tuple(
        Total(name, Decimal(before["totals"][name]), Decimal(after["totals"][name]))
        for name in TOTALS
    )
    return Comparison(rows, terms, totals)


def choose_pair(
    numbers: Sequence[int], left: int | None, right: int | None
) -> tuple[int, int] | tuple[None, None]:
    """Return which two versions are compared, the older first.

    What was not asked, or is not there, is the last one against the one before it.

    :param numbers: of the versions, the oldest first; 0 for the quotation as it is
    :return: (None, None) with nothing to compare

    >>> choose_pair([1, 2, 3], None, None)
    (2, 3)
    >>> choose_pair([1, 2, 0], 0, 1)
    (1, 0)
    """
    if len(numbers) < 2:
        return None, None
    right = right if right in numbers else numbers[-1]
    if left not in numbers or left == right:
        place = numbers.index(right)
        left = numbers[place - 1] if place else numbers[1]
    first, second = sorted((left, right), key=numbers.index)
    return first, second


def match_lines(
    before: Sequence[Mapping], after: Sequence[Mapping]
) -> list[tuple[int, int]]:
    """Return the places of the lines that are the same line, in the order of after.

    A line is itself by its key. What is left is matched when it is alike: first in
    everything, then in its text when only one on each side has it (a line that was
    deleted and typed again, or written by an outside program).
    """
    pairs = _match_by(before, after, [], lambda line: line["key"], is_unique=True)
    pairs = _match_by(before, after, pairs, _everything, is_unique=False)
    pairs = _match_by(before, after, pairs, _wording, is_unique=True)
    return sorted(pairs, key=lambda pair: pair[1])


def _everything(line: Mapping) -> str:
    return str(sorted((k, str(plain(v))) for k, v in line.items() if k != "key"))


def _wording(line: Mapping) -> tuple:
    product = plain(line.get("product"))
    return (line["kind"], product, line.get("name"))


def _match_by(before, after, pairs, identity, is_unique):
    taken_before = {pair[0] for pair in pairs}
    taken_after = {pair[1] for pair in pairs}
    old, new = {}, {}
    for lines, taken, found in ((before, taken_before, old), (after, taken_after, new)):
        for place, line in enumerate(lines):
            if place not in taken:
                found.setdefault(identity(line), []).append(place)
    matched = list(pairs)
    for key, places in new.items():
        olds = old.get(key, [])
        if is_unique and (len(places) != 1 or len(olds) != 1):
            continue
        matched += zip(olds, places, strict=False)
    return [
        pair for pair in matched if before[pair[0]]["kind"] == after[pair[1]]["kind"]
    ]


def _make_rows(before, after, pairs, start, steps):
    old_of = {new: old for old, new in pairs}
    still = longest_run([old for old, _new in pairs])
    rows, places = [], []
    for place, line in enumerate(after):
        if place in old_of:
            old = old_of[place]
            row = _make_pair(before[old], line, start, steps)
            rows.append(replace(row, is_moved=old not in still))
            places.append(old if old in still else None)
        else:
            rows.append(_make_added(line, start, steps))
            places.append(None)
    kept = {old for old, _new in pairs}
    # From the last one: each goes just after what stood before it.
    for old in reversed([p for p in range(len(before)) if p not in kept]):
        spot = next(
            (i + 1 for i in range(len(rows) - 1, -1, -1) if _is_before(places[i], old)),
            0,
        )
        rows.insert(spot, _make_removed(before[old], start, steps))
        places.insert(spot, old)
    return tuple(rows)


def _is_before(place: int | None, old: int) -> bool:
    return place is not None and place < old


def _make_pair(before, after, start, steps):
    changes = _compare_fields(before, after, after["key"], start, steps, skip=SILENT)
    return Row("changed" if changes else "same", before, after, changes)


def _make_added(line, start, steps):
    signature = who_changed(steps, start, line["key"], "")
    return Row("added", None, line, (Change("added", signature=signature),))


def _make_removed(line, start, steps):
    signature = who_changed(steps, start, line["key"], "")
    return Row("removed", line, None, (Change("removed", signature=signature),))


def _compare_fields(before, after, key, start, steps, skip):
    names = [name for name in after if name not in skip]
    names += [name for name in before if name not in skip and name not in after]
    return tuple(
        Change(
            "changed",
            name,
            before.get(name),
            after.get(name),
            who_changed(steps, start, key, name),
        )
        for name in names
        if plain(before.get(name)) != plain(after.get(name))
    )


def longest_run(places: Sequence[int]) -> set[int]:
    """Return the largest set of places that stay in order: the others moved.

    >>> sorted(longest_run([1, 2, 0]))
    [1, 2]
    """
    best: list[tuple[int, ...]] = []
    for place in places:
        before = max(
            (run for run in best if run[-1] < place),
            key=len,
            default=(),
        )
        best.append((*before, place))
    return set(max(best, key=len, default=()))

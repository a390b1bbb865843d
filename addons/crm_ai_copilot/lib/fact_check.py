"""Nothing in a draft is invented: each amount, day and reference has its source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from .mentions import DayHint, Kind, Mention, find_mentions

# known: on the record. quoted: only in a message or note. unknown: nowhere.
Level = Literal["known", "quoted", "unknown"]


@dataclass(frozen=True)
class Known:
    """The values of a record, comparable with those of a text."""

    amounts: frozenset[Decimal] = frozenset()
    percents: frozenset[Decimal] = frozenset()
    days: frozenset[date] = frozenset()
    hours: frozenset[tuple[int, int]] = frozenset()
    references: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    hints: frozenset[DayHint] = field(default_factory=frozenset)
    words: frozenset[str] = frozenset()

    def __or__(self, other: Known) -> Known:
        return Known(
            self.amounts | other.amounts,
            self.percents | other.percents,
            self.days | other.days,
            self.hours | other.hours,
            self.references | other.references,
            self.contacts | other.contacts,
            self.hints | other.hints,
            self.words | other.words,
        )

    def holds(self, mention: Mention, today: date) -> bool:
        """Tell whether the text may state this."""
        value = mention.value
        if isinstance(value, DayHint):
            return value in self.hints or any(
                value.fits(day, today) for day in self.days
            )
        if isinstance(value, Decimal):
            return value in self._numbers(mention.kind)
        if isinstance(value, tuple):
            return value in self.hours
        return value in {
            "reference": self.references,
            "contact": self.contacts,
        }.get(mention.kind, self.words)

    def _numbers(self, kind: Kind) -> frozenset[Decimal]:
        return self.percents if kind == "percent" else self.amounts


@dataclass(frozen=True)
class Finding:
    """A mention with what is known of it."""

    mention: Mention
    level: Level


def read_known(texts: Iterable[tuple[str, date]]) -> Known:
    """Return all that texts state, each read on its own day."""
    amounts, percents, days, hours = set(), set(), set(), set()
    references, contacts, hints, words = set(), set(), set(), set()
    for text, day in texts:
        for mention in find_mentions(text, day):
            value = mention.value
            if isinstance(value, DayHint):
                hints.add(value)
                if None not in (value.year, value.month, value.day):
                    days.add(date(value.year, value.month, value.day))
            elif isinstance(value, Decimal):
                (percents if mention.kind == "percent" else amounts).add(value)
            elif isinstance(value, tuple):
                hours.add(value)
            elif mention.kind == "reference":
                references.add(value)
            elif mention.kind == "contact":
                contacts.add(value)
            else:
                words.add(value)
    return Known(
        frozenset(amounts),
        frozenset(percents),
        frozenset(days),
        frozenset(hours),
        frozenset(references),
        frozenset(contacts),
        frozenset(hints),
        frozenset(words),
    )


def check_text(text: str, known: Known, quoted: Known, today: date) -> list[Finding]:
    """Return every mention of the text with its source.

    :param known: values of the record itself
    :param quoted: values found in the messages and notes around it
    """
    findings = []
    for mention in find_mentions(text, today):
        level: Level = "unknown"
        if known.holds(mention, today):
            level = "known"
        elif quoted.holds(mention, today):
            level = "quoted"
        findings.append(Finding(mention, level))
    return findings


def find_doubts(text: str, known: Known, quoted: Known, today: date) -> list[Finding]:
    """Return what a person must look at before the text leaves."""
    return [
        finding
        for finding in check_text(text, known, quoted, today)
        if finding.level != "known"
    ]

"""The words of the mentions: records with a period of validity.

A law that changes is a new record. The words of a document are those in force on its
own date; once it is posted they are kept with it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .facts import Facts, Kind
from .mentions import CONDITIONS, Due, Place

CUSTOM = "custom"
PLACEHOLDER = re.compile(r"%%|%\(\w+\)s")
# What the boxes of a record stand for.
KIND_FLAGS = {
    Kind.QUOTE: "quote",
    Kind.DEPOSIT: "deposit",
    Kind.INVOICE: "invoice",
    Kind.FINAL: "invoice",
    Kind.CREDIT_NOTE: "credit_note",
    Kind.SELF_BILLED: "self_billing",
    Kind.SELF_BILLED_CREDIT_NOTE: "self_billing",
}
FLAGS = tuple(dict.fromkeys(KIND_FLAGS.values()))


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One record.

    :param text: with ``%(name)s`` where a value goes
    :param date_to: last day, included; ``None``: still in force
    :param flags: kinds of documents, among ``FLAGS``
    :param is_own: written for one company, goes before the common one
    """

    code: str
    text: str
    label: str = ""
    reference: str = ""
    date_from: date
    date_to: date | None = None
    flags: frozenset[str] = frozenset(FLAGS)
    condition: str = "always"
    is_own: bool = False
    sequence: int = 0

    def is_in_force(self, day: date) -> bool:
        return self.date_from <= day and (self.date_to is None or day <= self.date_to)

    def fits(self, facts: Facts) -> bool:
        return (
            self.is_in_force(facts.day)
            and KIND_FLAGS[facts.kind] in self.flags
            and CONDITIONS[self.condition](facts)
        )


@dataclass(frozen=True)
class Printed:
    """A mention as it is printed; what is kept with a posted document."""

    code: str
    place: str
    label: str
    text: str
    reference: str


def fill(text: str, values: dict[str, str]) -> str:
    """Put the values into a wording.

    :raises ValueError: the wording asks for a value the mention does not have
    """
    if "%" in PLACEHOLDER.sub("", text):
        raise ValueError(text)
    try:
        return text % values
    except KeyError as error:
        raise ValueError(text) from error


def prefer(wordings: Iterable[Wording]) -> Wording | None:
    """Return the company's own before the common one, then the latest."""
    return max(wordings, key=lambda w: (w.is_own, w.date_from), default=None)


def pick(wordings: Iterable[Wording], code: str, facts: Facts) -> Wording | None:
    """Return the wording in force on the document."""
    return prefer(w for w in wordings if w.code == code and w.fits(facts))


def print_mentions(
    dues: Iterable[Due], wordings: Iterable[Wording], facts: Facts
) -> list[Printed]:
    """Return the mentions to print, leaving out those that miss a value."""
    wordings = tuple(wordings)
    printed = []
    for due in dues:
        wording = pick(wordings, due.mention.code, facts)
        if due.mention.place == Place.CORE or due.missing or not wording:
            continue
        printed.append(
            Printed(
                due.mention.code,
                due.mention.place,
                wording.label,
                fill(wording.text, due.values),
                wording.reference or due.mention.article,
            )
        )
    own = (w for w in wordings if w.code == CUSTOM and w.fits(facts))
    printed += [
        Printed(CUSTOM, Place.OTHER, w.label, w.text, w.reference)
        for w in sorted(own, key=lambda w: w.sequence)
    ]
    return printed


def find_wordless(
    dues: Iterable[Due], wordings: Iterable[Wording], facts: Facts
) -> list[str]:
    """Return the codes of due mentions that have no wording in force."""
    wordings = tuple(wordings)
    return [
        due.mention.code
        for due in dues
        if due.mention.place != Place.CORE
        and not pick(wordings, due.mention.code, facts)
    ]

"""What we said we would do, and by when: read in our own mails and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from odoo.addons.crm_ai.lib.folding import fold

from .facts import Exchange
from .mentions import DayHint, find_mentions

PROMISE = re.compile(
    r"\b(?:je|nous|on) (?:vous |te |lui |leur |le |la |les )*"
    r"(?:envoie|envoies|envoyons|enverrai|enverrons|rappelle|rappellerai|rappellerons|"
    r"recontacte|recontacterai|transmets|transmettrai|transmettons|reviens|reviendrai|"
    r"revenons|prepare|preparerai|adresse|adresserai|confirme|confirmerai|fais|ferai|"
    r"appelle|appellerai|relance|relancerai)\b|"
    r"\b(?:a|doit|dois) (?:rappeler|relancer|recontacter|envoyer|preparer|confirmer)\b|"
    r"^(?:rappeler|relancer|recontacter|envoyer|preparer|confirmer)\b"
)
SENTENCES = re.compile(r"[^.!?\n;]+[.!?;]*")


@dataclass(frozen=True)
class Promise:
    """Something to be done by a day.

    :param text: the sentence
    """

    due_on: date
    made_on: date
    text: str


def resolve(hint: DayHint, written_on: date) -> date | None:
    """Return the day that is meant, the next one that fits; None when too vague.

    >>> resolve(DayHint(weekday=4), date(2026, 3, 2))
    datetime.date(2026, 3, 6)
    """
    if hint.day is None and (hint.weekday is None or hint.month is not None):
        return None
    for step in range(1 if hint.year is None else 0, 367):
        day = written_on + timedelta(days=step)
        if hint.fits(day, written_on):
            return day
    return None


def find_promises(exchanges: Sequence[Exchange]) -> list[Promise]:
    """Return what our own messages promise for a day, the soonest first."""
    found = []
    for exchange in exchanges:
        if exchange.direction == "in":
            continue
        for sentence in SENTENCES.findall(exchange.text):
            if not PROMISE.search(fold(sentence.strip())):
                continue
            for mention in find_mentions(sentence, exchange.day):
                if not isinstance(mention.value, DayHint):
                    continue
                due = resolve(mention.value, exchange.day)
                if due:
                    found.append(Promise(due, exchange.day, sentence.strip()))
                    break
    return sorted(found, key=lambda promise: promise.due_on)


def find_open_promise(exchanges: Sequence[Exchange], today: date) -> Promise | None:
    """Return the promise that is due and that no later message of ours kept.

    A message sent after the promise, on its day or later, is held to keep it.
    """
    sent = [exchange.day for exchange in exchanges if exchange.direction == "out"]
    for promise in find_promises(exchanges):
        if promise.due_on > today:
            continue
        if not any(promise.made_on < day for day in sent):
            return promise
    return None

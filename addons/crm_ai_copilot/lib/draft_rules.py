"""Drafts without any model: sentences chosen by kind, tone and what is known."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import draft_sentences as sentences
from .draft_sentences import Kind, Length, Tone
from .facts import DealContext
from .french import count_words, format_amount, format_day
from .results import DraftResult, SmsResult
from .sms_text import choose_longest

MAX_WORDS = 200
SHORTER = re.compile(r"\b(plus court|raccourci|bref|courte?)", re.I)
FIRMER = re.compile(r"\b(plus ferme|ferme|direct)", re.I)
WARMER = re.compile(r"\b(plus chaleureu|chaleureu|amical|plus doux|cordial)", re.I)


@dataclass(frozen=True)
class Wish:
    """What the person asked for.

    :param variant: 0 for the first version, then one more each time
    """

    kind: Kind = "follow_up"
    tone: Tone = "warm"
    length: Length = "medium"
    variant: int = 0


def apply_instruction(wish: Wish, instruction: str) -> Wish:
    """Return the wish changed by what rules understand of an instruction.

    >>> apply_instruction(Wish(), "plus court et plus ferme").tone
    'firm'
    """
    tone: Tone = wish.tone
    if FIRMER.search(instruction):
        tone = "firm"
    elif WARMER.search(instruction):
        tone = "warm"
    length: Length = "short" if SHORTER.search(instruction) else wish.length
    return Wish(wish.kind, tone, length, wish.variant)


def get_values(context: DealContext) -> dict[str, str]:
    """Return what placeholders may say; an unknown thing is absent."""
    today = context.today
    values: dict[str, str | None] = {
        "contact": context.contact,
        "deal": context.deal,
        "seller": context.seller,
        "seller_company": context.seller_company,
    }
    quote = context.get_open_quote()
    if quote:
        values["quote"] = quote.name
        values["quote_total"] = format_amount(quote.total, quote.currency)
        values["quote_sent"] = quote.sent_on and format_day(quote.sent_on, today)
        if quote.valid_until and quote.valid_until >= today:
            values["quote_valid"] = format_day(quote.valid_until, today)
    won = [quote for quote in context.quotes if quote.state == "sale"]
    if won:
        values["won_quote"] = max(won, key=lambda quote: quote.made_on).name
    last = next((e for e in context.exchanges if e.direction != "note"), None)
    if last and last.day < today:
        values["last_day"] = format_day(last.day, today)
    received = context.get_last("in")
    if received:
        values["received_day"] = format_day(received.day, today)
    coming, past = context.get_next_meeting(), context.get_last_meeting()
    if coming:
        values["meeting_day"] = format_day(coming.start.date(), today)
        values["meeting_hour"] = f"{coming.start.hour}\u00a0h\u00a0{coming.start:%M}"
    if past:
        values["met_day"] = format_day(past.start.date(), today)
    return {name: value for name, value in values.items() if value}


def _is_usable(line: str, values: Mapping[str, str]) -> bool:
    names = {name for _, name, _, _ in string.Formatter().parse(line) if name}
    return names <= set(values)


def _choose(lines: Sequence[str], values: Mapping[str, str], variant: int = 0) -> str:
    usable = [line for line in lines if _is_usable(line, values)]
    if not usable:
        return ""
    return usable[variant % len(usable)].format_map(values)


def write_mail(context: DealContext, wish: Wish) -> DraftResult:
    """Return a mail that states only what the context states."""
    values, variant = get_values(context), wish.variant
    key = (wish.kind, wish.tone)
    paragraphs = [
        _choose(sentences.GREETINGS[wish.tone], values),
        _choose(sentences.OPENINGS[key], values, variant),
        _choose(sentences.DETAILS[wish.kind], values, variant)
        if wish.length == "medium"
        else "",
        _choose(sentences.QUESTIONS[key], values, variant),
        _choose(sentences.ENDINGS[wish.tone], values, variant),
    ]
    body = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    subject = _choose(sentences.SUBJECTS[wish.kind], values, variant)
    return DraftResult(subject=subject, body=body)


def write_sms(context: DealContext, wish: Wish) -> SmsResult:
    """Return a message of one part."""
    values = get_values(context)
    lines = [
        line.format_map(values)
        for line in sentences.MESSAGES[wish.tone]
        if _is_usable(line, values)
    ]
    turn = min(wish.variant, len(lines) - 1)
    return SmsResult(text=choose_longest(lines[turn:]))


FRENCH = re.compile(
    r"\b(le|la|les|un|une|des|de|du|et|vous|votre|nous|notre|je|à|est|pour|bonjour)\b",
    re.I,
)
ENGLISH = re.compile(
    r"\b(the|you|your|we|our|is|are|and|of|to|for|with|this|that|hello|dear)\b", re.I
)


def looks_french(text: str) -> bool:
    """Tell whether the text reads as French.

    >>> looks_french("Bonjour, avez-vous lu notre devis ?"), looks_french("Dear you")
    (True, False)
    """
    return len(FRENCH.findall(text)) > len(ENGLISH.findall(text))


def find_faults(subject: str, body: str, contacts: frozenset[str]) -> list[str]:
    """Return why a model's draft is refused, for the model.

    :param contacts: addresses and links of the draft that no record knows
    """
    faults = []
    if not body.strip() or not subject.strip():
        faults.append("The subject or the body is empty.")
    if count_words(body) > MAX_WORDS:
        faults.append(f"The body has more than {MAX_WORDS} words.")
    if body.strip() and not looks_french(body):
        faults.append("The text must be in French.")
    if contacts:
        faults.append(
            "These addresses, numbers or links are not in the facts, remove them: "
            + ", ".join(sorted(contacts))
        )
    if re.search(r"<[a-z/][^>]*>|\{\{|\[(?:nom|date|montant|name)[^\]]*\]", body, re.I):
        faults.append("No HTML and no placeholder to fill in.")
    return faults

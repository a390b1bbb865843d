"""Who promised what for when, found by rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from odoo.addons.crm_ai.lib.folding import fold

from .action_words import (
    DEFAULT_VERBS,
    DELIVERABLE,
    HABIT,
    INFINITIVES,
    LABELLED,
    NEED,
    NEGATED,
    NOW,
    OBJECT_END,
    PASSED_ON,
    PAST,
    PROMISE,
    RECAP,
    REQUEST,
    TAKEN_ON,
    VERB,
    WEAK,
    WILL_DO,
)
from .due_dates import find_dates
from .meeting import Meeting, Sentence
from .names import find_names
from .results import Action
from .words import squeeze, stem

MAX_ACTIONS = 12
# A date said so many segments after a promise still belongs to it.
_REACH = 3
# In a summing up, so many characters between a thing and its day.
_NEAR_DATE = 25
_DANGLING = re.compile(
    r"(?:\s+(?:pour|avant|d'ici|le|la|les|en|de|sous|dans|vers|au))+$"
)
_CLAUSE = re.compile(
    r",\s+(?=(?:et|mais|puis|je|on|nous)\b)|\s+et\s+(?=(?:je|j'|on|nous|il)\b)"
)
_MAX_WORDS = 12
# "je vous envoie ça pour vendredi" completes an action, it is none
_PRONOUN = re.compile(r"(?:tout )?(?:ca|cela|le tout|celui-ci|celle-ci|tout)\b.{0,8}")
_TOPIC = re.compile(
    r"(?:et |alors |donc )?(?:pour|concernant|quant a|cote|sur) [^,]{2,40}$"
)
_FAR = re.compile(r"\b(?:sur|pour|dans|parmi|contre|apres|concernant|a propos) |.{45}")
_JOINED = re.compile(
    r"(?:,|\bet\b|\bainsi que\b|\bplus\b|\bpuis\b)"
    r"\s*(?:aussi |egalement |de |d')?(?:une?|la|le|les|l'|des|deux|trois|vos|votre)?"
    r"\s*(?:petite?\s)?$"
)


@dataclass(frozen=True)
class _Found:
    """What makes a clause an action.

    :param verb: infinitive, None for a need; :param end: place behind it
    """

    verb: str | None
    owner: str | None
    score: float
    end: int


@dataclass
class _Draft:
    """An action under way, before those about one thing become one."""

    what: str
    key: tuple[str, str]
    owner: str | None
    due: str | None
    score: float
    segment: int
    order: int
    also: list[int] = field(default_factory=list)


def find_actions(sentences: Sequence[Sentence], meeting: Meeting) -> list[Action]:
    """Return the actions in the order they were first spoken of."""
    drafts: list[_Draft] = []
    for sentence in sentences:
        found = list(_read_sentence(sentence, meeting))
        if not found and RECAP.search(sentence.folded):
            found = list(_read_recap(sentence, meeting))
        for draft in found:
            _add(drafts, draft)
        if not found and drafts:
            _complete(drafts, sentence, meeting)
    drafts.sort(key=lambda draft: (-draft.score, draft.order))
    kept = sorted(drafts[:MAX_ACTIONS], key=lambda draft: draft.order)
    return [
        Action(
            what=draft.what,
            owner=meeting.name_of(draft.owner or "") or meeting.seller or None,
            due=draft.due,
            segment=draft.segment,
            also=sorted(set(draft.also) - {draft.segment}),
        )
        for draft in kept
    ]


def _add(drafts: list[_Draft], new: _Draft) -> None:
    """Add an action, or complete the one that is about the same thing."""
    same = next((draft for draft in drafts if _is_same(draft.key, new.key)), None)
    if same is None:
        drafts.append(new)
        return
    same.also.append(new.segment)
    if new.due:
        same.due = new.due
    if new.score > same.score:
        same.also.append(same.segment)
        same.segment, same.score = new.segment, new.score
        same.owner = new.owner or same.owner
        if len(new.what) >= len(same.what) or not same.key[1]:
            same.what = new.what
    if not same.key[1]:
        same.key = new.key


def _is_same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    if one[0] != other[0]:
        return False
    return one[1] == other[1] or not (one[1] and other[1])


def _complete(drafts: list[_Draft], sentence: Sentence, meeting: Meeting) -> None:
    """Give an action just spoken of the date that is said after it."""
    open_drafts = [
        draft
        for draft in drafts
        if not draft.due
        and 0 <= sentence.segment - max([draft.segment, *draft.also]) <= _REACH
    ]
    if not open_drafts or len(sentence.text.split()) > 16:
        return
    dates = [d for d in find_dates(sentence.text, meeting.day) if d.is_exact]
    if not dates:
        return
    verb = VERB.search(sentence.folded)
    infinitive = INFINITIVES[int(verb.lastgroup[1:])] if verb else ""
    by_verb = [d for d in open_drafts if infinitive and d.what.startswith(infinitive)]
    draft = (by_verb or open_drafts)[-1]
    draft.due = _due_words(sentence, dates[0])
    draft.also.append(sentence.segment)
    if verb and sentence.side == "ours":
        draft.owner = sentence.speaker


def _due_words(sentence: Sentence, found) -> str:
    """Return the date with the word before it that gives it its sense."""
    before = re.search(
        r"(?:avant(?: la| le)?|d'ici(?: a| la| le)?|pour(?: le| la)?"
        r"|au plus tard(?: le)?)\s*$",
        sentence.folded[: found.start],
    )
    start = before.start() if before else found.start
    return sentence.text[start : found.end].strip()


def _read_recap(sentence: Sentence, meeting: Meeting) -> Iterator[_Draft]:
    """Yield the things of "pour résumer : proposition vendredi, démo mardi"."""
    dates = find_dates(sentence.text, meeting.day)
    for thing in DELIVERABLE.finditer(sentence.folded):
        near = [d for d in dates if 0 <= d.start - thing.end() <= _NEAR_DATE]
        if near:
            due, found = _due_words(sentence, near[0]), _Found(None, None, 2.0, 0)
            what, key = _describe(sentence, sentence.folded, 0, found, thing)
            where = sentence.segment, sentence.order
            yield _Draft(what, key, meeting.seller, due, 3.0, *where)


def _read_sentence(sentence: Sentence, meeting: Meeting) -> Iterator[_Draft]:
    place, topic = 0, None
    for clause in _CLAUSE.split(sentence.folded):
        start = sentence.folded.index(clause, place)
        place = start + len(clause)
        if topic is not None:  # "pour la démo, je vous propose mardi"
            start, topic = topic, None
            clause = sentence.folded[start:place]
        if _TOPIC.match(clause.strip()) and place < len(sentence.folded):
            topic = start
            continue
        yield from _read_clause(sentence, clause, start, meeting)


def _read_clause(
    sentence: Sentence, clause: str, start: int, meeting: Meeting
) -> Iterator[_Draft]:
    """Yield what a clause promises or needs: one action per thing it names."""
    if NEGATED.search(clause) or HABIT.search(_before_object(clause)):
        return
    found = _find_promise(sentence, clause, meeting) or _find_need(sentence, clause)
    if not found:
        return
    dates = [
        date
        for date in find_dates(sentence.text, meeting.day)
        if start <= date.start < start + len(clause) + 40
    ]
    is_weak = found.verb in WEAK or found.verb is None
    things = _find_things(clause, found, is_weak)
    if not things and (is_weak or not dates):
        return
    if NOW.search(clause) and not dates:
        return
    due = _due_words(sentence, dates[0]) if dates else None
    score = found.score + bool(things) + bool(due)
    theirs = meeting.seller if sentence.side != "ours" else sentence.speaker
    for thing in things or [None]:
        what, key = _describe(sentence, clause, start, found, thing)
        if what:
            where = sentence.segment, sentence.order
            yield _Draft(what, key, found.owner or theirs, due, score, *where)


def _before_object(clause: str) -> str:
    """Return the clause up to its verb: "chaque lundi nous envoyons"."""
    verb = VERB.search(clause)
    return clause[: verb.end() + 12] if verb else clause


def _find_things(clause: str, found: _Found, is_weak: bool) -> list[re.Match[str]]:
    """Return the first deliverable and those joined to it by "et" or a comma.

    Before a weak verb too: "pour la démo, je vous propose mardi".
    """
    things = list(DELIVERABLE.finditer(clause, max(0, found.end - 1)))
    if things and _FAR.search(clause[found.end : things[0].start()]):
        things = []  # "un tableau sur les devis" is no quotation
    if not things and is_weak:
        things = list(DELIVERABLE.finditer(clause))[-1:]
    joined = things[:1]
    for thing in things[1:]:
        if _JOINED.search(clause[joined[-1].end() : thing.start()]):
            joined.append(thing)
    return joined


def _find_promise(sentence: Sentence, clause: str, meeting: Meeting) -> _Found | None:
    for match in VERB.finditer(clause):
        before = clause[: match.start()]
        if PAST.search(before):
            continue
        verb = INFINITIVES[int(match.lastgroup[1:])]
        if REQUEST.search(before):
            owner = meeting.seller if sentence.side != "ours" else None
            return _Found(verb, owner, 2.5, match.end())
        if LABELLED.search(before):
            return _Found(verb, None, 3.0, match.end())
        promise = PROMISE.search(before)
        dated = bool(find_dates(clause, meeting.day))
        if promise and _is_meant(promise.group(), match.group(), clause, dated):
            return _Found(verb, sentence.speaker or None, 3.0, match.end())
        is_named = PASSED_ON.search(before) or WILL_DO.search(clause)
        names = find_names(sentence.text) if is_named else []
        if names:
            return _Found(verb, names[0], 2.5, match.end())
    taken = TAKEN_ON.search(clause)
    if taken and sentence.side != "client":
        return _Found(None, sentence.speaker or None, 2.5, taken.end())
    return None


def _is_meant(subject: str, verb: str, clause: str, dated: bool) -> bool:
    """Tell a promise from what somebody does every day."""
    is_to_you = bool(re.search(r"\b(?:vous|te|toi)\b", subject))
    is_future = bool(re.search(r"\b(?:vais|va|allons)\b", subject))
    is_future |= bool(re.search(r"(?:rai|ras|ra|rons|rez|ront)$", verb))
    is_to_you |= "vers vous" in verb or "parvenir" in verb
    return is_to_you or is_future or dated or bool(re.search(r"\bdonc\b", clause))


def _find_need(sentence: Sentence, clause: str) -> _Found | None:
    """Return what "il nous faudrait une démo" says: a thing, no verb of ours."""
    need = NEED.search(clause)
    if not need or (sentence.side == "ours" and sentence.is_question):
        return None
    verb = VERB.match(clause, _skip_to_word(clause, need.end()))
    infinitive = None
    end = need.end()
    if verb and verb.group().endswith("er"):
        infinitive, end = INFINITIVES[int(verb.lastgroup[1:])], verb.end()
    return _Found(infinitive, None, 2.0, end)


def _skip_to_word(clause: str, place: int) -> int:
    match = re.compile(r"[\s,]*(?:que vous |de |d'|nous |me )?").match(clause, place)
    return match.end() if match else place


def _describe(
    sentence: Sentence,
    clause: str,
    start: int,
    found: _Found,
    thing: re.Match[str] | None,
) -> tuple[str, tuple[str, str]]:
    """Return the action in words and the key of what it is about."""
    text, verb = sentence.text[start : start + len(clause)], found.verb
    if thing:
        index = next(
            int(name[1:])
            for name, value in thing.groupdict().items()
            if value and name.startswith("d")
        )
        is_vague = verb is None or (verb in WEAK and thing.start() < found.end)
        verb = DEFAULT_VERBS[index] if is_vague else verb
        begin = _noun_phrase_start(clause, thing.start())
        noun = re.split(r"[ -]", thing.group())[0]
        adjective = (thing["adjective"] or "").strip()
        end = _object_end(clause, thing.end())
        key = (noun[:4], stem(adjective))
    else:
        begin = _skip_to_word(clause, found.end)
        end = _object_end(clause, begin)
        key = (squeeze(text[begin:end]) or (verb or ""), "")
    phrase = " ".join(text[begin:end].split()[:_MAX_WORDS]).strip(" ,.")
    phrase = _DANGLING.sub("", phrase)
    if phrase and found.verb is None:
        phrase = re.sub(r"^(?:de (?=la|l')|du )", "", phrase[0].lower() + phrase[1:])
    if _PRONOUN.fullmatch(fold(phrase)):
        return "", key
    if not (verb and (phrase or verb in ("Rappeler", "Recontacter", "Relancer"))):
        return "", key
    return f"{verb} {phrase}".strip(), key


_DETERMINER = re.compile(
    r"(?:\b(?:une?|la|le|les|des|du|de la|de l'|votre|vos|notre|nos|mes|ma|mon|cette"
    r"|cet|ce"
    r"|ces|quelques|deux|trois|d'une?)\s+|\b(?:l'|d'))"
    r"(?:(?:petite?|premiere?|vraie?|bonne?|belle|nouvelle|autres?|courte|rapide)\s+)?$"
)


def _noun_phrase_start(clause: str, place: int) -> int:
    before = _DETERMINER.search(clause[:place])
    if not before:
        return place
    start = before.start()
    if clause.startswith(("d'un", "d'une"), start):
        start += 2
    return start


def _object_end(clause: str, place: int) -> int:
    end = OBJECT_END.search(clause, place)
    return end.start() if end else len(clause.rstrip(" .!?,"))

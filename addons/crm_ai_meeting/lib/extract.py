"""The summary that needs no model: sentences of the meeting, chosen by rules."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import chain

from odoo.addons.crm_ai.lib.folding import fold
from odoo.addons.crm_ai.lib.messages import Segment

from .actions import find_actions
from .amounts import find_amounts
from .due_dates import find_dates
from .facts import find_budget, find_deadline, find_decision_maker, find_rivals
from .machine_talk import find_machine_talk
from .meeting import Meeting, Sentence, read_sentences
from .results import KeyPoint, MeetingResult
from .sense import find_decisions, find_mood, find_objections
from .words import stem

KEY_POINTS = 7
# A word said more often than this is the furniture of the meeting.
_OFTEN = 8
# Best score by words alone, next to those of `_boost`.
_SCALE = 4.0
_MIN_WORDS, _MAX_WORDS = 6, 60
_EMPTY = set(
    "alors apres aussi autre avant avec avoir bien bonjour cela cette chez comme dans"
    " depuis"
    " donc elle elles encore enfin entre etes etre exactement faire fait faut ici ils"
    " juste"
    " leur leurs mais merci meme moins nos notre nous oui parce parfait pas peut peux"
    " plus"
    " pour pouvez quand que quel quelle qui quoi rien sans sera serait ses si sinon"
    " sommes"
    " sont sous sur tout toute toutes tous tres trop une vais vers veux voila vos"
    " votre vous"
    " vraiment etait avait avez avons ont aurait chose choses peu beaucoup dire"
    " disons savoir"
    " voir mettre aller accord jour fois super genre effectivement ete cest".split()
)


def extract(segments: Sequence[Segment], meeting: Meeting) -> MeetingResult:
    """Return the summary of a meeting by rules; every item is a quotation or a fact."""
    machine_talk = find_machine_talk(segments)
    sentences = [
        sentence
        for sentence in read_sentences(segments, meeting)
        if sentence.segment not in machine_talk
    ]
    rivals = find_rivals(sentences, meeting)
    found = {
        "decisions": find_decisions(sentences),
        "actions": find_actions(sentences, meeting),
        "rivals": rivals,
        "objections": find_objections(sentences),
    }
    facts = {
        "budget": find_budget(sentences, rivals),
        "deadline": find_deadline(sentences, meeting),
        "decision_maker": find_decision_maker(sentences, meeting),
    }
    items = [*chain(*found.values()), *filter(None, facts.values())]
    anchors = {item.segment for item in items}
    return MeetingResult(
        key_points=find_key_points(sentences, meeting, anchors),
        mood=find_mood(sentences),
        **found,
        **facts,
    )


def find_key_points(
    sentences: Sequence[Sentence], meeting: Meeting, anchors: set[int]
) -> list[KeyPoint]:
    """Return the sentences that carry most of what the meeting was about, in order.

    :param anchors: segments that hold a fact: worth more than what is only repeated

    Words count by how often they come (damped) and how few sentences share them; a
    word that a chosen sentence has said counts less in the next.
    """
    bags = [_bag(sentence) for sentence in sentences]
    counts = Counter(word for bag in bags for word in bag)
    total = max(1, len(bags))
    weights = {
        word: math.log1p(min(count, _OFTEN)) * math.log(1 + total / count)
        for word, count in counts.items()
        if count > 1
    }
    pool = [
        index
        for index, sentence in enumerate(sentences)
        if _MIN_WORDS <= len(sentence.text.split()) <= _MAX_WORDS
        and not sentence.is_question
    ]
    boosts = {index: _boost(sentences[index], meeting, anchors) for index in pool}
    top = max((_score(bags[index], weights) for index in pool), default=0) or 1
    weights = {word: _SCALE * weight / top for word, weight in weights.items()}
    chosen: list[int] = []
    while pool and len(chosen) < min(KEY_POINTS, max(3, total // 4)):
        best = max(pool, key=lambda i: (_score(bags[i], weights) + boosts[i], -i))
        pool.remove(best)
        chosen.append(best)
        for word in bags[best]:
            weights[word] = weights.get(word, 0) / 3
    return [
        KeyPoint(text=sentences[i].text, segment=sentences[i].segment, also=[])
        for i in sorted(chosen)
    ]


def _bag(sentence: Sentence) -> set[str]:
    words = (word.strip(".,;:!?\"'()«»") for word in fold(sentence.text).split())
    bare = (word.rpartition("'")[2] for word in words)
    return {
        stem(word)
        for word in bare
        if len(word) > 3 and word not in _EMPTY and not word.isdigit()
    }


def _score(bag: set[str], weights: dict[str, float]) -> float:
    if not bag:
        return 0
    return sum(weights.get(word, 0) for word in bag) / math.sqrt(len(bag) + 2)


def _boost(sentence: Sentence, meeting: Meeting, anchors: set[int]) -> float:
    """A sentence with an amount or a date, from the client, says more."""
    score = 6.0 * (sentence.segment in anchors)
    score += 1.5 * bool(find_amounts(sentence.text))
    score += 0.8 * bool(find_dates(sentence.text, meeting.day))
    return score + 0.5 * (sentence.side == "client")

"""Decisions, objections and mood, by the words people use for them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .meeting import Sentence
from .results import Decision, Mood, Objection
from .words import squeeze

MAX_EACH = 6
_DECISION = re.compile(
    r"\bon part (?:donc )?sur\b|\bnous partons sur\b|c'est (?:decide|acte|entendu"
    r"|valide)\b"
    r"|\bon (?:est|tombe) d'accord (?:sur|pour)|nous sommes d'accord (?:sur|pour)"
    r"|\b(?:on|nous) (?:valide|validons|retient|retenons|convient|convenons|choisit"
    r"|choisissons|acte|actons) |\b(?:on a|nous avons) (?:decide|choisi|valide"
    r"|retenu)\b"
    r"|je vous confirme que|\bbanco\b|\bc'est bon pour (?:nous|moi)|\bok pour\b"
    r"|d'accord pour|\bon garde\b|\bon retient\b"
)
_OBJECTION = re.compile(
    r"\btrop (?:cher|chere|long|longue|tard|complexe|lourd|juste|eleve)|\bun peu cher"
    r"|\bassez cher|au-dessus de (?:notre|nos)|depasse (?:notre|nos)|\binquiet\w*"
    r"|inquietude|\bcrain[st]\b|\bj'ai peur|\bon a peur|\bpeur que|\brisque\w*"
    r"|pas (?:du tout |encore |vraiment )?convaincu|\breticen\w*|\b(?:des|une"
    r"|quelques) reserves?\b"
    r"|\bfreins?\b|\bhesit\w*|\bdoutes?\b|\bbloqu\w*|pas le temps|mauvaise experience"
    r"|ca (?:coince|me gene|nous gene|pose probleme)|\bprobleme\b|\bdependan\w*"
    r"|\bdelais? (?:tres )?(?:court|serre|trop)|\bsouci\b|\bpreoccup\w*"
)
_NO_OBJECTION = re.compile(
    r"(?:pas|aucun|plus) (?:de |d')?(?:probleme|souci|inquietude|risque|doute|frein"
    r"|reserve"
    r"|objection)|sans (?:probleme|souci|doute)|n'est pas (?:trop cher|un probleme)"
    r"|pas inquiet"
)
_GOOD = re.compile(
    r"\b(?:parfait\w*|super|genial\w*|excellent\w*|tres bien|ravi\w*|interess\w+"
    r"|convaincu\w*"
    r"|enthousias\w*|j'aime|on aime|nous plait|me plait|seduit\w*|confian\w+"
    r"|impressionn\w*"
    r"|rassur\w+|content\w*|satisfait\w*|impatient\w*|hate|formidable|top|positif)\b"
)
_BAD = re.compile(
    r"\b(?:decu\w*|trop cher|cher|inquiet\w*|inquietude|mecontent\w*|agac\w*|frustr\w*"
    r"|enerv\w*|insatisfait\w*|pas convaincu\w*|mauvais\w*|retard\w*|hesit\w*|peur"
    r"|crain[st]"
    r"|doute\w*|complique\w*|probleme\w*|bloqu\w*|risque\w*|mefian\w*|deception)\b"
)
_NOT = re.compile(
    r"(?:\bpas\b|\bplus\b|\bjamais\b|\baucune?\b|\bsans\b|(?<!un )\bpeu\b)[^,.]{0,12}$"
)


def find_decisions(sentences: Sequence[Sentence]) -> list[Decision]:
    """Return what was decided, in order."""
    found: dict[str, Decision] = {}
    for sentence in sentences:
        is_said = _DECISION.search(sentence.folded) and not sentence.is_question
        if is_said and len(sentence.text.split()) > 4:
            found.setdefault(
                squeeze(sentence.text),
                Decision(text=sentence.text, segment=sentence.segment, also=[]),
            )
    return list(found.values())[:MAX_EACH]


def find_objections(sentences: Sequence[Sentence]) -> list[Objection]:
    """Return what holds the client back, the plainest first, then in order."""
    found: list[tuple[int, Sentence]] = []
    for sentence in sentences:
        hits = len(_OBJECTION.findall(sentence.folded))
        is_other = sentence.side == "ours" or _NO_OBJECTION.search(sentence.folded)
        if hits and not is_other and len(sentence.text.split()) > 3:
            found.append((hits, sentence))
    found.sort(key=lambda pair: (-pair[0], pair[1].order))
    best = sorted(found[:MAX_EACH], key=lambda pair: pair[1].order)
    return [
        Objection(text=sentence.text, segment=sentence.segment, also=[])
        for _hits, sentence in best
    ]


def find_mood(sentences: Sequence[Sentence]) -> Mood | None:
    """Return how the client feels, with the sentence that shows it best."""
    good, bad = [], []
    for sentence in sentences:
        if sentence.side == "ours":
            continue
        for pattern, hits in ((_GOOD, good), (_BAD, bad)):
            for match in pattern.finditer(sentence.folded):
                is_turned = _NOT.search(sentence.folded[: match.start()])
                if not is_turned:
                    hits.append(sentence)
                elif pattern is _GOOD:
                    bad.append(sentence)
    if not sentences:
        return None
    label = _label(len(good), len(bad))
    shown = good if len(good) > len(bad) else bad
    if not shown:
        first = sentences[0]
        reason = "Aucun mot de satisfaction ni de crainte n'a été relevé."
        return Mood(label=label, reason=reason, segment=first.segment, also=[])
    best = max(shown, key=lambda s: (shown.count(s), min(len(s.text), 160)))
    others = sorted({s.segment for s in shown} - {best.segment})[:5]
    reason = f"« {best.text} »"
    return Mood(label=label, reason=reason, segment=best.segment, also=others)


def _label(good: int, bad: int):
    """One worry alone makes no bad meeting."""
    if not good and not bad:
        return "neutral"
    if good >= 2 * bad + 1:
        return "positive"
    return "negative" if bad >= 2 * good + 2 else "mixed"

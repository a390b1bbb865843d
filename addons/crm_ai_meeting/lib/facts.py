"""The facts a seller asks about: budget, deadline, who decides, who else is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .amounts import find_amounts
from .due_dates import Found, find_dates
from .meeting import Meeting, Sentence, is_one_of, name_words
from .names import find_names, roles_in
from .results import Budget, Deadline, DecisionMaker, Rival
from .words import squeeze

_BUDGET = re.compile(r"\bbudgets?\b|\benveloppe\b|\bbudgete")
_MONEY_PLAN = re.compile(
    r"\b(?:prevu|alloue|disposons|dispose|investir|provisionne|plafond|maximum"
    r"|depasser|fixe|tabl\w+ sur|jusqu'a"
    r"|debloqu\w+|reserve pour|mettre|fourchette|partir sur|parti sur|montant)\b"
)
_OTHER_MONEY = re.compile(
    r"chiffre d'affaires|\bca\b|levee de fonds|\bleve\b|salaire|capital|penalite|amende"
    r"|\bperdu|\bpertes?\b|economis|loyer|leur (?:offre|proposition|devis)|une offre a"
    r"|offre a |concurren|nous (?:coute|coutait)|ca coute|facture de|l'an dernier"
    r"|l'annee derniere|panier moyen|par mois|tarif journalier|\btjm\b|par jour"
    r"|acompte|commande moyenne|stock"
)
_FINAL = re.compile(
    r"\bfinalement\b|\bau final\b|\bconfirme\b|monter a\b|on reste sur\b|\bplutot\b"
    r"|\bvalide"
)
_NOT_BUDGET = re.compile(r"\bpas (?:de |un )?budget|pas plus de|hors budget")
_PROJECT = re.compile(
    r"demarr|lancer|lancement|livr|en ligne|en production|en service|echeance|deadline"
    r"|operationnel|\bpret\b|\bprets\b|\bprete\b|calendrier|planning|objectif"
    r"|au plus tard"
    r"|date (?:butoir|limite|cible)|signer|deployer|deploiement|bascul|ouverture|mep\b"
    r"|horizon|delai|demarrage|tourner|commencer|debuter|finir|termine|aboutir"
)
_OTHER_DATE = re.compile(
    r"\bdepuis\b|l'an dernier|l'annee derniere|dernier(?:e)?\b(?! delai)"
    r"|\bnous avions\b"
    r"|\betait\b|\bavait\b|\bvacances\b|\bconges?\b|rappel|\benvoi|\benverr"
    r"|demonstration"
    r"|\bdemo\b|rendez-vous|\bdevis\b|proposition|compte rendu|\breunion\b|salon\b"
    r"|seminaire"
    r"|\bcomite\b|\bvisio\b|\bpoint\b"
)
_DECIDES = re.compile(
    r"\bdecid\w*|\btranch\w*|\bsign(?:e|era|er|ature)\b|\bvalid(?:e|era|er|ation)\b"
    r"|\barbitr\w*|dernier mot|feu vert|\bapprouv\w*|donne(?:ra)? son (?:accord|aval)"
    r"|passe(?:ra)? par|prend(?:ra)? la decision|decisionnaire|decideu[rs]|decideuse"
    r"|\bdecision\b|\baccord (?:final|de|du|de la)\b"
)
_ASKS_WHO = re.compile(
    r"\bqui\b.{0,40}\b(?:decid|tranch|sign|valid|prend(?:ra)? (?:la|les"
    r"|cette) decision)"
    r"|\b(?:decideur|decideuse|decisionnaire)"
)
_NOT_DECIDES = re.compile(r"\b(?:ce n'est pas|c'est pas|pas (?:moi|lui|elle))\b")
# what a person decided about something else
_PAST_DECISION = re.compile(
    r"\b(?:a|avait|avons|ont) (?:deja )?(?:decide|valide|signe)\b"
)


@dataclass
class _Candidate:
    score: float
    sentence: Sentence
    value: Any


def _best(candidates: Sequence[_Candidate], least: float) -> _Candidate | None:
    """Return the best candidate; of equals the later: people change their minds."""
    good = [c for c in candidates if c.score >= least]
    return max(good, key=lambda c: (c.score, c.sentence.order)) if good else None


def _elsewhere(candidates: Sequence[_Candidate], best: _Candidate) -> list[int]:
    """Return the other segments that say something of the kind."""
    places = {c.sentence.segment for c in candidates if c.score >= 3}
    return sorted(places - {best.sentence.segment})


def _before(sentences: Sequence[Sentence], at: int, count: int = 2) -> str:
    return " ".join(s.folded for s in sentences[max(0, at - count) : at])


def find_budget(
    sentences: Sequence[Sentence], rivals: Sequence[Rival]
) -> Budget | None:
    """Return what the client can spend."""
    names = [squeeze(rival.name) for rival in rivals]
    candidates = []
    for at, sentence in enumerate(sentences):
        is_plain = bool(_BUDGET.search(sentence.folded))
        is_asked = bool(_BUDGET.search(_before(sentences, at)))
        amounts = find_amounts(sentence.text, is_plain or is_asked)
        for place, amount in enumerate(amounts):
            score = 4.0 * is_plain + 3 * is_asked
            score += 2 * bool(_MONEY_PLAN.search(sentence.folded))
            score += 1.5 * bool(_FINAL.search(sentence.folded))
            score -= 6 * bool(_OTHER_MONEY.search(sentence.folded))
            score -= 3 * bool(_NOT_BUDGET.search(sentence.folded))
            score -= 5 * any(f" {n} " in f" {squeeze(sentence.text)} " for n in names)
            score -= 1.5 * (sentence.side == "ours") + sentence.is_question
            # of a range, the upper end
            score += 0.1 * place if amount.value == max(a.value for a in amounts) else 0
            if amount.value >= 100:
                candidates.append(_Candidate(score, sentence, amount))
    best = _best(candidates, 2)
    if not best:
        return None
    return Budget(
        amount=float(best.value.value),
        currency=best.value.currency,
        segment=best.sentence.segment,
        also=_elsewhere(candidates, best),
    )


def find_deadline(sentences: Sequence[Sentence], meeting: Meeting) -> Deadline | None:
    """Return when the client wants the project, not when somebody calls back."""
    candidates = []
    for at, sentence in enumerate(sentences):
        for found in find_dates(sentence.text, meeting.day):
            score = 3.0 * bool(_PROJECT.search(sentence.folded))
            score += 1.5 * bool(_PROJECT.search(_before(sentences, at)))
            score -= 3 * bool(_OTHER_DATE.search(sentence.folded))
            score += _horizon(found, meeting)
            score += 1 * bool(_FINAL.search(sentence.folded))
            score -= (sentence.side == "ours") + 0.5 * sentence.is_question
            candidates.append(_Candidate(score, sentence, found))
    best = _best(candidates, 2.5)
    if not best:
        return None
    return Deadline(
        text=best.value.label,
        date=best.value.day.isoformat(),
        segment=best.sentence.segment,
        also=[
            place
            for place in _elsewhere(candidates, best)
            if any(
                c.value.day == best.value.day and c.sentence.segment == place
                for c in candidates
            )
        ],
    )


def _horizon(found: Found, meeting: Meeting) -> float:
    """A project takes weeks; tomorrow is an errand."""
    days = (found.day - meeting.day).days
    is_period = not found.is_exact
    return 1.5 * is_period + (1.0 if days >= 21 else -2.0 if days < 10 else 0)


def find_decision_maker(
    sentences: Sequence[Sentence], meeting: Meeting
) -> DecisionMaker | None:
    """Return who decides at the client's: the function in short, and the name."""
    candidates = []
    for at, sentence in enumerate(sentences):
        is_said = bool(_DECIDES.search(sentence.folded))
        is_asked = bool(_ASKS_WHO.search(_before(sentences, at, 2)))
        if not (is_said or is_asked) or _NOT_DECIDES.search(sentence.folded):
            continue
        if sentence.is_question and sentence.side == "ours":
            continue
        for name, weight in _deciders(sentence, meeting, is_asked):
            score = 3.0 * is_said + 2 * is_asked + weight
            score -= 2 * bool(_PAST_DECISION.search(sentence.folded))
            score -= 1 * (sentence.side == "ours")
            candidates.append(_Candidate(score, sentence, name))
    best = _best(candidates, 3)
    if not best:
        return None
    return DecisionMaker(
        name=best.value,
        segment=best.sentence.segment,
        also=_elsewhere(candidates, best),
    )


_IT_IS_WHO = re.compile(
    r"c'est\s+(?:plutot\s+|finalement\s+|toujours\s+)?(?P<who>.{2,60}?)\s*,?\s+qui\s"
)
_MYSELF = re.compile(r"c'est moi qui|je (?:decide|signe|valide|tranche)\b")


def _deciders(
    sentence: Sentence, meeting: Meeting, is_asked: bool
) -> Iterator[tuple[str, float]]:
    if _MYSELF.search(sentence.folded) and sentence.side != "ours" and sentence.speaker:
        yield sentence.speaker, 1.0
    names = [name for name in find_names(sentence.text) if meeting.side(name) != "ours"]
    roles = roles_in(sentence.text)
    for role in roles:
        # "c'est la DG qui tranche" beats a role that is only named
        who = _IT_IS_WHO.search(sentence.folded)
        is_marked = bool(who and who.start("who") <= role.start < who.end("who") + 1)
        near = [n for n in names if _is_beside(sentence.text, role, n)]
        label = f"{role.label} ({near[0]})" if near else role.label
        yield label, 1.0 + is_marked + 0.5 * bool(near)
    if roles:
        return
    who = _IT_IS_WHO.search(sentence.folded)
    for name in names:
        place = sentence.text.find(name)
        is_marked = bool(who and who.start("who") <= place < who.end("who"))
        if is_marked or (is_asked and len(names) == 1):
            yield name, 1.0


def _is_beside(text: str, role, name: str) -> bool:
    place = text.find(name)
    return -45 <= place - role.end <= 25 and place >= 0


# -- rivals --------------------------------------------------------------------------

# before a name
_RIVAL_BEFORE = re.compile(
    r"(?:consult\w+|rencontr\w+|(?:discu\w+|parl\w+|echang\w+|contact|concurrence"
    r"|competition|compar\w+|rendez-vous) avec|\bface a|\bcontre"
    r"|concurrents?(?: comme| est| sont| :)?|(?:devis|offre|proposition|tarif)s?"
    r" (?:chez|de(?: chez)?|d')"
    r"|\brecu\b.{0,30}\b(?:de|d')|sollicit\w+|interrog\w+|demand\w+ (?:a|un devis a)"
    r"|\bvu\b|\bregard\w+|etudi\w+|\bet chez|en lice (?:avec|:)|approch\w+ par"
    r"|demarch\w+ par|hesit\w+ (?:avec|entre))"
    r"(?:\s*(?:aussi|egalement|deja|en parallele|notamment|par exemple|la societe"
    r"|une societe|l'agence|une agence|le cabinet|l'editeur|la maison|les gens de"
    r"|un de vos|vos|concurrents?|un concurrent|votre concurrent|,|:))*\s*$"
)
# these need nothing more to name a competitor
_RIVAL_FOR_SURE = re.compile(
    r"(?:concurrents?(?: comme| est| sont| :|,)?|(?:concurrence|competition) avec"
    r"|hesit\w* (?:avec|entre)(?: vous et)?|compar\w+ avec"
    r"|(?:devis|offre|proposition)s? (?:chez|de(?: chez)?|d')|(?:demarch"
    r"|approch)\w+ par"
    r"|autre (?:agence|societe|prestataire|option|fournisseur|cabinet|editeur|piste)s?"
    r"(?: en lice)?,?(?: c'est| est| :)?|du cote de(?: chez)?|en face,? il y a"
    r"|consult\w+)"
    r"(?:\s*(?:aussi|egalement|notamment|par exemple|la societe|l'agence|le cabinet|,"
    r"|:))*"
    r"\s*$"
)
# behind a name
_RIVAL_AFTER = re.compile(
    r"^\s*,?\s*(?:qui\s+)?(?:(?:nous|vous|leur)\s+)?(?:a|ont|est|sont|fait|propose"
    r"|proposent|demarche|annonce|sera)\b\s*(?:deja\s+|aussi\s+|egalement\s+"
    r"|encore\s+)*"
    r"(?:nous\s+)?(?P<what>fait|envoye|propose|demarche|approche|remis|transmis"
    r"|chiffre|contacte|soumis"
    r"|annonce|moins cher|plus cher|sur les rangs|en lice|dans la course|sur le coup"
    r"|une offre|une proposition|un devis|un tarif|des tarifs|votre concurrent|consulte"
    r"|\d)"
)
_LISTED = re.compile(
    r"(?:,|\bet|\bou)\s*(?:bien |aussi |avec |chez |la societe |l'agence "
    r"|le cabinet )*$"
)
_COMPETING = re.compile(
    r"concurren|consult\w+|autre (?:agence|prestataire|fournisseur|offre|societe)"
    r"|en parallele|demarche|approche par|nous a contacte|aussi une offre|offre a"
    r"|moins cher|appel d'offres|en lice"
    r"|\bfait une offre|nous a (?:fait|propose|envoye|chiffre)|deux autres"
    r"|egalement recu"
)


def find_rivals(sentences: Sequence[Sentence], meeting: Meeting) -> list[Rival]:
    """Return the competitors that are named as such."""
    speakers = {s.speaker for s in sentences if s.speaker}
    places: dict[str, tuple[str, list[int]]] = {}
    for sentence in sentences:
        names = find_names(sentence.text, companies=True)
        taken = False
        for name in names:
            if _is_known(name, meeting, speakers):
                continue
            place = sentence.text.find(name)
            before = sentence.folded[:place]
            after = sentence.folded[place + len(name) :]
            is_listed = taken and _LISTED.search(before)
            is_named = _RIVAL_BEFORE.search(before) or _RIVAL_AFTER.search(after)
            is_sure = sentence.side != "ours" and _RIVAL_FOR_SURE.search(before)
            taken = bool(is_sure or (is_named and _competes(sentence)) or is_listed)
            if taken or squeeze(name) in places:
                said = places.setdefault(squeeze(name), (name, []))[1]
                if sentence.segment not in said:
                    said.append(sentence.segment)
    return [
        Rival(name=name, segment=said[0], also=said[1:])
        for name, said in places.values()
    ]


def _competes(sentence: Sentence) -> bool:
    return sentence.side != "ours" and bool(
        _COMPETING.search(sentence.folded)
        or re.search(
            r"\baussi\b|egalement|\boffre|devis|hesit|compar|ils proposent|forfait"
            r"|leurs? (?:prix|approche|solution|tarif)|plus rapide|moins cher",
            sentence.folded,
        )
    )


def _is_known(name: str, meeting: Meeting, speakers: set[str]) -> bool:
    """Tell whether a name is ours, the client's or a speaker's."""
    known = (*meeting.ours, *meeting.clients, *speakers)
    return is_one_of(name_words(name), known)

"""What a question about the pipeline asks for, read without a model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from odoo.addons.crm_ai.lib.folding import fold

Topic = Literal[
    "all", "idle", "bottleneck", "slipping", "segment", "churn", "upsell", "other"
]
TOPICS: tuple[tuple[Topic, str], ...] = (
    ("idle", r"dort|dorment|sans (?:nouvelles?|reponse|echange|suite)|inacti|relanc|"
             r"immobile|endormi|oubli"),
    ("bottleneck", r"blocage|bloque|goulot|etape|coince|ralenti"),
    ("slipping", r"retard|gliss|cloture|echeance|repouss|decal"),
    ("churn", r"perdre|depart|parti|churn|infidel|quitt|mecontent"),
    ("upsell", r"ventes? (?:additionnelle|croisee)|upsell|proposer en plus|complement"),
    ("segment", r"segment|priorit|forte valeur|risque|sommeil|dormant"),
    ("all", r"pipeline|pipe\b|portefeuille|affaires?|opportunites?|situation|"
            r"point|bilan|deals?|ventes?"),
)  # fmt: skip
# Subjects of other rights: which model holds their answer.
ELSEWHERE: tuple[tuple[str, str], ...] = (
    ("account.move", r"\b(?:factures?|impayes?|comptab|ecritures?)"),
    ("account.bank.statement.line", r"\b(?:banques?|bancaires?)\b"),
    ("hr.employee", r"\b(?:salaires?|paie|conges|employes?|contrats? de travail)\b"),
    ("res.users", r"\b(?:mots? de passe|identifiants?|cles? (?:api|secretes?))\b"),
)  # fmt: skip
EVERYBODY = re.compile(
    r"\b(?:toute l'equipe|tous les (?:vendeurs|commerciaux)|l'agence)\b"
)


@dataclass(frozen=True)
class Question:
    """What was understood.

    :param days: "depuis plus de 30 jours", None when not said
    :param user_ids: the sellers that are named
    :param elsewhere: the model that would answer, when it is no deal
    """

    topic: Topic
    days: int | None = None
    user_ids: tuple[int, ...] = ()
    elsewhere: str = ""
    asks_for_all: bool = False


def _find_people(folded: str, people: Mapping[int, str]) -> tuple[int, ...]:
    """Return who is named: by the full name, or by a first name nobody shares."""
    words = set(re.findall(r"[a-z]+", folded))
    full = [
        user_id
        for user_id, name in people.items()
        if (parts := re.findall(r"[a-z]+", fold(name))) and words.issuperset(parts)
    ]
    if full:
        return tuple(sorted(full))
    firsts: dict[str, list[int]] = {}
    for user_id, name in people.items():
        parts = re.findall(r"[a-z]+", fold(name))
        if parts and len(parts[0]) > 2:
            firsts.setdefault(parts[0], []).append(user_id)
    return tuple(
        sorted(
            user_id
            for first, ids in firsts.items()
            if first in words
            for user_id in ids
        )
    )


def read_question(text: str, people: Mapping[int, str]) -> Question:
    """Return what a question asks for.

    :param people: name of each seller, by id

    >>> read_question("Où en est le pipeline de Marie ?", {7: "Marie Roche"}).user_ids
    (7,)
    """
    folded = fold(text)
    named = _find_people(folded, people)
    match = re.search(r"(\d{1,3}) jours", folded)
    days = int(match[1]) if match else None
    for model, pattern in ELSEWHERE:
        if re.search(pattern, folded):
            return Question("other", days, named, model)
    asks_for_all = bool(EVERYBODY.search(folded))
    for topic, pattern in TOPICS:
        if re.search(pattern, folded):
            return Question(topic, days, named, "", asks_for_all)
    return Question("other", days, named)


KINDS_BY_TOPIC: Mapping[Topic, frozenset[str]] = {
    topic: frozenset({topic, "pipeline"}) for topic, _ in TOPICS if topic != "all"
}

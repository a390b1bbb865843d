"""Is a client unhappy? Words that say so, and the sentence where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from odoo.addons.crm_ai.lib.folding import fold

# Pattern on folded text, points. Three points make a flag.
SIGNS: tuple[tuple[str, int], ...] = (
    (r"\b(?:tres |vraiment |extremement )?(?:mecontente?s?|insatisfaite?s?)\b", 3),
    (r"\b(?:decue?s?|deception|decevante?s?)\b", 3),
    (r"\binadmissible|inacceptable|intolerable|scandaleu[xs]e?|honteu[xs]e?\b", 3),
    (r"\b(?:furieu[xs]e?|en colere|excedee?s?|agacee?s?|ras[- ]le[- ]bol)\b", 3),
    (r"\b(?:mise en demeure|avocat|tribunal|litige|porter plainte)\b", 3),
    (r"\bresili(?:er|e|ation|ons|erons)\b", 3),
    (r"\b(?:remboursement|etre remboursee?s?|nous rembourser|me rembourser)\b", 2),
    (r"\b(?:toujours (?:pas|rien)|aucune (?:reponse|nouvelle))\b", 2),
    (r"\bsans (?:reponse|nouvelles?)\b", 2),
    (r"\b(?:probleme|dysfonctionnement|erreur|retard|bug)s?\b", 1),
    (r"\b(?:pas (?:serieux|normal|professionnel|satisfaite?s?|contente?s?))\b", 3),
    (r"\b(?:perdre? patience|perte de temps|derniere relance)\b", 3),
    (r"\b(?:concurrent|aller voir ailleurs|changer de prestataire)s?\b", 2),
    (r"\b(?:plusieurs|troisieme|deuxieme|enieme) (?:relances?|fois)\b", 1),
    (r"\bne (?:marche|fonctionne)(?:nt)? (?:pas|plus|toujours)\b", 2),
)
COMPILED = tuple((re.compile(pattern), points) for pattern, points in SIGNS)
# "pas mécontent", "aucun problème", "sans erreur": the sign says the opposite.
DENIED = re.compile(
    r"\b(?:pas|plus|jamais|aucune?|sans|nullement|ni|zero)(?: \w+){0,2}"
    r" $|n'(?:est|etait) "
    r"pas (?:du tout )?$"
)
THRESHOLD = 3
SENTENCES = re.compile(r"[^.!?\n]+[.!?]*")
QUOTED = re.compile(r"^\s*(?:>|-----|le .+ (?:a ecrit|écrit) ?:|de ?:|from ?:)", re.I)


@dataclass(frozen=True)
class Mood:
    """The verdict.

    :param sentence: the one that says it most, as written
    """

    is_unhappy: bool
    sentence: str
    points: int


def own_words(text: str) -> str:
    """Return a mail without what it quotes of earlier ones.

    >>> own_words("Merci.\\n> Bonjour")
    'Merci.'
    """
    kept: list[str] = []
    for line in text.splitlines():
        if QUOTED.match(line):
            if not line.lstrip().startswith(">"):
                break
            continue
        kept.append(line)
    return "\n".join(kept).strip()


def _rate(sentence: str) -> int:
    folded, points = fold(sentence), 0
    for pattern, value in COMPILED:
        for match in pattern.finditer(folded):
            if not DENIED.search(folded[: match.start()]):
                points += value
    return points


def read_mood(text: str) -> Mood:
    """Return what the writer's own words say.

    >>> read_mood("Je suis très déçu. Merci.").sentence
    'Je suis très déçu.'
    """
    rated = [
        (_rate(sentence), sentence.strip())
        for sentence in SENTENCES.findall(own_words(text))
    ]
    total = sum(points for points, _ in rated)
    best = max(rated, key=lambda pair: pair[0], default=(0, ""))
    unhappy = total >= THRESHOLD
    return Mood(unhappy, best[1] if unhappy else "", total)

"""A French sales meeting of any length, made up for tests with given facts.

The small talk is drawn from a seed; it holds traps: other amounts, dates of errands,
functions that decide nothing, companies that are no rivals.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

QUESTIONS = (
    "Et aujourd'hui, comment travaillez-vous sur {topic} ?",
    "Qu'est-ce qui vous prend le plus de temps avec {topic} ?",
    "Combien de personnes s'occupent chez vous de {topic} ?",
    "Vous avez déjà un outil pour {topic} ?",
)
ANSWERS = (
    "Franchement, {topic}, c'est encore fait à la main par deux assistantes.",
    "Nous avons essayé un tableur pour {topic}, mais personne ne le tient à jour.",
    "Cela dépend des semaines, {topic} nous occupe beaucoup au printemps.",
    "Notre équipe de Lyon suit {topic}, celle de Nantes ne fait rien de semblable.",
    "On nous demande souvent où en est {topic}, et nous répondons de mémoire.",
    "L'an dernier, {topic} nous a coûté 12 000 euros de prestataires divers.",
    "Le directeur technique a lancé l'ancien outil pour {topic}, il est parti depuis.",
    "Depuis le mois de janvier, {topic} passe par un formulaire.",
    "Chaque lundi nous envoyons un tableau sur {topic} à tous les commerciaux.",
    "Nous travaillons avec Chronopost pour les envois, {topic} n'a rien à voir.",
)
REACTIONS = (
    "Je comprends, c'est une situation que nous voyons souvent.",
    "D'accord, je note.",
    "Très bien, c'est clair.",
    "Oui, tout à fait.",
    "Et cela revient chaque mois, j'imagine.",
    "Nous avions la même question chez un autre client du secteur.",
)
TOPICS = (
    "les demandes de devis", "le suivi des clients", "la mise à jour du catalogue",
    "les relances", "le site internet", "la gestion des stocks",
    "les photos des produits", "le service après-vente", "les salons professionnels",
    "la newsletter", "les statistiques de vente", "le planning des équipes",
    "l'espace réservé aux revendeurs", "les traductions", "le référencement",
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """The facts of one meeting and how they are said.

    :param lines: (who, what) of the facts: "s" the seller, "c" the client
    """

    seller: str
    client: str
    lines: tuple[tuple[str, str], ...]


def tell(
    story: Story, minutes: int = 45, seed: int = 1
) -> list[tuple[float, str, str]]:
    """Return (seconds, speaker, text) of the meeting; its facts are spread over it."""
    chance = random.Random(seed)
    names = {"s": story.seller, "c": story.client}
    said: list[tuple[float, str, str]] = []
    at, end = 0.0, minutes * 60
    groups = _group(story.lines)
    for number, group in enumerate(groups, start=1):
        until = end * number / (len(groups) + 1)
        while at < until:
            for who, text in _small_talk(chance):
                said.append((at, names[who], text))
                at += 3 + len(text) / 14
        for who, text in group:
            said.append((at, names[who], text))
            at += 3 + len(text) / 14
    while at < end:
        for who, text in _small_talk(chance):
            said.append((at, names[who], text))
            at += 3 + len(text) / 14
    return said


def _group(lines):
    """A question and what follows it stay together."""
    groups: list[list[tuple[str, str]]] = []
    for line in lines:
        if groups and (line[1].startswith("+") or groups[-1][-1][1].endswith("?")):
            groups[-1].append((line[0], line[1].lstrip("+")))
        else:
            groups.append([line])
    return groups


def _small_talk(chance: random.Random):
    topic = chance.choice(TOPICS)
    yield "s", chance.choice(QUESTIONS).format(topic=topic)
    for _ in range(chance.randint(1, 3)):
        yield "c", chance.choice(ANSWERS).format(topic=topic)
    yield "s", chance.choice(REACTIONS)


def stamp(seconds: float, comma: str = ".") -> str:
    whole = int(seconds)
    clock = f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{clock}{comma}{int(seconds % 1 * 1000):03}"


def as_text(said) -> str:
    return "".join(f"[{stamp(at)[:8]}] {who} : {text}\n" for at, who, text in said)


def as_vtt(said) -> str:
    cues = [
        f"{stamp(at)} --> {stamp(at + 2.5)}\n<v {who}>{text}</v>\n"
        for at, who, text in said
    ]
    return "WEBVTT\n\n" + "\n".join(cues)


def as_srt(said) -> str:
    cues = [
        f"{n}\n{stamp(at, ',')} --> {stamp(at + 2.5, ',')}\n{who} : {text}\n"
        for n, (at, who, text) in enumerate(said, start=1)
    ]
    return "\n".join(cues)


BIOTECH = Story(
    "Lucas Martin",
    "Henri Dupont",
    (
        ("s", "Avez-vous déjà prévu un budget pour ce projet ?"),
        ("c", "Oui, nous avons une enveloppe de 50 000 EUR, hors taxes."),
        ("s", "Et quel serait le calendrier idéal ?"),
        ("c", "Nous aimerions une mise en ligne au deuxième trimestre."),
        ("s", "Qui prend la décision finale chez vous ?"),
        ("c", "C'est notre directrice générale qui décide, moi je prépare le dossier."),
        ("c", "Il nous faudrait une proposition technique écrite."),
        ("s", "+D'accord, je vous envoie la proposition technique avant vendredi."),
        ("c", "On aimerait aussi voir une démo avec l'équipe."),
        ("s", "+Je vous organise la démo mardi prochain."),
        ("c", "Je préfère vous le dire, on consulte aussi Webvision."),
        ("c", "Ce qui m'inquiète un peu, c'est le délai, il me paraît court."),
    ),
)
ATELIERS = Story(
    "Marie Roche",
    "Paul Garnier",
    (
        ("c", "Côté budget, on pense mettre quatre-vingt mille euros hors taxes."),
        ("c", "Il faudrait que ce soit en production fin septembre."),
        ("s", "Qui tranche, au final ?"),
        ("c", "Notre DAF, Mme Sylvie Leroy, aura le dernier mot."),
        ("c", "Pourriez-vous nous transmettre deux références clients d'ici jeudi ?"),
        ("s", "+Oui, bien sûr."),
        ("s", "On organise un atelier le 17 mars avec vos équipes."),
        ("c", "Nova Digital nous a fait une offre la semaine dernière, 65 000 euros."),
        ("c", "Très bien, tout cela nous plaît, nous sommes ravis de cet échange."),
    ),
)

"""What people ask most, understood without any model.

A table: words of the question -> tool and arguments. The first line that fits counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from odoo.addons.crm_ai.lib.folding import fold

DEFAULT_IDLE_DAYS = 14


@dataclass(frozen=True)
class Command:
    """A question that was understood.

    :param name: key of the sentence that answers, see `wording`
    :param tools: (name, arguments) of each tool it needs, in order
    """

    name: str
    tools: tuple[tuple[str, Mapping[str, Any]], ...] = field(default_factory=tuple)


_EVERYONE = re.compile(
    r"\b(equipe|tout le monde|tous les vendeurs|societe|entreprise)\b"
)
_PERIODS = (
    (r"aujourd'?hui|ce jour", "today"),
    (r"semaine derniere|semaine passee", "last_week"),
    (r"semaine prochaine", "next_week"),
    (r"semaine", "this_week"),
    (r"mois dernier|mois passe", "last_month"),
    (r"mois prochain", "next_month"),
    (r"\bmois\b", "this_month"),
    (r"trimestre", "this_quarter"),
    (r"\bannee\b|cette annee", "this_year"),
)
_DAYS = re.compile(r"(\d{1,3})\s*(jour|semaine|mois)")
_OWNER = re.compile(
    r"\b(?:affaires?|pipeline|pipe|pistes?|opportunites?|portefeuille|ventes?|chiffres?)"
    r"\s+(?:ouvertes?\s+|dormantes?\s+|gagnees?\s+|perdues?\s+)?(?:de|d'|a)\s*"
    r"(?P<name>[A-Z\u00c0-\u00de][\w'\u2019-]+(?:\s+[A-Z\u00c0-\u00de][\w'\u2019-]+){0,2})",
)
_CLIENT = re.compile(
    r"(?i:\b(?:(?:trouve|cherche|retrouve|recherche|montre|ouvre|donne)(?:r|-moi| moi)?"
    r"(?:\s+(?:le|la|les|un|une|l'))?(?:\s+(?:client|contact|fiche|societe|"
    r"soci\u00e9t\u00e9|entreprise|coordonn\u00e9es))?(?:\s+(?:de|du|d'))?|qui est|"
    r"(?:t\u00e9l\u00e9phone|num\u00e9ro|mail|adresse|coordonn\u00e9es)(?:\s+(?:de|du|d'))|client|contact)\s+)"
    r"(?P<words>[^?!.]{2,60})"
)


def _period(folded: str) -> str | None:
    for pattern, period in _PERIODS:
        if re.search(pattern, folded):
            return period
    return None


def _days(folded: str) -> int:
    match = _DAYS.search(folded)
    if not match:
        return DEFAULT_IDLE_DAYS
    return int(match[1]) * {"jour": 1, "semaine": 7, "mois": 30}[match[2]]


def understand(question: str) -> Command | None:
    """Return what a question asks, None when it is none of those known here."""
    # Some devices send letters and accents apart.
    question = unicodedata.normalize("NFC", question)
    folded = fold(question)
    owner: dict[str, Any] = {}
    if match := _OWNER.search(question):
        owner = {"owner_name": match["name"]}
    elif _EVERYONE.search(folded):
        owner = {"owner": "everyone"}
    for pattern, maker in _TABLE:
        if re.search(pattern, folded):
            return maker(folded, owner)
    if match := _CLIENT.search(question):
        words = re.sub(r"^(?:de |du |d'|la |le |l')", "", match["words"].strip())
        return Command("clients", (("find_clients", {"words": words}),))
    return None


def _help(folded: str, owner: dict) -> Command:
    return Command("help", (("search_help", {"question": folded}),))


def _pipeline(folded: str, owner: dict) -> Command:
    open_deals = {"kind": "open", "owner": "everyone", **owner}
    idle = {**open_deals, "idle_days": _days(folded)}
    return Command("pipeline", (("find_deals", open_deals), ("find_deals", idle)))


def _deals(name: str, **arguments: Any):
    def make(folded: str, owner: dict) -> Command:
        values = {**arguments, **owner}
        if "period" in arguments and arguments["period"] is None:
            values["period"] = _period(folded)
        if arguments.get("period") == "?":
            values["period"] = _period(folded) or "this_month"
        return Command(name, (("find_deals", values),))

    return make


def _idle(folded: str, owner: dict) -> Command:
    values = {"kind": "open", "owner": "everyone", "idle_days": _days(folded), **owner}
    return Command("idle", (("find_deals", values),))


def _count(name: str, group_by: str, kind: str = "open", period: str | None = None):
    def make(folded: str, owner: dict) -> Command:
        values = {"kind": kind, "group_by": group_by, "owner": "everyone", **owner}
        values["period"] = _period(folded) or period
        return Command(name, (("count_deals", values),))

    return make


def _new(folded: str, owner: dict) -> Command:
    values = {"kind": "new", "owner": "everyone", **owner}
    values["period"] = _period(folded) or "this_week"
    return Command("new", (("find_deals", values),))


def _activities(folded: str, owner: dict) -> Command:
    when = "late" if "retard" in folded else "today"
    when = "week" if "semaine" in folded else when
    return Command("activities", (("list_activities", {"when": when}),))


def _meetings(folded: str, owner: dict) -> Command:
    return Command("meetings", (("list_meetings", {"days": _days(folded)}),))


_DEALS = r"\b(affaires?|opportunites?|pipeline|pipe|portefeuille|dossiers?)\b"
_TABLE = (
    (r"^\s*(comment|aide\b|a quoi sert|ou (?:trouve|trouver|se trouve))", _help),
    (r"raisons? de (?:la )?perte|pourquoi .*perd|perdu.*(?:raison|pourquoi)",
     _count("lost_reasons", "lost_reason", "lost")),
    (r"\bperdu", _deals("lost", kind="lost", owner="everyone", period="?")),
    (r"\bgagne|\bsignees?\b|\bremporte",
     _deals("won", kind="won", owner="everyone", period="?")),
    (r"\bdor(?:mant|t\b|ment)|sans (?:nouvelles?|reponse|echange|activite)"
     r"|inactive?s?|a relancer|en attente|immobiles?|bougent? (?:pas|plus)", _idle),
    (r"prevision|previsionnel|prevu|forecast",
     _deals("forecast", kind="open", owner="everyone", period="?")),
    (r"par (?:etape|statut)|entonnoir", _count("stages", "stage")),
    (r"par (?:vendeur|commercial|personne)", _count("owners", "owner")),
    (r"par (?:source|origine|canal)|d'ou viennent", _count("sources", "source")),
    (r"priorit|chaude?s?\b|\bhot\b|importantes?\b",
     _deals("priority", kind="open", owner="everyone", only_priority=True)),
    (r"nouve(?:aux|lles?|au)\b.*\b(?:pistes?|leads?|affaires?|demandes?|prospects?)"
     r"|(?:pistes?|leads?|prospects?)\b.*\b(?:semaine|mois|aujourd'hui|recentes?)",
     _new),
    (r"\bactivites?\b|a faire|mes taches|ma journee|mes rappels|mes appels",
     _activities),
    (r"rendez-?vous|\brdv\b|reunions?|\bagenda\b|calendrier", _meetings),
    (r"mes (?:affaires|opportunites|dossiers)|mon (?:pipeline|pipe|portefeuille)",
     _deals("mine", kind="open", owner="me")),
    (rf"(?:ou en est|ou en sont|etat|point|bilan|resume|comment va|combien).*{_DEALS}"
     rf"|^\W*{_DEALS}", _pipeline),
    (rf"{_DEALS}\s+(?:de|d'|a)\b", _pipeline),
)  # fmt: skip

# What a person may ask, shown in an empty panel.
EXAMPLES = (
    "O\u00f9 en est le pipeline ?",
    "Quelles affaires dorment depuis 30 jours ?",
    "Mes activit\u00e9s du jour",
    "Qu'avons-nous gagn\u00e9 ce mois-ci ?",
    "Mes prochains rendez-vous",
    "Comment envoyer un devis ?",
)

"""The tools of the assistant: few, typed, and none of them writes on a record."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from odoo.addons.crm_ai.lib import structured
from odoo.addons.crm_ai.lib.messages import Tool

from .periods import Period


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DealsArguments(_Arguments):
    kind: Literal["open", "won", "lost", "new"] = Field(
        default="open",
        description="open : affaires en cours ; won : gagnées ; lost : perdues ; new :"
        " pistes et affaires créées",
    )
    owner: Literal["me", "everyone"] = Field(
        default="me", description="me : celles de la personne qui parle"
    )
    owner_name: str | None = Field(
        default=None, description="Nom d'un autre vendeur, seulement s'il est nommé"
    )
    period: Period | None = Field(
        default=None,
        description="open : clôture prévue ; won et lost : clôture ; new : création",
    )
    idle_days: int | None = Field(
        default=None, description="Sans échange depuis plus de tant de jours"
    )
    stage: str | None = Field(default=None, description="Nom d'une étape")
    words: str | None = Field(
        default=None, description="Mots du nom de l'affaire ou du client"
    )
    only_priority: bool = Field(
        default=False, description="Seulement les affaires marquées prioritaires"
    )


class CountArguments(DealsArguments):
    group_by: Literal["stage", "owner", "month", "source", "lost_reason"] = Field(
        default="stage", description="Une ligne par étape, vendeur, mois..."
    )


class ActivitiesArguments(_Arguments):
    when: Literal["late", "today", "week", "all"] = Field(
        default="today", description="today compte aussi celles en retard"
    )


class MeetingsArguments(_Arguments):
    days: int = Field(default=7, description="Dans les tant de jours à venir")


class ClientsArguments(_Arguments):
    words: str = Field(description="Nom, ville, adresse mail ou téléphone")


class ReadArguments(_Arguments):
    record: str = Field(description="Repère, par exemple [AFFAIRE_12]")


class ScreenArguments(_Arguments):
    screen: Literal[
        "pipeline", "leads", "activities", "calendar", "clients", "forecast"
    ] = Field(description="L'écran à ouvrir")


class HelpArguments(_Arguments):
    question: str = Field(description="Ce que la personne veut savoir faire")


class ActivityArguments(ReadArguments):
    kind: Literal["call", "mail", "meeting", "todo"] = "todo"
    summary: str = Field(description="Quoi faire, en quelques mots")
    due_date: str = Field(description="AAAA-MM-JJ")


class CallNoteArguments(ReadArguments):
    note: str = Field(description="Ce qui s'est dit")


class DraftArguments(ReadArguments):
    subject: str = Field(description="Objet du message")
    body: str = Field(description="Texte du message, poli, en français")


# name -> (arguments, what the model is told of it)
TOOLS: dict[str, tuple[type[_Arguments], str]] = {
    "find_deals": (
        DealsArguments,
        "Liste les affaires ou pistes qui répondent aux critères, avec leur nombre et"
        " leur montant total (pipeline, affaires dormantes, gagnées, perdues)",
    ),
    "count_deals": (
        CountArguments,
        "Compte les affaires et leur montant par étape, vendeur, mois, source ou"
        " raison de perte (prévision, répartition)",
    ),
    "list_activities": (
        ActivitiesArguments,
        "Liste les activités prévues de la personne : appels, relances, tâches",
    ),
    "list_meetings": (MeetingsArguments, "Liste ses prochains rendez-vous"),
    "find_clients": (ClientsArguments, "Cherche un client ou un contact"),
    "read_deal": (ReadArguments, "Donne le détail d'une affaire ou d'un client"),
    "open_screen": (ScreenArguments, "Propose d'ouvrir un écran du logiciel"),
    "search_help": (
        HelpArguments,
        "Cherche dans la documentation comment faire quelque chose dans le logiciel",
    ),
    "propose_activity": (
        ActivityArguments,
        "Propose de planifier une activité ou un rappel ; la personne confirme",
    ),
    "propose_call_note": (
        CallNoteArguments,
        "Propose de journaliser un appel téléphonique ; la personne confirme",
    ),
    "propose_draft": (
        DraftArguments,
        "Propose un brouillon de message ; la personne relit et envoie elle-même",
    ),
}
PROPOSALS = ("propose_activity", "propose_call_note", "propose_draft")


def all_tools() -> tuple[Tool, ...]:
    """Return what is offered to a model."""
    return tuple(
        Tool(name, description, structured.schema_of(arguments))
        for name, (arguments, description) in TOOLS.items()
    )

"""What a meeting came to: the shape that a model fills and that the rules fill.

Every item names the segment of the transcript where it was said, and the others in
`also`. Fields are required and have no limits here: `check.py` judges them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MoodLabel = Literal["positive", "neutral", "mixed", "negative"]


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid")

    segment: int = Field(description="Numéro du segment où cela est dit")
    also: list[int] = Field(
        description="Numéros des autres segments qui le disent, sinon liste vide"
    )


class KeyPoint(_Item):
    text: str = Field(description="Une phrase en français")


class Decision(_Item):
    text: str = Field(description="Ce qui a été décidé, une phrase en français")


class Objection(_Item):
    text: str = Field(description="La réserve du client, une phrase en français")


class Action(_Item):
    what: str = Field(description="Verbe à l'infinitif et objet, en français")
    owner: str | None = Field(description="Qui le fait, comme nommé; null si inconnu")
    due: str | None = Field(
        description="Échéance avec les mots du segment (« avant vendredi »), sinon null"
    )


class Budget(_Item):
    amount: float = Field(description="Montant en unités, sans milliers abrégés")
    currency: str = Field(description="Code ISO à trois lettres, EUR par défaut")


class Deadline(_Item):
    text: str = Field(description="Échéance du projet, T1 à T4 pour un trimestre")
    date: str | None = Field(description="AAAA-MM-JJ si le jour est dit, sinon null")


class DecisionMaker(_Item):
    name: str = Field(
        description="Fonction abrégée (DG, PDG, DAF...) puis nom s'il est dit"
    )


class Rival(_Item):
    name: str = Field(description="Nom du concurrent, comme dit")


class Mood(_Item):
    label: MoodLabel
    reason: str = Field(description="Pourquoi, une phrase en français")


class MeetingResult(BaseModel):
    """The summary of a meeting, or of one part of it."""

    model_config = ConfigDict(extra="forbid")

    key_points: list[KeyPoint]
    decisions: list[Decision]
    actions: list[Action]
    budget: Budget | None
    deadline: Deadline | None
    decision_maker: DecisionMaker | None
    rivals: list[Rival]
    objections: list[Objection]
    mood: Mood | None

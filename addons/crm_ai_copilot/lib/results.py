"""Shapes of the answers of each feature; checked again by code."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Result(BaseModel):
    """All fields required, nothing else accepted."""

    model_config = ConfigDict(extra="forbid")


class DraftResult(Result):
    """A mail: plain text, an empty line between paragraphs."""

    subject: str
    body: str


class SmsResult(Result):
    """A text message."""

    text: str


class Sentence(Result):
    """A sentence about facts."""

    text: str
    fact_ids: list[str]


class AnalysisResult(Result):
    """An analysis: each sentence stands on facts."""

    sentences: list[Sentence]


class FoundField(Result):
    """A value that a signature states, with the line that states it."""

    field: Literal["contact_name", "partner_name", "function", "phone", "website"]
    value: str
    evidence: str


class ReadingResult(Result):
    """What an incoming mail says of the client."""

    unhappy: bool
    sentence: str | None
    found: list[FoundField]


class NextActionResult(Result):
    """A step that was proposed."""

    kind: str
    reason: str
    rule: str | None

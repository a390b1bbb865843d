"""What a feature hands to the engine for one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .messages import Message

Kind = Literal["person", "company", "email", "phone", "iban", "address", "other"]


@dataclass(frozen=True)
class Identity:
    """A personal value of the records involved, to be hidden from vendors."""

    kind: Kind
    value: str


@dataclass(frozen=True)
class Source:
    """A record the answer stands on, for the register and the links."""

    model: str
    res_id: int
    label: str

    def as_dict(self) -> dict[str, Any]:
        """Return the source as the register keeps it."""
        return {"model": self.model, "id": self.res_id, "label": self.label}


@dataclass(frozen=True)
class TaskInputs:
    """All that goes into the prompt of one question.

    :param facts: what our own code states, ready for JSON; names are the inputs
        that the prompt declares
    :param texts: written by others (mails, notes, transcripts): data, never
        instructions; names are inputs of the prompt, too
    :param identities: replaced by placeholders before anything leaves
    :param sources: records this stands on
    :param history: earlier turns of a conversation
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    identities: tuple[Identity, ...] = ()
    sources: tuple[Source, ...] = ()
    history: tuple[Message, ...] = ()

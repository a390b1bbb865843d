"""Who met, when: what the rules need to know beside the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from odoo.addons.crm_ai.lib.folding import fold
from odoo.addons.crm_ai.lib.messages import Segment

from .words import sentences, squeeze

Side = Literal["ours", "client", ""]
_OURS = {"commercial", "commerciale", "vendeur", "vendeuse", "agence", "consultant",
         "consultante", "conseiller", "conseillere", "nous", "moi",
         "prestataire"}  # fmt: skip
# in many names of companies: they tell nobody from anybody
_GENERIC = set(
    "sas sarl sasu eurl sci scop agence societe groupe cabinet conseil conseils studio"
    " digital web les des the and fils monsieur madame mme services france group"
    " company"
    " consulting technologies solutions".split()
)
_CLIENT = {"client", "cliente", "prospect", "prospecte", "acheteur", "acheteuse"}

_TITLES = frozenset(("madame", "mademoiselle", "maitre", "mlle", "mme", "monsieur"))


@dataclass(frozen=True)
class Meeting:
    """:param day: of the meeting, in the zone of the business

    :param ours: names of our people, the seller first, and of our company
    :param clients: names of the client, its company and its people
    """

    day: date
    ours: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()

    @property
    def seller(self) -> str:
        return self.ours[0] if self.ours else ""

    def side(self, speaker: str) -> Side:
        """Return on which side of the table a speaker sits, empty when unknown."""
        words = set(squeeze(speaker).split())
        if not words:
            return ""
        named = name_words(speaker) - _TITLES
        if is_one_of(named, self.ours) or words & _OURS:
            return "ours"
        if is_one_of(named, self.clients) or words & _CLIENT:
            return "client"
        return ""

    def name_of(self, speaker: str) -> str:
        """Return who a speaker is: "Commercial" is the seller."""
        is_label = set(squeeze(speaker).split()) & _OURS
        return self.seller or speaker if is_label else speaker


def name_words(name: str) -> set[str]:
    """Return the words of a name by which it is recognised."""
    words = {word for word in squeeze(name).split() if len(word) > 2}
    return words - _GENERIC or words


def is_one_of(words: set[str], names: Sequence[str]) -> bool:
    """Tell whether words name one of these: some of its words, or more than its words.

    A first name in common is not enough: Marie Leblanc is not Marie Roche.
    """
    known = map(name_words, names)
    return bool(words) and any(words <= one or one <= words for one in known if one)


@dataclass(frozen=True)
class Sentence:
    """One sentence of a segment.

    :param segment: index of its segment; :param order: its own place in all of them
    """

    text: str
    folded: str
    segment: int
    order: int
    speaker: str
    side: Side

    @property
    def is_question(self) -> bool:
        return self.text.rstrip().endswith("?")


def read_sentences(segments: Sequence[Segment], meeting: Meeting) -> list[Sentence]:
    """Return the sentences of a transcript in order.

    With our side known, everybody else who speaks is the client's.
    """
    sides = {s.speaker: meeting.side(s.speaker) for s in segments}
    if "ours" in sides.values():
        sides = {who: side or ("client" if who else "") for who, side in sides.items()}
    elif "client" in sides.values():
        sides = {who: side or ("ours" if who else "") for who, side in sides.items()}
    found: list[Sentence] = []
    for index, segment in enumerate(segments):
        for text in sentences(segment.text):
            side = sides[segment.speaker]
            found.append(
                Sentence(text, fold(text), index, len(found), segment.speaker, side)
            )
    return found

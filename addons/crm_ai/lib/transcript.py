"""A recording as text: the result of tasks whose kind is sound."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from .messages import TranscriptAnswer


class Spoken(BaseModel):
    """A stretch of speech; `start` and `end` in seconds from the very beginning."""

    model_config = ConfigDict(extra="forbid")

    text: str
    start: float | None
    end: float | None
    speaker: str


class Transcript(BaseModel):
    """All that was said, in order."""

    model_config = ConfigDict(extra="forbid")

    language: str
    segments: list[Spoken]


def join(pieces: Iterable[tuple[float, TranscriptAnswer]]) -> Transcript:
    """Put the pieces of one recording together.

    :param pieces: (start of the piece in seconds, what was heard in it), in order
    """
    segments, language = [], ""
    for offset, piece in pieces:
        language = language or piece.language
        segments += [
            Spoken(
                text=segment.text.strip(),
                start=None if segment.start is None else segment.start + offset,
                end=None if segment.end is None else segment.end + offset,
                speaker=segment.speaker,
            )
            for segment in piece.segments
            if segment.text.strip()
        ]
    return Transcript(language=language, segments=segments)

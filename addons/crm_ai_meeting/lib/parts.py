"""A long transcript in parts that a model can read at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from odoo.addons.crm_ai.lib.messages import Segment

# About 4,000 tokens of French, indexes and speakers included.
PART_CHARACTERS = 14_000
OVERLAP_SEGMENTS = 3


@dataclass(frozen=True)
class Part:
    """Segments from `first` up to, not including, `last`."""

    first: int
    last: int


def split(
    segments: Sequence[Segment],
    characters: int = PART_CHARACTERS,
    overlap: int = OVERLAP_SEGMENTS,
) -> list[Part]:
    """Cut between segments into parts of about the same size.

    Neighbours share `overlap` segments, so that a question and its answer stay
    together at least once.
    """
    sizes = [len(render_segment(i, segment)) for i, segment in enumerate(segments)]
    total = sum(sizes)
    if total <= characters:
        return [Part(0, len(segments))]
    count = -(-total // characters)
    target = total / count
    parts, first, done = [], 0, 0
    for index, size in enumerate(sizes):
        done += size
        is_full = done >= target * (len(parts) + 1)
        if is_full and len(parts) < count - 1 and index + 1 < len(sizes):
            parts.append(Part(first, index + 1))
            first = max(first + 1, index + 1 - overlap)
    parts.append(Part(first, len(segments)))
    return parts


def render(segments: Sequence[Segment], part: Part) -> str:
    """Return the part as the model reads it: a line per segment, index first."""
    return "".join(
        render_segment(index, segments[index]) for index in range(part.first, part.last)
    )


def render_segment(index: int, segment: Segment) -> str:
    """Return `[12] (00:03:20) Claire : bonjour`.

    >>> render_segment(3, Segment("Bonjour.", 65, None, "Claire"))
    '[3] (00:01:05) Claire : Bonjour.\\n'
    """
    at = f" ({clock(segment.start)})" if segment.start is not None else ""
    who = f" {segment.speaker} :" if segment.speaker else ""
    text = " ".join(segment.text.split())
    return f"[{index}]{at}{who} {text}\n"


def clock(seconds: float) -> str:
    """Return `hh:mm:ss`."""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"

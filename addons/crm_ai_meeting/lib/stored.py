"""Segments as they are kept, in one text."""

from __future__ import annotations

import json
from collections.abc import Sequence

from odoo.addons.crm_ai.lib.messages import Segment


def dump_segments(segments: Sequence[Segment]) -> str:
    """Return the segments as JSON."""
    rows = [[s.text, s.start, s.end, s.speaker] for s in segments]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def load_segments(text: str) -> tuple[Segment, ...]:
    """Return the segments of `dump_segments`; none of an empty text."""
    return tuple(Segment(*row) for row in json.loads(text)) if text else ()

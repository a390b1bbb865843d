"""What kind of activity an action is, by its first words."""

from __future__ import annotations

import re
from typing import Literal

from odoo.addons.crm_ai.lib.folding import fold

ActivityKind = Literal["meeting", "call", "todo"]
_KINDS: tuple[tuple[re.Pattern[str], ActivityKind], ...] = (
    (
        re.compile(
            r"^(?:organiser|planifier|programmer|caler|fixer|preparer)\b.*\b(?:demos?"
            r"|demonstrations?|ateliers?|rendez-vous|reunion|visio|point|visite"
            r"|rencontre)"
        ),
        "meeting",
    ),
    (re.compile(r"^(?:rappeler|appeler|telephoner|recontacter)\b"), "call"),
)


def activity_kind(text: str) -> ActivityKind:
    """Return the kind for an action in French.

    >>> activity_kind("Rappeler Mme Petit")
    'call'
    """
    folded = fold(text)
    return next((kind for pattern, kind in _KINDS if pattern.search(folded)), "todo")

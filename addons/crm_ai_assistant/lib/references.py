"""Records by handles: `[AFFAIRE_12]` instead of a name.

Names of clients need not leave the house to be spoken of, and what a record is called
(clients type it, too) is never read by a model, so it cannot give it orders.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MODELS = {
    "AFFAIRE": "crm.lead",
    "CLIENT": "res.partner",
    "ACTIVITE": "mail.activity",
    "RDV": "calendar.event",
    "VENDEUR": "res.users",
}
_LABELS = {model: label for label, model in MODELS.items()}
# As models write them back: other case, an accent, a lost bracket.
HANDLE = re.compile(
    r"\\?\[?\b(AFFAIRE|CLIENT|ACTIVIT[E\u00c9]|RDV|VENDEUR)\\?_(\d{1,10})\b\\?\]?", re.I
)


def handle_of(model: str, res_id: int) -> str:
    """Return the handle of a record.

    >>> handle_of("crm.lead", 12)
    '[AFFAIRE_12]'
    """
    return f"[{_LABELS[model]}_{res_id}]"


def read_handle(text: str) -> tuple[str, int] | None:
    """Return model and id of the first handle in a text, None without one."""
    match = HANDLE.search(text or "")
    return _read(match) if match else None


def _read(match: re.Match) -> tuple[str, int]:
    label = match[1].upper().replace("\u00c9", "E")
    return MODELS[label], int(match[2])


def find_handles(text: str) -> list[tuple[str, int]]:
    """Return every record a text speaks of, once each."""
    return list(dict.fromkeys(_read(match) for match in HANDLE.finditer(text)))


def replace_handles(text: str, work: Callable[[str, int], str]) -> str:
    """Return the text with every handle replaced. :param work: (model, id) -> text"""
    return HANDLE.sub(lambda match: work(*_read(match)), text)

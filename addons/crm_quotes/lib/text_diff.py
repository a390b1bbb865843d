"""Two texts word by word: what stayed, what went, what came."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

WORDS = re.compile(r"\s+|[^\s]+")
# Above this many words the comparison would be slow: the whole text is shown twice.
MAX_WORDS = 4000


def compare_texts(before: str, after: str) -> list[tuple[str, str]]:
    """Return pieces ``(kind, text)`` with kind ``same``, ``removed`` or ``added``.

    >>> compare_texts("Pay in 30 days", "Pay in 45 days")
    [('same', 'Pay in '), ('removed', '30'), ('added', '45'), ('same', ' days')]
    """
    old, new = WORDS.findall(before or ""), WORDS.findall(after or "")
    if len(old) + len(new) > MAX_WORDS:
        return [("removed", before), ("added", after)]
    pieces: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(old[start:end])))
            continue
        if start < end:
            pieces.append(("removed", "".join(old[start:end])))
        if new_start < new_end:
            pieces.append(("added", "".join(new[new_start:new_end])))
    return pieces

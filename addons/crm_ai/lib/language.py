"""Whether a text is in French, by its commonest words."""

from __future__ import annotations

import re

_FRENCH = frozenset(
    "le la les un une des du de et est vous nous je il elle que qui dans pour sur avec"
    " votre notre vos nos ce cette ces au aux en ne pas plus par à ou sont été être"
    " avez avons bonjour merci cordialement".split()
)
_ENGLISH = frozenset(
    "the a an and is are you we i he she that which in for on with your our this these"
    " to of not more by or have has been be hello thanks thank regards dear please will"
    " would it as at from".split()
)
MIN_WORDS = 8


def looks_english(text: str) -> bool:
    """Tell whether a text is clearly English rather than French.

    Short texts are never judged.

    >>> looks_english("Dear Mr Dupont, thank you for your message about the quote.")
    True
    """
    words = re.findall(r"[a-zàâçéèêëîïôûùœ]+", text.lower())
    if len(words) < MIN_WORDS:
        return False
    french = sum(word in _FRENCH for word in words)
    english = sum(word in _ENGLISH for word in words)
    return english > 2 * french and english >= len(words) / 8

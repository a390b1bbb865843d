"""Access tokens and account addresses, kept in the memory of one process.

A token lives an hour and needs a signed assertion; the address of an account
changes at most when the account moves. Nothing of it is written anywhere.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Any

MARGIN_SECONDS = 120


class TokenCache:
    """Values with an end, safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[Hashable, tuple[Any, float]] = {}

    def get(self, key: Hashable, now: float) -> Any:
        """Return the value, None when there is none or its end is near."""
        with self._lock:
            value, ends_at = self._values.get(key, (None, 0.0))
        return value if now < ends_at else None

    def put(self, key: Hashable, value: Any, now: float, seconds: float) -> None:
        """Keep a value a little less long than it is good for."""
        with self._lock:
            ended = [k for k, (_value, end) in self._values.items() if end <= now]
            for old in ended:
                del self._values[old]
            self._values[key] = (value, now + max(0.0, seconds - MARGIN_SECONDS))

    def forget(self, key: Hashable, value: Any) -> None:
        """Drop a value that was refused, unless a newer one replaced it."""
        with self._lock:
            if self._values.get(key, (None,))[0] == value:
                del self._values[key]


TOKENS = TokenCache()

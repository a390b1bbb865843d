"""An answer that comes in pieces, shown as it grows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ..lib.messages import ModelAnswer


class Growing(Protocol):
    """What `lib/` makes of the pieces."""

    @property
    def shown(self) -> str: ...

    @property
    def is_over(self) -> bool: ...

    def add(self, piece: Any) -> None: ...

    def answer(self, *arguments: Any) -> ModelAnswer: ...


def follow(
    stream: Any,
    growing: Growing,
    on_text: Callable[[str], None],
    is_cancelled: Callable[[], bool] | None,
) -> bool:
    """Take a stream to its end; returns whether it was cancelled before.

    :param stream: of a vendor's library, closed in any case
    :param on_text: takes what is new each time
    """
    said = 0
    with stream:
        for piece in stream:
            growing.add(piece.model_dump(warnings=False))
            shown = growing.shown
            if len(shown) > said:
                on_text(shown[said:])
                said = len(shown)
            if is_cancelled and is_cancelled():
                return True
    return False

"""The values a document is filled with: plain data, nothing that can be called."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

OPERATORS = ("==", "!=", ">=", "<=", ">", "<")


@dataclass(frozen=True)
class Value:
    """One value, ready to be written.

    :param text: what is written; markup when `kind` is ``html``
    :param raw: what conditions compare: a number, a date as ISO text, a text
    :param kind: kind of the offer
    :param image: bytes of a picture, when `kind` is ``image``
    """

    text: str = ""
    raw: Any = None
    kind: str = "text"
    image: bytes = b""

    def __bool__(self) -> bool:
        if self.kind == "image":
            return bool(self.image)
        if isinstance(self.raw, (Decimal, int, float)):
            return bool(self.raw)
        return bool(self.text.strip())

    @property
    def is_missing(self) -> bool:
        """Whether there is nothing to write; zero is something."""
        return not (self.image if self.kind == "image" else self.text.strip())


EMPTY = Value()


def lookup(scope: Mapping[str, Any], path: Iterable[str]) -> Any:
    """Follow a path by keys only; what is not there is an empty value."""
    current: Any = scope
    for code in path:
        if not isinstance(current, Mapping):
            return EMPTY
        current = current.get(code, EMPTY)
    return current


def compare(value: Any, operator: str, expected: str | Decimal) -> bool:
    """Tell whether ``value operator expected``; what cannot be compared is false."""
    if not isinstance(value, Value) or operator not in OPERATORS:
        return False
    left: Any = value.raw if value.raw is not None else value.text
    right: Any = expected
    if isinstance(expected, Decimal):
        try:
            left = Decimal(str(left))
        except InvalidOperation:
            return operator == "!="
    else:
        left, right = str(left).casefold(), str(right).casefold()
    return {
        "==": left == right,
        "!=": left != right,
        ">": left > right,
        "<": left < right,
        ">=": left >= right,
        "<=": left <= right,
    }[operator]


def is_true(value: Any) -> bool:
    """Tell whether a section shown under a condition on `value` is kept."""
    return bool(value)


def fingerprint(values: Iterable[tuple[str, Any]]) -> str:
    """Return a SHA-256 of (path, value) pairs, whatever their order.

    Two documents filled with the same facts have the same one.
    """
    lines = sorted(f"{path}={_spell(value)}" for path, value in values)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _spell(value: Any) -> str:
    if isinstance(value, Value):
        if value.kind == "image":
            return hashlib.sha256(value.image).hexdigest()
        return value.text
    if isinstance(value, Mapping):
        return "{" + ";".join(f"{k}={_spell(v)}" for k, v in value.items()) + "}"
    return "[" + "|".join(_spell(item) for item in value) + "]"

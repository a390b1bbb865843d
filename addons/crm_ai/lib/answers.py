"""What the shapes of all vendors have in common."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from .messages import ToolCall

# Local models that think aloud do so in front of their answer.
_THOUGHTS = re.compile(r"\A\s*<think>.*?(</think>\s*|\Z)", re.S)
_CHARACTERS_PER_TOKEN = 3.5


def without_thoughts(text: str) -> str:
    """Return the text without what the model thought aloud before it.

    >>> without_thoughts("<think>a client?</think> Bonjour")
    'Bonjour'
    """
    return _THOUGHTS.sub("", text)


def settled(text: str) -> str:
    """Return what can be shown of a text that is still growing."""
    begun = text.strip()
    if len(begun) < len("<think>") and "<think>".startswith(begun):
        return ""
    return without_thoughts(text)


def estimate_tokens(*texts: str) -> int:
    """Return about how many tokens texts are, for vendors that do not count."""
    return round(sum(map(len, texts)) / _CHARACTERS_PER_TOKEN)


def text_of(content: Any) -> str:
    """Return the text of a message: plain, or the text parts of a list."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(
        part["text"]
        for part in parts
        if isinstance(part, Mapping)
        and part.get("type", "text") == "text"
        and isinstance(part.get("text"), str)
    )


def read_tool_call(call_id: Any, name: Any, arguments: Any, fallback: str) -> ToolCall:
    """Return a tool call with its arguments decoded.

    :param arguments: JSON text, or the object itself (local servers)
    :param fallback: the name of the call when the vendor gives none
    """
    problem = ""
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments or "{}")
        except ValueError:
            arguments, problem = {}, "the arguments are not valid JSON"
    if not isinstance(arguments, Mapping):
        arguments, problem = {}, problem or "the arguments are not an object"
    identity = call_id if isinstance(call_id, str) and call_id else fallback
    return ToolCall(identity, str(name or ""), dict(arguments), problem)


def count(value: Any) -> int:
    """Return a counter of a vendor, 0 when it is no number."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return max(0, int(value)) if is_number else 0


def as_object(value: Any) -> Mapping[str, Any]:
    """Return a mapping whatever came."""
    return value if isinstance(value, Mapping) else {}

"""OpenAI's shapes, and those of its many imitations, to ours and back.

https://platform.openai.com/docs/api-reference/chat (checked 2026-11). Imitations
leave out counters, call `stop` what are tool calls, or give arguments as an object.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import answers
from .answers import as_object, count, estimate_tokens, read_tool_call, text_of
from .messages import (
    Capabilities,
    End,
    Message,
    ModelAnswer,
    ModelRequest,
    Segment,
    TranscriptAnswer,
    Usage,
)

_ENDS: dict[str, End] = {
    "length": "length",
    "tool_calls": "tool",
    "function_call": "tool",
    "content_filter": "refused",
}


def encode(
    request: ModelRequest,
    model: str,
    capabilities: Capabilities,
    *,
    knows_user: bool = False,
) -> dict[str, Any]:
    """Return the fields of a chat completion.

    :param knows_user: the vendor takes the name of the person (others refuse it)
    """
    schema = request.schema
    system = request.system
    if schema is not None and not capabilities.json_schema:
        system = f"{system}\n\n{schema_in_words(schema)}"
    messages = [{"role": capabilities.system_role, "content": system}] if system else []
    fields: dict[str, Any] = {
        "model": model,
        "messages": messages + [_encode_message(one) for one in request.messages],
        capabilities.max_tokens_field: request.max_output_tokens,
    }
    if capabilities.temperature and request.temperature is not None:
        fields["temperature"] = request.temperature
    if schema is not None and capabilities.json_schema:
        fields["response_format"] = {
            "type": "json_schema",
            "json_schema": {
                "name": request.schema_name,
                "schema": schema,
                "strict": True,
            },
        }
    if request.tools and capabilities.tools:
        fields["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.schema,
                },
            }
            for tool in request.tools
        ]
        if capabilities.tool_choice:
            fields["tool_choice"] = "auto"
    if knows_user and request.user_tag:
        fields["safety_identifier"] = request.user_tag[:64]
    return fields


def schema_in_words(schema: Mapping[str, Any]) -> str:
    """Return the demand for JSON, for models that take no schema."""
    return (
        "Réponds uniquement par un objet JSON, sans aucun texte autour, "
        f"conforme à ce schéma JSON : {json.dumps(schema, ensure_ascii=False)}"
    )


def _encode_message(message: Message) -> dict[str, Any]:
    if message.role == "tool":
        return {
            "role": "tool",
            "tool_call_id": message.tool_call_id,
            "content": message.text,
        }
    encoded: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.tool_calls:
        encoded["content"] = message.text or None
        encoded["tool_calls"] = [
            {
                "id": call.call_id,
                "type": "function",
                "function": {
                    "name": call.name,
                    "arguments": json.dumps(dict(call.arguments), ensure_ascii=False),
                },
            }
            for call in message.tool_calls
        ]
    return encoded


def decode(body: Any, asked: str) -> ModelAnswer:
    """Return an answer read from a complete body.

    :param asked: what was asked, to estimate what the vendor does not count
    :raise ValueError: this is no chat completion
    """
    choices = as_object(body).get("choices")
    if not isinstance(choices, list):
        raise ValueError("no choices")
    growing = Growing()
    growing.add(body)
    if not choices:  # Google's door: the question itself was blocked
        growing.end = "content_filter"
    return growing.answer(asked)


class Growing:
    """An answer that comes in pieces (or in one)."""

    def __init__(self) -> None:
        self.text = ""
        self.end = ""
        self._refusal = ""
        self._calls: dict[int, dict[str, Any]] = {}
        self._usage: Mapping[str, Any] = {}
        self._model = ""
        self._id = ""

    @property
    def shown(self) -> str:
        """What a person may see of it already."""
        return answers.settled(self.text)

    @property
    def is_over(self) -> bool:
        """Whether the vendor said how it ends."""
        return bool(self.end)

    def add(self, chunk: Any) -> None:
        """Take a chunk, or a whole completion."""
        chunk = as_object(chunk)
        self._model = str(chunk.get("model") or self._model)
        self._id = str(chunk.get("id") or self._id)
        self._usage = as_object(chunk.get("usage")) or self._usage
        choices = chunk.get("choices")
        for choice in choices[:1] if isinstance(choices, list) else []:
            choice = as_object(choice)
            piece = as_object(choice.get("delta")) or as_object(choice.get("message"))
            self.text += text_of(piece.get("content"))
            refusal = piece.get("refusal")
            self._refusal += refusal if isinstance(refusal, str) else ""
            calls = piece.get("tool_calls")
            for position, call in enumerate(calls if isinstance(calls, list) else []):
                self._add_call(position, as_object(call))
            self.end = str(choice.get("finish_reason") or self.end)

    def _add_call(self, position: int, call: Mapping[str, Any]) -> None:
        index = call.get("index")
        index = index if isinstance(index, int) else position
        known = self._calls.setdefault(index, {"id": "", "name": "", "arguments": ""})
        function = as_object(call.get("function"))
        known["id"] = call.get("id") or known["id"]
        known["name"] = function.get("name") or known["name"]
        arguments = function.get("arguments")
        if isinstance(arguments, str) and isinstance(known["arguments"], str):
            known["arguments"] += arguments
        elif arguments is not None:
            known["arguments"] = arguments

    def answer(self, asked: str) -> ModelAnswer:
        """Return the whole. :param asked: see decode()"""
        calls = tuple(
            read_tool_call(
                call["id"],
                call["name"],
                call["arguments"],
                f"{self._id or 'call'}-{index}",
            )
            for index, call in sorted(self._calls.items())
        )
        end: End = _ENDS.get(self.end, "normal")
        if calls and end == "normal":
            end = "tool"
        elif end == "tool" and not calls:
            end = "normal"
        text = answers.without_thoughts(self.text)
        if self._refusal:
            text, end = self._refusal, "refused"
        return ModelAnswer(
            text, end, self._read_usage(asked), calls, self._model, self._id
        )

    def _read_usage(self, asked: str) -> Usage:
        usage = self._usage
        if not usage:
            words = [str(call["arguments"]) for call in self._calls.values()]
            return Usage(estimate_tokens(asked), estimate_tokens(self.text, *words))
        details = as_object(usage.get("prompt_tokens_details"))
        return Usage(
            count(usage.get("prompt_tokens")),
            count(usage.get("completion_tokens")),
            count(details.get("cached_tokens")),
        )


def decode_transcript(body: Any) -> TranscriptAnswer:
    """Return a transcript in any of the formats that carry one.

    :raise ValueError: this is no transcript
    """
    if isinstance(body, str):
        body = {"text": body}
    body = as_object(body)
    if not isinstance(body.get("text"), str):
        raise ValueError("no text")
    pieces = body.get("segments")
    segments = tuple(
        Segment(
            str(piece.get("text") or "").strip(),
            _seconds(piece.get("start")),
            _seconds(piece.get("end")),
            str(piece.get("speaker") or ""),
        )
        for piece in map(as_object, pieces if isinstance(pieces, list) else [])
        if str(piece.get("text") or "").strip()
    )
    if not segments and body["text"].strip():
        segments = (Segment(body["text"].strip()),)
    usage = as_object(body.get("usage"))
    last = max((one.end or 0 for one in segments), default=0)
    seconds = _seconds(usage.get("seconds")) or _seconds(body.get("duration")) or last
    return TranscriptAnswer(
        segments,
        str(body.get("language") or ""),
        Usage(
            count(usage.get("input_tokens")),
            count(usage.get("output_tokens")),
            audio_seconds=seconds,
        ),
    )


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None

"""Anthropic's shapes to ours and back.

https://docs.anthropic.com/en/api/messages (checked 2026-11).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .answers import as_object, count, read_tool_call
from .messages import (
    Capabilities,
    End,
    Message,
    ModelAnswer,
    ModelRequest,
    ToolCall,
    Usage,
)

_ENDS: dict[str, End] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool",
    "refusal": "refused",
}


def encode(
    request: ModelRequest, model: str, capabilities: Capabilities
) -> dict[str, Any]:
    """Return the fields of a message.

    No temperature: recent models take none, and their library does not know it.
    """
    fields: dict[str, Any] = {
        "model": model,
        "max_tokens": request.max_output_tokens,
        "messages": _encode_messages(request.messages),
    }
    if request.system:
        fields["system"] = request.system
    tools = [
        {
            "name": tool.name,
            "description": tool.description,
            "input_schema": tool.schema,
        }
        for tool in (request.tools if capabilities.tools else ())
    ]
    if request.schema is not None and capabilities.json_schema:
        fields["output_config"] = {
            "format": {"type": "json_schema", "schema": request.schema}
        }
    elif request.schema is not None:
        # Older models: the answer is the input of a tool that they must use.
        tools.append(
            {
                "name": request.schema_name,
                "description": "Donne la réponse, dans cette forme.",
                "input_schema": request.schema,
            }
        )
        is_alone = len(tools) == 1
        fields["tool_choice"] = (
            {"type": "tool", "name": request.schema_name}
            if is_alone
            else {"type": "any"}
        )
    if tools:
        fields["tools"] = tools
    if request.user_tag:
        fields["metadata"] = {"user_id": request.user_tag}
    return fields


def _encode_messages(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    """Same roles merged, results of tools in front, a person speaks first."""
    encoded: list[dict[str, Any]] = []
    for message in messages:
        role = "assistant" if message.role == "assistant" else "user"
        blocks = _blocks(message)
        if encoded and encoded[-1]["role"] == role:
            blocks = encoded[-1]["content"] + blocks
            encoded[-1]["content"] = sorted(
                blocks, key=lambda block: block["type"] != "tool_result"
            )
        elif blocks:
            encoded.append({"role": role, "content": blocks})
    if encoded and encoded[0]["role"] == "assistant":
        opening = [{"type": "text", "text": "Bonjour"}]
        encoded.insert(0, {"role": "user", "content": opening})
    return encoded


def _blocks(message: Message) -> list[dict[str, Any]]:
    if message.role == "tool":
        return [
            {
                "type": "tool_result",
                "tool_use_id": message.tool_call_id,
                "content": message.text,
            }
        ]
    blocks: list[dict[str, Any]] = []
    if message.text.strip():  # an empty text is refused
        blocks.append({"type": "text", "text": message.text})
    for call in message.tool_calls:
        blocks.append(
            {
                "type": "tool_use",
                "id": call.call_id,
                "name": call.name,
                "input": dict(call.arguments),
            }
        )
    return blocks


def decode(body: Any, schema_name: str = "") -> ModelAnswer:
    """Return an answer read from a complete body.

    :param schema_name: the tool whose input is the answer, when one was forced
    :raise ValueError: this is no message
    """
    body = as_object(body)
    if not isinstance(body.get("content"), list):
        raise ValueError("no content")
    growing = Growing(schema_name)
    growing.add({"type": "message_start", "message": {**body, "content": []}})
    for index, block in enumerate(body["content"]):
        growing.add(
            {"type": "content_block_start", "index": index, "content_block": block}
        )
    growing.add({"type": "message_delta", "delta": body, "usage": body.get("usage")})
    return growing.answer()


class Growing:
    """An answer that comes in events.

    :param schema_name: see decode()
    """

    def __init__(self, schema_name: str = "") -> None:
        self.is_over = False
        self._schema_name = schema_name
        self._blocks: dict[int, dict[str, Any]] = {}
        self._usage: dict[str, Any] = {}
        self._reason = ""
        self._model = ""
        self._id = ""

    @property
    def shown(self) -> str:
        """What a person may see of it already."""
        return self._text()

    def add(self, event: Any) -> None:
        """Take an event of a stream; unknown kinds are ignored."""
        event = as_object(event)
        kind = event.get("type")
        if kind == "message_start":
            message = as_object(event.get("message"))
            self._model = str(message.get("model") or "")
            self._id = str(message.get("id") or "")
            self._usage.update(as_object(message.get("usage")))
        elif kind == "content_block_start":
            block = dict(as_object(event.get("content_block")))
            self._blocks[count(event.get("index"))] = {**block, "_json": ""}
        elif kind == "content_block_delta":
            block = self._blocks.setdefault(count(event.get("index")), {"_json": ""})
            delta = as_object(event.get("delta"))
            if delta.get("type") == "text_delta":
                block["text"] = f"{block.get('text') or ''}{delta.get('text') or ''}"
            elif delta.get("type") == "input_json_delta":
                block["_json"] += str(delta.get("partial_json") or "")
        elif kind == "message_delta":
            delta = as_object(event.get("delta"))
            self._reason = str(delta.get("stop_reason") or self._reason)
            counters = as_object(event.get("usage"))
            self._usage.update({k: v for k, v in counters.items() if v is not None})
        elif kind == "message_stop":
            self.is_over = True

    def _text(self) -> str:
        texts = []
        for _index, block in sorted(self._blocks.items()):
            if block.get("type") == "text":
                texts.append(str(block.get("text") or ""))
            elif self._is_answer(block):
                given = block.get("input")
                texts.append(
                    block["_json"]
                    or (json.dumps(given, ensure_ascii=False) if given else "")
                )
        if self._schema_name:  # words around the answer are no part of it
            forced = [text for text in texts if text.lstrip().startswith("{")]
            texts = forced[-1:] or texts
        return "".join(texts)

    def _is_answer(self, block: Mapping[str, Any]) -> bool:
        return bool(
            block.get("type") == "tool_use"
            and self._schema_name
            and block.get("name") == self._schema_name
        )

    def _calls(self) -> tuple[ToolCall, ...]:
        return tuple(
            read_tool_call(
                block.get("id"),
                block.get("name"),
                block["_json"] or block.get("input") or {},
                f"{self._id or 'call'}-{index}",
            )
            for index, block in sorted(self._blocks.items())
            if block.get("type") == "tool_use" and not self._is_answer(block)
        )

    def answer(self) -> ModelAnswer:
        """Return the whole."""
        calls = self._calls()
        end: End = _ENDS.get(self._reason, "normal")
        if end in ("normal", "tool"):
            end = "tool" if calls else "normal"
        usage = self._usage
        cached = count(usage.get("cache_read_input_tokens"))
        made = count(usage.get("cache_creation_input_tokens"))
        # their counter of the question leaves out what the cache had
        tokens_in = count(usage.get("input_tokens")) + cached + made
        tokens_out = count(usage.get("output_tokens"))
        return ModelAnswer(
            self._text(),
            end,
            Usage(tokens_in, tokens_out, cached),
            calls,
            self._model,
            self._id,
        )

"""Anthropic's messages: a question in, a reply out."""

import json

from .errors import VendorError
from .openai_chat import pieces
from .store import Question, Turn

_NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"


def _refuse(message):
    return VendorError("400", anthropic=True, message=message)


def _blocks(content):
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return content or []


def _plain(content):
    return "".join(block.get("text", "") for block in _blocks(content))


def read(body):
    """Return the question. :raise VendorError: no question"""
    for name in ("model", "max_tokens", "messages"):
        if not body.get(name):
            raise _refuse(f"{name}: Field required")
    if body["messages"][0].get("role") != "user":
        raise _refuse("messages: first message must use the user role")
    turns, open_calls = [], set()
    for index, message in enumerate(body["messages"]):
        if message.get("role") not in ("user", "assistant"):
            raise _refuse(f"messages.{index}.role: Input should be user or assistant")
        turns += _read_message(message, index, open_calls)
    tools = {}
    for tool in body.get("tools") or ():
        if not tool.get("name") or set(tool["name"]) - set(_NAME):
            raise _refuse("tools.0.name: String should match the pattern")
        if tool.get("input_schema", {}).get("type") != "object":
            raise _refuse("tools.0.input_schema.type: Field required")
        tools[tool["name"]] = (tool.get("description", ""), tool["input_schema"])
    form = (body.get("output_config") or {}).get("format") or {}
    question = Question(
        body["model"],
        _plain(body.get("system")),
        turns,
        form.get("schema"),
        tools,
        body["max_tokens"],
    )
    choice = body.get("tool_choice") or {}
    question.forced = choice.get("name", "") if choice.get("type") == "tool" else ""
    if choice.get("type") == "any" and tools:
        question.forced = list(tools)[-1]
    return question


def _read_message(message, index, open_calls):
    """Return the turns of one message: results of tools, then text."""
    results, texts, calls = [], [], []
    for block in _blocks(message.get("content")):
        kind = block.get("type")
        if kind == "tool_result":
            if texts:
                raise _refuse(f"messages.{index}: tool_result must come before text")
            if block.get("tool_use_id") not in open_calls:
                raise _refuse(f"messages.{index}: unexpected tool_use_id")
            open_calls.discard(block["tool_use_id"])
            results.append(Turn("tool", _plain(block.get("content"))))
        elif kind == "text":
            if not block.get("text"):
                raise _refuse("messages: text content blocks must be non-empty")
            texts.append(block["text"])
        elif kind == "tool_use":
            if not isinstance(block.get("input"), dict):
                raise _refuse("tool_use.input: Input should be a valid dictionary")
            calls.append(_Use(block["id"], block["name"]))
    if message["role"] == "user" and open_calls:
        raise _refuse(f"messages.{index}: tool_use ids without tool_result")
    open_calls.update(call.call_id for call in calls)
    text = "\n".join(texts)
    if text or calls:
        results.append(Turn(message["role"], text, tuple(calls)))
    return results


class _Use:
    def __init__(self, call_id, name):
        self.call_id, self.name = call_id, name


_STOPS = {"tool": "tool_use", "length": "max_tokens", "filtered": "refusal"}
_STOPS |= {"refusal": "refusal", "stop": "end_turn"}


def _usage(reply):
    return {
        "input_tokens": reply.tokens_in,
        "output_tokens": reply.tokens_out,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "cache_creation": {
            "ephemeral_5m_input_tokens": 0,
            "ephemeral_1h_input_tokens": 0,
        },
        "server_tool_use": None,
        "service_tier": "standard",
        "inference_geo": "not_available",
    }


def _content(reply, state):
    blocks = []
    if reply.text:
        blocks.append({"type": "text", "text": reply.text, "citations": None})
    for call in reply.calls:
        blocks.append(
            {
                "type": "tool_use",
                "id": state.new_id("toolu_"),
                "name": call.name,
                "input": call.arguments,
            }
        )
    return blocks


def write(question, reply, state):
    """Return a message."""
    return {
        "id": state.new_id("msg_"),
        "type": "message",
        "role": "assistant",
        "model": question.model,
        "content": _content(reply, state),
        "stop_reason": _STOPS[reply.end],
        "stop_sequence": None,
        "usage": _usage(reply),
        "container": None,
    }


def stream(question, reply, state):
    """Give the events of a message."""
    whole = write(question, reply, state)
    begun = {**whole, "content": [], "stop_reason": None}
    begun["usage"] = {**whole["usage"], "output_tokens": 1}
    yield {"type": "message_start", "message": begun}
    yield {"type": "ping"}
    for index, block in enumerate(whole["content"]):
        is_text = block["type"] == "text"
        empty = {**block, "text": ""} if is_text else {**block, "input": {}}
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        text = block["text"] if is_text else json.dumps(block["input"])
        for piece in pieces(text, state):
            delta = (
                {"type": "text_delta", "text": piece}
                if is_text
                else {"type": "input_json_delta", "partial_json": piece}
            )
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": whole["stop_reason"], "stop_sequence": None},
        "usage": {
            "input_tokens": reply.tokens_in,
            "output_tokens": reply.tokens_out,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "server_tool_use": None,
        },
    }
    yield {"type": "message_stop"}

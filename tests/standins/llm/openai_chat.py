"""OpenAI's chat completions and responses: a question in, a reply out."""

import json

from .errors import VendorError
from .store import Question, Turn

_CHAT_FIELDS = {
    "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p",
    "response_format", "tools", "tool_choice", "stream", "stop", "seed",
}  # fmt: skip


def _refuse(message, param=None):
    return VendorError("400", message=message, param=param)


def _text(content):
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content or [])


# === Chat === #


def read_chat(body, strict):
    """Return the question of a chat completion. :raise VendorError: no question"""
    if not body.get("model"):
        raise _refuse("you must provide a model parameter", "model")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise _refuse("messages must not be empty", "messages")
    if strict and (unknown := set(body) - _CHAT_FIELDS):
        raise _refuse(f"Unrecognized request argument: {', '.join(sorted(unknown))}")
    system, turns, open_calls = [], [], {}
    for message in messages:
        role, text = message.get("role"), _text(message.get("content"))
        if role in ("system", "developer"):
            system.append(text)
            continue
        if role not in ("user", "assistant", "tool"):
            raise _refuse(f"Invalid value: '{role}'", "messages")
        if role == "tool":
            if message.get("tool_call_id") not in open_calls:
                raise _refuse("a message of a tool must follow its tool_calls")
            open_calls.pop(message["tool_call_id"])
        elif open_calls:
            raise _refuse("tool_calls must be followed by messages of their tools")
        calls = [_read_call(call) for call in message.get("tool_calls") or ()]
        open_calls |= dict(zip((c.call_id for c in calls), calls, strict=True))
        turns.append(Turn(role, text, tuple(calls)))
    if open_calls:
        raise _refuse("tool_calls must be followed by messages of their tools")
    schema = _read_schema(body.get("response_format"))
    return Question(
        body["model"],
        "\n".join(system),
        turns,
        schema or _spoken_schema("\n".join(system)),
        _read_tools(body.get("tools"), "function"),
        body.get("max_completion_tokens") or body.get("max_tokens") or 0,
    )


class _ReadCall:
    def __init__(self, call_id, name, arguments):
        self.call_id, self.name, self.arguments = call_id, name, arguments


def _read_call(call):
    function = call.get("function") or {}
    if not isinstance(function.get("arguments"), str):
        raise _refuse("arguments must be a string", "messages")
    return _ReadCall(call.get("id"), function.get("name"), function["arguments"])


def _read_schema(form):
    if not form or form.get("type") in ("text", "json_object"):
        return {"type": "object"} if form and form["type"] == "json_object" else None
    wrapped = form.get("json_schema") or {}
    if not wrapped.get("name"):
        raise _refuse("Missing name of the schema", "response_format")
    schema = wrapped.get("schema") or {}
    if wrapped.get("strict"):
        check_strict(schema)
    return schema


def _spoken_schema(system):
    """Return the schema that stands in the instructions, for models that take none."""
    _before, mark, after = system.rpartition("sch\u00e9ma JSON : ")
    try:
        return json.JSONDecoder().raw_decode(after)[0] if mark else None
    except ValueError:
        return None


def check_strict(schema, where="schema"):
    """:raise VendorError: outside what strict mode takes"""
    if not isinstance(schema, dict):
        return
    if where == "schema" and schema.get("type") != "object":
        raise _refuse("Invalid schema: the root must be an object", "response_format")
    if "properties" in schema:
        if schema.get("additionalProperties") is not False:
            raise _refuse(f"Invalid schema: additionalProperties at {where}")
        if set(schema.get("required", ())) != set(schema["properties"]):
            raise _refuse(f"Invalid schema: required at {where}")
    for name, child in schema.items():
        if name == "properties":
            for key, value in child.items():
                check_strict(value, f"{where}.{key}")
        elif isinstance(child, dict):
            check_strict(child, f"{where}.{name}")
        elif name in ("anyOf", "oneOf", "allOf"):
            for value in child:
                check_strict(value, f"{where}.{name}")


def _read_tools(tools, wrapper):
    found = {}
    for tool in tools or ():
        one = tool.get(wrapper, tool) if wrapper else tool
        if not one.get("name"):
            raise _refuse("Missing name of a tool", "tools")
        parameters = one.get("parameters") or {"type": "object", "properties": {}}
        found[one["name"]] = (one.get("description", ""), parameters)
    return found


def _write_calls(reply, state, trouble):
    calls = []
    for call in reply.calls:
        arguments = json.dumps(call.arguments, ensure_ascii=False)
        if trouble == "bad_arguments":
            arguments = arguments[:-1] + ', "'
        elif state.settings.loose:
            arguments = call.arguments
        function = {"name": call.name, "arguments": arguments}
        calls.append(
            {"id": state.new_id("call_"), "type": "function", "function": function}
        )
    return calls


_FINISH = {"tool": "tool_calls", "refusal": "stop", "filtered": "content_filter"}


def _finish(reply, state):
    is_loose = state.settings.loose and reply.end == "tool"
    return "stop" if is_loose else _FINISH.get(reply.end, reply.end)


def usage(reply):
    return {
        "prompt_tokens": reply.tokens_in,
        "completion_tokens": reply.tokens_out,
        "total_tokens": reply.tokens_in + reply.tokens_out,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def write_chat(question, reply, state, trouble):
    """Return a chat completion."""
    is_refused = reply.end == "refusal"
    content = None if is_refused or (reply.calls and not reply.text) else reply.text
    message = {
        "role": "assistant",
        "content": content,
        "refusal": reply.text if is_refused else None,
    }
    if reply.calls:
        message["tool_calls"] = _write_calls(reply, state, trouble)
    answer = {
        "id": state.new_id("chatcmpl-"),
        "object": "chat.completion",
        "created": int(state.now()),
        "model": question.model,
        "choices": [
            {
                "index": 0,
                "message": message,
                "logprobs": None,
                "finish_reason": _finish(reply, state),
            }
        ],
    }
    if state.settings.sends_usage:
        answer["usage"] = usage(reply)
    return answer


def stream_chat(question, reply, state, trouble, body):
    """Give the chunks of a chat completion."""
    head = {
        "id": state.new_id("chatcmpl-"),
        "object": "chat.completion.chunk",
        "created": int(state.now()),
        "model": question.model,
    }

    def chunk(delta, finish=None):
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {**head, "choices": [choice]}

    yield chunk({"role": "assistant", "content": "", "refusal": None})
    name = "refusal" if reply.end == "refusal" else "content"
    for piece in pieces(reply.text, state):
        yield chunk({name: piece})
    for index, call in enumerate(_write_calls(reply, state, trouble)):
        arguments = call["function"]["arguments"]
        first = {**call, "index": index}
        if isinstance(arguments, str):
            first["function"] = {**call["function"], "arguments": ""}
        yield chunk({"tool_calls": [first]})
        for piece in pieces(arguments, state) if isinstance(arguments, str) else ():
            yield chunk(
                {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}
            )
    yield chunk({}, _finish(reply, state))
    wants = (body.get("stream_options") or {}).get("include_usage")
    if wants and state.settings.sends_usage:
        yield {**head, "choices": [], "usage": usage(reply)}


def pieces(text, state):
    size = max(1, state.settings.piece_chars)
    return [text[at : at + size] for at in range(0, len(text), size)]


# === Responses === #


def read_response(body):
    """Return the question of a response."""
    if not body.get("model"):
        raise _refuse("you must provide a model parameter", "model")
    given = body.get("input")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    if not items:
        raise _refuse("input must not be empty", "input")
    system, turns = [body.get("instructions") or ""], []
    for item in items:
        kind = item.get("type", "message")
        if kind == "function_call_output":
            turns.append(Turn("tool", str(item.get("output") or "")))
        elif kind == "function_call":
            call = _ReadCall(item.get("call_id"), item["name"], item["arguments"])
            turns.append(Turn("assistant", "", (call,)))
        elif item.get("role") in ("system", "developer"):
            system.append(_text(item.get("content")))
        else:
            turns.append(Turn(item.get("role", "user"), _text(item.get("content"))))
    form = (body.get("text") or {}).get("format") or {}
    schema = form.get("schema") if form.get("type") == "json_schema" else None
    if schema is not None and form.get("strict"):
        check_strict(schema)
    return Question(
        body["model"],
        "\n".join(filter(None, system)),
        turns,
        schema,
        _read_tools(body.get("tools"), ""),
        body.get("max_output_tokens") or 0,
    )


def write_response(question, reply, state, trouble, body):
    """Return a response of the newer surface."""
    output = []
    if reply.text or not reply.calls:
        kind = "refusal" if reply.end == "refusal" else "output_text"
        content = (
            {"type": "refusal", "refusal": reply.text}
            if kind == "refusal"
            else {"type": kind, "text": reply.text, "annotations": [], "logprobs": []}
        )
        output.append(
            {
                "id": state.new_id("msg_"),
                "type": "message",
                "status": "completed",
                "role": "assistant",
                "content": [content],
            }
        )
    for call in _write_calls(reply, state, trouble):
        output.append(
            {
                "id": state.new_id("fc_"),
                "type": "function_call",
                "status": "completed",
                "call_id": call["id"],
                "name": call["function"]["name"],
                "arguments": call["function"]["arguments"],
            }
        )
    is_cut = reply.end == "length"
    return {
        "id": state.new_id("resp_"),
        "object": "response",
        "created_at": int(state.now()),
        "status": "incomplete" if is_cut else "completed",
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if is_cut else None,
        "instructions": body.get("instructions"),
        "metadata": body.get("metadata") or {},
        "model": question.model,
        "output": output,
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "temperature": body.get("temperature", 1),
        "tool_choice": body.get("tool_choice", "auto"),
        "tools": body.get("tools") or [],
        "top_p": body.get("top_p", 1),
        "usage": {
            "input_tokens": reply.tokens_in,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": reply.tokens_out,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": reply.tokens_in + reply.tokens_out,
        },
    }


def stream_response(question, reply, state, trouble, body):
    """Give the typed events of a response."""
    whole = write_response(question, reply, state, trouble, body)
    number = iter(range(100_000))

    def event(kind, **fields):
        return {"type": kind, "sequence_number": next(number), **fields}

    begun = {**whole, "status": "in_progress", "output": []}
    begun.pop("usage")
    yield event("response.created", response=begun)
    for index, item in enumerate(whole["output"]):
        yield event("response.output_item.added", output_index=index, item=item)
        place = {"item_id": item["id"], "output_index": index}
        if item["type"] == "message":
            content = item["content"][0]
            text = content.get("text") or content.get("refusal") or ""
            for piece in pieces(text, state):
                yield event(
                    "response.output_text.delta",
                    **place, content_index=0, delta=piece, logprobs=[],
                )  # fmt: skip
            yield event(
                "response.output_text.done",
                **place, content_index=0, text=text, logprobs=[],
            )  # fmt: skip
        else:
            for piece in pieces(str(item["arguments"]), state):
                yield event(
                    "response.function_call_arguments.delta", **place, delta=piece
                )
            yield event(
                "response.function_call_arguments.done",
                **place, name=item["name"], arguments=item["arguments"],
            )  # fmt: skip
        yield event("response.output_item.done", output_index=index, item=item)
    end = "incomplete" if whole["status"] == "incomplete" else "completed"
    yield event(f"response.{end}", response=whole)

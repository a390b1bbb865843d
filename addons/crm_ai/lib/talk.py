"""One conversation with one model until it gives a usable answer.

Pure: it says what to ask next and judges what came; the runner talks and calls tools.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import BaseModel, ValidationError

from . import structured
from .language import looks_english
from .messages import Message, ModelAnswer, ModelRequest, ToolCall, Usage
from .routing import Reason

CHARS_PER_TOKEN = 3.2
Kind = Literal["result", "tools", "again", "give_up"]


@dataclass(frozen=True)
class Step:
    """What an answer led to.

    :param result: checked for shape, of kind `result`
    :param tool_calls: to be run and given back with `take_tools`
    :param reason: of kind `give_up`
    """

    kind: Kind
    result: BaseModel | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    reason: Reason | None = None


@dataclass
class Talk:
    """The state of a conversation.

    :param request: first question, already masked
    :param result_class: shape of the answer
    :param text_field: takes the answer as it is instead of a schema
    :param unmask: puts personal values back into texts
    :param wants_french: answers in English are repaired
    """

    request: ModelRequest
    result_class: type[BaseModel]
    text_field: str = ""
    max_rounds: int = 6
    unmask: object = staticmethod(lambda text: text)
    wants_french: bool = False
    usage: Usage = field(default_factory=Usage)
    provider_ms: int = 0
    model: str = ""
    last_text: str = ""
    rounds: int = 0
    is_repaired: bool = False

    def take(self, answer: ModelAnswer) -> Step:
        """Judge an answer."""
        self.usage += answer.usage
        self.provider_ms += answer.duration_ms
        self.model = answer.model or self.model
        self.last_text = answer.text
        if answer.end == "cancelled":
            return Step("give_up", reason="cancelled")
        if answer.end == "refused":
            return Step("give_up", reason="model_refused")
        if answer.tool_calls and self.request.tools:
            return self._take_tool_calls(answer)
        if answer.end == "length":
            return self.repair(["The answer was cut: make it shorter."])
        if not answer.text.strip():
            return self.repair(["The answer was empty."])
        return self._take_text(answer.text)

    def _take_text(self, text: str) -> Step:
        if self.text_field:
            data, problems = {self.text_field: self.unmask(text.strip())}, []
        else:
            parsed, problems = structured.parse(text, self.result_class)
            data = (
                map_texts(parsed.model_dump(mode="json"), self.unmask) if parsed else {}
            )
        if problems:
            return self.repair(problems)
        try:
            result = self.result_class.model_validate(data)
        except ValidationError as error:
            return self.repair([str(error)])
        if self.wants_french and any(map(looks_english, texts_of(data))):
            return self.repair(["Answer in French."])
        return Step("result", result=result)

    def repair(self, problems: list[str]) -> Step:
        """Ask once more, saying what was wrong; give up the second time."""
        if self.is_repaired:
            return Step("give_up", reason="bad_output")
        self.is_repaired = True
        said = self.last_text.strip() or "(vide)"
        self._say(Message("assistant", said))
        self._say(Message("user", structured.repair_message(problems)))
        return Step("again")

    def _take_tool_calls(self, answer: ModelAnswer) -> Step:
        self.rounds += 1
        if self.rounds > self.max_rounds:
            return Step("give_up", reason="bad_output")
        self._say(Message("assistant", answer.text, tool_calls=answer.tool_calls))
        return Step("tools", tool_calls=answer.tool_calls)

    def take_tools(self, results: list[tuple[ToolCall, str]]) -> None:
        """Give results of tools back (already masked), one per call."""
        for call, text in results:
            self._say(Message("tool", text, tool_call_id=call.call_id))

    def _say(self, message: Message) -> None:
        messages = (*self.request.messages, message)
        self.request = replace(self.request, messages=messages)

    def estimated_tokens(self) -> int:
        """Return about how many tokens the question holds, never too few in French."""
        said = sum(len(message.text) for message in self.request.messages)
        schema = json.dumps(self.request.schema) if self.request.schema else ""
        chars = len(self.request.system) + said + len(schema)
        chars += sum(len(json.dumps(dict(t.schema))) for t in self.request.tools)
        return int(chars / CHARS_PER_TOKEN) + self.request.max_output_tokens


def map_texts(data, work):
    """Return nested data with `work` applied to every text."""
    if isinstance(data, str):
        return work(data)
    if isinstance(data, dict):
        return {key: map_texts(value, work) for key, value in data.items()}
    if isinstance(data, list):
        return [map_texts(item, work) for item in data]
    return data


def texts_of(data) -> list[str]:
    """Return every text of nested data."""
    found: list[str] = []
    map_texts(data, lambda text: (found.append(text), text)[1])
    return found

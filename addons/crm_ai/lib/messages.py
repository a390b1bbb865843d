"""What is said to a language model and what comes back, whoever the vendor is.

Shapes common to OpenAI's chat completions, its many imitations, and Anthropic's
messages; the clients of `providers/` translate them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["user", "assistant", "tool"]
# normal: finished by itself. length: cut by the limit. tool: asks for tools.
# refused: the model or its filter said no. cancelled: we closed the stream.
End = Literal["normal", "length", "tool", "refused", "cancelled"]


@dataclass(frozen=True)
class ToolCall:
    """A tool the model asks for.

    :param call_id: given back with the result; never empty
    :param arguments: decoded; empty when they were no JSON object (`problem` says so)
    """

    call_id: str
    name: str
    arguments: Mapping[str, Any]
    problem: str = ""


@dataclass(frozen=True)
class Message:
    """One turn.

    :param tool_calls: of an assistant's turn
    :param tool_call_id: of a tool's turn: which call this answers
    """

    role: Role
    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""


@dataclass(frozen=True)
class Tool:
    """A function offered to the model.

    :param schema: JSON schema of its arguments, an object
    """

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class ModelRequest:
    """One question to a model.

    :param schema: JSON schema the answer must have, None for free text
    :param schema_name: letters, digits, `_`, `-`, at most 64
    :param user_tag: opaque name of the person, for the vendor's abuse desk
    """

    system: str
    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None
    schema_name: str = "answer"
    tools: tuple[Tool, ...] = ()
    max_output_tokens: int = 1500
    temperature: float | None = 0.3
    user_tag: str = ""


@dataclass(frozen=True)
class Usage:
    """What a call consumed.

    :param tokens_in: of the question, cached ones included
    :param tokens_cached: of those, read from the vendor's cache
    :param audio_seconds: length of the sound that was transcribed
    """

    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    audio_seconds: float = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.tokens_cached + other.tokens_cached,
            self.audio_seconds + other.audio_seconds,
        )


@dataclass(frozen=True)
class ModelAnswer:
    """What came back.

    :param model: as named by the vendor
    """

    text: str
    end: End
    usage: Usage = field(default_factory=Usage)
    tool_calls: tuple[ToolCall, ...] = ()
    model: str = ""
    request_id: str = ""
    duration_ms: int = 0


@dataclass(frozen=True)
class Segment:
    """A stretch of speech.

    :param start: seconds from the beginning, None when unknown
    :param speaker: as given, may be empty
    """

    text: str
    start: float | None = None
    end: float | None = None
    speaker: str = ""


@dataclass(frozen=True)
class TranscriptAnswer:
    """A recording as text."""

    segments: tuple[Segment, ...]
    language: str = ""
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    request_id: str = ""
    duration_ms: int = 0


@dataclass(frozen=True)
class Capabilities:
    """What one model at one address can do (set on its connection).

    :param json_schema: takes a schema with the question
    :param tool_choice: understands `tool_choice`
    :param max_tokens_field: `max_completion_tokens`, or `max_tokens` (older, local)
    :param system_role: `system`, or `developer`
    :param temperature: accepts one
    :param context_tokens: question and answer together
    """

    json_schema: bool = True
    tools: bool = True
    tool_choice: bool = True
    audio: bool = False
    streaming: bool = True
    temperature: bool = True
    max_tokens_field: str = "max_tokens"
    system_role: str = "system"
    context_tokens: int = 32_000


@dataclass(frozen=True)
class ClientConfig:
    """All a client needs to know of one account.

    :param base_url: with the vendor's path, e.g. `https://api.openai.com/v1`
    :param allow_private: the address may be on our own network
    :param read_seconds: of silence; :param total_seconds: of the whole call
    """

    api_key: str
    base_url: str
    model: str
    audio_model: str = ""
    allow_private: bool = False
    capabilities: Capabilities = field(default_factory=Capabilities)
    read_seconds: float = 60
    total_seconds: float = 180

"""OpenAI, and whoever speaks as it does, through its own library."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import openai

from odoo.addons.crm_base.lib.errors import (
    ConfigurationError,
    MalformedAnswerError,
    RefusedError,
    UnavailableError,
)
from odoo.addons.crm_base.lib.http_rules import HttpLimits, check_url

from ..lib import openai_shapes as shapes
from ..lib.answers import as_object, text_of
from ..lib.messages import ClientConfig, ModelAnswer, ModelRequest, TranscriptAnswer
from .guarded_http import make_http_client
from .streams import follow
from .vendor_errors import STREAM_OPTIONS, in_our_words


class OpenAiClient:
    """Calls one account at one address.

    :raise ConfigurationError: the address is not one that may be called
    """

    def __init__(self, config: ClientConfig) -> None:
        self.config = config
        limits = HttpLimits(
            read_seconds=config.read_seconds, total_seconds=config.total_seconds
        )
        base_url = check_url(
            config.base_url, allow_http=True, allow_private=config.allow_private
        )
        self._http, self._clock = make_http_client(
            limits, allow_private=config.allow_private
        )
        self._client = openai.OpenAI(
            api_key=config.api_key
            or "none",  # local servers want no key, the library does
            base_url=base_url,
            max_retries=0,
            timeout=self._http.timeout,
            http_client=self._http,
        )
        host = urlsplit(base_url).hostname or ""
        self._is_openai = host == "openai.com" or host.endswith(".openai.com")
        self._counts_streams = True

    def close(self) -> None:
        """Close the connections kept for the next call."""
        self._client.close()

    def list_models(self) -> list[str]:
        """Return the names of the models of the account, sorted."""
        answer = self._call(self._client.models.with_raw_response.list)
        rows = as_object(_json(answer)).get("data")
        names = [as_object(row).get("id") for row in (rows or [])]
        return sorted(name for name in names if isinstance(name, str))

    # === Text === #

    def complete(
        self,
        request: ModelRequest,
        *,
        on_text: Callable[[str], None] | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> ModelAnswer:
        """Return the model's answer.

        :param on_text: takes each new piece of the text; then the answer is streamed
            if the model can
        :param is_cancelled: asked between the pieces
        :raise ClientError: a member of the family, according to what happened
        """
        if is_cancelled and is_cancelled():
            return ModelAnswer("", "cancelled")
        fields = shapes.encode(
            request,
            self.config.model,
            self.config.capabilities,
            knows_user=self._is_openai,
        )
        started = time.monotonic()
        if on_text and self.config.capabilities.streaming:
            answer = self._stream(fields, on_text, is_cancelled)
        else:
            answer = self._complete(fields)
        if not answer.text and answer.end == "normal":
            raise MalformedAnswerError("the answer is empty")
        return replace(answer, duration_ms=_ms_since(started))

    def _complete(self, fields: dict[str, Any]) -> ModelAnswer:
        raw = self._call(
            self._client.chat.completions.with_raw_response.create, **fields
        )
        try:
            answer = shapes.decode(_json(raw), _words(fields))
        except ValueError:
            raise MalformedAnswerError("the answer is no chat completion") from None
        return replace(answer, request_id=_request_id(raw) or answer.request_id)

    def _stream(
        self,
        fields: dict[str, Any],
        on_text: Callable[[str], None],
        is_cancelled: Callable[[], bool] | None,
    ) -> ModelAnswer:
        growing = shapes.Growing()
        stream, request_id = self._open_stream(fields)
        is_stopped = in_our_words(follow, stream, growing, on_text, is_cancelled)
        answer = growing.answer(_words(fields))
        request_id = request_id or answer.request_id
        if is_stopped:
            return replace(answer, end="cancelled", request_id=request_id)
        if not growing.end:
            raise UnavailableError("the answer was cut", request_id=request_id or None)
        return replace(answer, request_id=request_id)

    def _open_stream(self, fields: dict[str, Any]) -> tuple[Any, str]:
        """Return a stream, with counters at its end where the server knows how."""
        create = self._client.chat.completions.with_raw_response.create
        options = {"stream_options": {"include_usage": True}}
        try:
            extra = options if self._counts_streams else {}
            raw = self._call(create, **fields, stream=True, **extra)
        except RefusedError as error:
            if error.remote_code != STREAM_OPTIONS:
                raise
            self._counts_streams = False
            raw = self._call(create, **fields, stream=True)
        kind = raw.headers.get("content-type", "text/event-stream")
        if "event-stream" not in kind:
            raise MalformedAnswerError("the answer is no stream")
        return in_our_words(raw.parse), _request_id(raw)

    # === Sound === #

    def transcribe(
        self, name: str, content: bytes, *, language: str, prompt: str = ""
    ) -> TranscriptAnswer:
        """Return a recording as text, with times and speakers where the model can.

        :param name: of the file; its ending tells the format
        :param language: two letters, empty to let the model find out
        :param prompt: names and words to expect
        """
        model = self.config.audio_model or self.config.model
        if not model:
            raise ConfigurationError("no model for sound is set")
        fields: dict[str, Any] = {"model": model, "file": (name, content)}
        if language:
            fields["language"] = language
        started = time.monotonic()
        raw = self._transcribe(fields, _sound_options(model, prompt), prompt)
        is_text = "json" not in raw.headers.get("content-type", "json")
        try:
            answer = shapes.decode_transcript(
                raw.http_response.text if is_text else _json(raw)
            )
        except ValueError:
            raise MalformedAnswerError("the answer is no transcript") from None
        return replace(
            answer,
            model=model,
            request_id=_request_id(raw),
            duration_ms=_ms_since(started),
        )

    def _transcribe(self, fields: dict, options: dict, prompt: str) -> Any:
        create = self._client.audio.transcriptions.with_raw_response.create
        try:
            return self._call(create, **fields, **options)
        except RefusedError as error:
            is_plain = options.get("response_format") == "json"
            if is_plain or error.status not in (400, 422):
                raise
        # the model does not know the richer format
        options = {"response_format": "json", **({"prompt": prompt} if prompt else {})}
        return self._call(create, **fields, **options)

    # === Common === #

    def _call(self, function: Callable, **fields: Any) -> Any:
        self._clock.restart()
        return in_our_words(function, **fields)


def _sound_options(model: str, prompt: str) -> dict[str, Any]:
    """Return the richest format a model has, by its name."""
    name = model.lower()
    if "diarize" in name:
        return {"response_format": "diarized_json", "chunking_strategy": "auto"}
    options: dict[str, Any] = {"prompt": prompt} if prompt else {}
    if "whisper" in name:
        options["response_format"] = "verbose_json"
        options["timestamp_granularities"] = ["segment"]
    else:
        options["response_format"] = "json"
    return options


def _json(raw: Any) -> Any:
    """Return the decoded body. :raise MalformedAnswerError: it is not JSON"""
    try:
        return json.loads(raw.http_response.content)
    except ValueError:
        raise MalformedAnswerError(
            "the answer is not JSON", request_id=_request_id(raw) or None
        ) from None


def _request_id(raw: Any) -> str:
    return raw.headers.get("x-request-id") or ""


def _words(fields: dict[str, Any]) -> str:
    """Return the texts that were sent, for vendors that do not count them."""
    return "\n".join(text_of(one.get("content")) for one in fields["messages"])


def _ms_since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)

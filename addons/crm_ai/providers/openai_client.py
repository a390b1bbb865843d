"""OpenAI, and whoever speaks as it does, through its own library."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import openai

from odoo.addons.crm_base.lib.errors import (
    ConfigurationError,
    MalformedAnswerError,
    RefusedError,
)

from ..lib import openai_shapes as shapes
from ..lib.answers import text_of
from ..lib.messages import ModelAnswer, ModelRequest, TranscriptAnswer
from .model_client import IsCancelled, ModelClient, OnText, ms_since
from .vendor_errors import STREAM_OPTIONS


class OpenAiClient(ModelClient):
    """Calls one account at one address.

    :raise ConfigurationError: the address is not one that may be called
    """

    id_header = "x-request-id"

    def _open_library(self, *, base_url: str, **options: Any) -> openai.OpenAI:
        host = urlsplit(base_url).hostname or ""
        self._is_openai = host == "openai.com" or host.endswith(".openai.com")
        self._counts_streams = True
        return openai.OpenAI(base_url=base_url, **options)

    # === Text === #

    def _ask(
        self,
        request: ModelRequest,
        on_text: OnText | None,
        is_cancelled: IsCancelled | None,
    ) -> ModelAnswer:
        fields = shapes.encode(
            request,
            self.config.model,
            self.config.capabilities,
            knows_user=self._is_openai,
        )
        words = _words(fields)
        if on_text is None:
            create = self._client.chat.completions.with_raw_response.create
            return self._decode(self._call(create, **fields), shapes.decode, words)
        raw = self._open_stream(fields)
        return self._take_stream(raw, shapes.Growing(), on_text, is_cancelled, words)

    def _open_stream(self, fields: dict[str, Any]) -> Any:
        """Return a stream, with counters at its end where the server knows how."""
        create = self._client.chat.completions.with_raw_response.create
        options = {"stream_options": {"include_usage": True}}
        try:
            extra = options if self._counts_streams else {}
            return self._call(create, **fields, stream=True, **extra)
        except RefusedError as error:
            if error.remote_code != STREAM_OPTIONS:
                raise
        self._counts_streams = False
        return self._call(create, **fields, stream=True)

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
                raw.http_response.text if is_text else self._json(raw)
            )
        except ValueError:
            raise MalformedAnswerError("the answer is no transcript") from None
        return replace(
            answer,
            model=model,
            request_id=self._request_id(raw),
            duration_ms=ms_since(started),
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


def _words(fields: dict[str, Any]) -> str:
    """Return the texts that were sent, for vendors that do not count them."""
    return "\n".join(text_of(one.get("content")) for one in fields["messages"])

"""Anthropic, through its own library."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import anthropic

from odoo.addons.crm_base.lib.errors import (
    ConfigurationError,
    MalformedAnswerError,
    UnavailableError,
)
from odoo.addons.crm_base.lib.http_rules import HttpLimits, check_url

from ..lib import anthropic_shapes as shapes
from ..lib.answers import as_object
from ..lib.messages import ClientConfig, ModelAnswer, ModelRequest, TranscriptAnswer
from .guarded_http import make_http_client
from .streams import follow
from .vendor_errors import in_our_words


class AnthropicClient:
    """Calls one account.

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
        self._client = anthropic.Anthropic(
            api_key=config.api_key or "none",
            # the library adds the version, people paste it with the address
            base_url=base_url.rstrip("/").removesuffix("/v1"),
            max_retries=0,
            timeout=self._http.timeout,
            http_client=self._http,
            open_telemetry=False,
        )

    def close(self) -> None:
        """Close the connections kept for the next call."""
        self._client.close()

    def list_models(self) -> list[str]:
        """Return the names of the models of the account, sorted."""
        raw = self._call(self._client.models.with_raw_response.list, limit=1000)
        rows = as_object(_json(raw)).get("data")
        names = [as_object(row).get("id") for row in (rows or [])]
        return sorted(name for name in names if isinstance(name, str))

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
        capabilities = self.config.capabilities
        fields = shapes.encode(request, self.config.model, capabilities)
        is_forced = request.schema is not None and not capabilities.json_schema
        growing = shapes.Growing(request.schema_name if is_forced else "")
        started = time.monotonic()
        if on_text and capabilities.streaming:
            answer = self._stream(fields, growing, on_text, is_cancelled)
        else:
            answer = self._complete(fields, request.schema_name if is_forced else "")
        if not answer.text and answer.end == "normal":
            raise MalformedAnswerError("the answer is empty")
        return replace(answer, duration_ms=_ms_since(started))

    def _complete(self, fields: dict[str, Any], schema_name: str) -> ModelAnswer:
        raw = self._call(self._client.messages.with_raw_response.create, **fields)
        try:
            answer = shapes.decode(_json(raw), schema_name)
        except ValueError:
            raise MalformedAnswerError("the answer is no message") from None
        return replace(answer, request_id=_request_id(raw) or answer.request_id)

    def _stream(
        self,
        fields: dict[str, Any],
        growing: shapes.Growing,
        on_text: Callable[[str], None],
        is_cancelled: Callable[[], bool] | None,
    ) -> ModelAnswer:
        raw = self._call(
            self._client.messages.with_raw_response.create, **fields, stream=True
        )
        request_id = _request_id(raw)
        if "event-stream" not in raw.headers.get("content-type", "event-stream"):
            raise MalformedAnswerError("the answer is no stream")
        stream = in_our_words(raw.parse)
        is_stopped = in_our_words(follow, stream, growing, on_text, is_cancelled)
        answer = growing.answer()
        request_id = request_id or answer.request_id
        if is_stopped:
            return replace(answer, end="cancelled", request_id=request_id)
        if not growing.is_over:
            raise UnavailableError("the answer was cut", request_id=request_id or None)
        return replace(answer, request_id=request_id)

    def transcribe(
        self, name: str, content: bytes, *, language: str, prompt: str = ""
    ) -> TranscriptAnswer:
        """:raise ConfigurationError: always, this vendor hears nothing"""
        raise ConfigurationError("this vendor does not transcribe")

    def _call(self, function: Callable, **fields: Any) -> Any:
        self._clock.restart()
        return in_our_words(function, **fields)


def _json(raw: Any) -> Any:
    """Return the decoded body. :raise MalformedAnswerError: it is not JSON"""
    try:
        return json.loads(raw.http_response.content)
    except ValueError:
        raise MalformedAnswerError(
            "the answer is not JSON", request_id=_request_id(raw) or None
        ) from None


def _request_id(raw: Any) -> str:
    return raw.headers.get("request-id") or ""


def _ms_since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)

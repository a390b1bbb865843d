"""What clients of all vendors do alike: one account at one guarded address."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from odoo.addons.crm_base.lib.errors import MalformedAnswerError, UnavailableError
from odoo.addons.crm_base.lib.http_rules import (
    HttpLimits,
    check_key,
    check_url,
)

from ..lib.answers import as_object
from ..lib.messages import ClientConfig, ModelAnswer, ModelRequest
from .guarded_http import make_http_client
from .streams import Growing, follow
from .vendor_errors import in_our_words

OnText = Callable[[str], None]
IsCancelled = Callable[[], bool]


class ModelClient(ABC):
    """Calls one account at one address through the vendor's own library.

    :raise ConfigurationError: the address is not one that may be called, the key not
        one that a header takes
    """

    # Header that holds the vendor's number of a request.
    id_header: str
    list_options: ClassVar[dict[str, Any]] = {}

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
        self._client = self._open_library(
            # local servers want no key, the libraries do
            api_key=check_key(config.api_key) or "none",
            base_url=base_url,
            max_retries=0,
            timeout=self._http.timeout,
            http_client=self._http,
        )

    @abstractmethod
    def _open_library(self, *, base_url: str, **options: Any) -> Any:
        """Return the vendor's library."""

    @abstractmethod
    def _ask(
        self,
        request: ModelRequest,
        on_text: OnText | None,
        is_cancelled: IsCancelled | None,
    ) -> ModelAnswer:
        """Return the answer, streamed when there is an `on_text`."""

    def close(self) -> None:
        """Close the connections kept for the next call."""
        self._client.close()

    def list_models(self) -> list[str]:
        """Return the names of the models of the account, sorted."""
        answer = self._call(
            self._client.models.with_raw_response.list, **self.list_options
        )
        rows = as_object(self._json(answer)).get("data")
        names = [as_object(row).get("id") for row in (rows or [])]
        return sorted(name for name in names if isinstance(name, str))

    def complete(
        self,
        request: ModelRequest,
        *,
        on_text: OnText | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> ModelAnswer:
        """Return the model's answer.

        :param on_text: takes each new piece of the text; then the answer is streamed
            if the model can
        :param is_cancelled: asked between the pieces
        :raise ClientError: a member of the family, according to what happened
        """
        if is_cancelled and is_cancelled():
            return ModelAnswer("", "cancelled")
        started = time.monotonic()
        can_stream = self.config.capabilities.streaming
        answer = self._ask(request, on_text if can_stream else None, is_cancelled)
        if not answer.text and answer.end == "normal":
            raise MalformedAnswerError("the answer is empty")
        return replace(answer, duration_ms=ms_since(started))

    def _call(self, function: Callable, **fields: Any) -> Any:
        self._clock.restart()
        return in_our_words(function, **fields)

    def _request_id(self, raw: Any) -> str:
        return raw.headers.get(self.id_header) or ""

    def _json(self, raw: Any) -> Any:
        """Return the decoded body. :raise MalformedAnswerError: it is not JSON"""
        try:
            return json.loads(raw.http_response.content)
        except ValueError:
            raise MalformedAnswerError(
                "the answer is not JSON", request_id=self._request_id(raw) or None
            ) from None

    def _decode(self, raw: Any, decode: Callable, *arguments: Any) -> ModelAnswer:
        """Return a whole answer. :raise MalformedAnswerError: it is none"""
        try:
            answer = decode(self._json(raw), *arguments)
        except ValueError:
            raise MalformedAnswerError("the answer has another form") from None
        return replace(answer, request_id=self._request_id(raw) or answer.request_id)

    def _take_stream(
        self,
        raw: Any,
        growing: Growing,
        on_text: OnText,
        is_cancelled: IsCancelled | None,
        *arguments: Any,
    ) -> ModelAnswer:
        """Return what a stream grew to.

        :param arguments: for `growing.answer`
        :raise UnavailableError: it was cut before its end
        """
        kind = raw.headers.get("content-type", "text/event-stream")
        if "event-stream" not in kind:
            raise MalformedAnswerError("the answer is no stream")
        stream = in_our_words(raw.parse)
        is_stopped = in_our_words(follow, stream, growing, on_text, is_cancelled)
        answer = growing.answer(*arguments)
        request_id = self._request_id(raw) or answer.request_id
        if is_stopped:
            return replace(answer, end="cancelled", request_id=request_id)
        if not growing.is_over:
            raise UnavailableError("the answer was cut", request_id=request_id or None)
        return replace(answer, request_id=request_id)


def ms_since(started: float) -> int:
    """Return the milliseconds since a moment of the monotonic clock."""
    return int((time.monotonic() - started) * 1000)

"""Anthropic, through its own library."""

from __future__ import annotations

from typing import Any, ClassVar

import anthropic

from odoo.addons.crm_base.lib.errors import ConfigurationError

from ..lib import anthropic_shapes as shapes
from ..lib.messages import ModelAnswer, ModelRequest, TranscriptAnswer
from .model_client import IsCancelled, ModelClient, OnText


class AnthropicClient(ModelClient):
    """Calls one account.

    :raise ConfigurationError: the address is not one that may be called
    """

    id_header = "request-id"
    list_options: ClassVar = {"limit": 1000}

    def _open_library(self, *, base_url: str, **options: Any) -> anthropic.Anthropic:
        # the library adds the version, people paste it with the address
        base_url = base_url.rstrip("/").removesuffix("/v1")
        return anthropic.Anthropic(base_url=base_url, open_telemetry=False, **options)

    def _ask(
        self,
        request: ModelRequest,
        on_text: OnText | None,
        is_cancelled: IsCancelled | None,
    ) -> ModelAnswer:
        capabilities = self.config.capabilities
        fields = shapes.encode(request, self.config.model, capabilities)
        is_forced = request.schema is not None and not capabilities.json_schema
        schema_name = request.schema_name if is_forced else ""
        create = self._client.messages.with_raw_response.create
        if on_text is None:
            raw = self._call(create, **fields)
            return self._decode(raw, shapes.decode, schema_name)
        raw = self._call(create, **fields, stream=True)
        growing = shapes.Growing(schema_name)
        return self._take_stream(raw, growing, on_text, is_cancelled)

    def transcribe(
        self, name: str, content: bytes, *, language: str, prompt: str = ""
    ) -> TranscriptAnswer:
        """:raise ConfigurationError: always, this vendor hears nothing"""
        raise ConfigurationError("this vendor does not transcribe")

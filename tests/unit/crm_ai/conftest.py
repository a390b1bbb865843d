"""Clients of both vendors against the stand-in."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from odoo.addons.crm_ai.lib.messages import (  # noqa: E402
    Capabilities,
    ClientConfig,
    Message,
    ModelRequest,
)
from odoo.addons.crm_ai.providers.anthropic_client import AnthropicClient  # noqa: E402
from odoo.addons.crm_ai.providers.openai_client import OpenAiClient  # noqa: E402

from tests.standins.llm import LlmStandin  # noqa: E402

KEY = "key_of_ours"


@pytest.fixture
def standin():
    with LlmStandin() as server:
        server.state.settings.fault_timeout_seconds = 3
        yield server


@pytest.fixture
def make_client(standin):
    """Return a function (vendor, **config) -> client; `capabilities` as a dict."""
    made = []

    def make(vendor, capabilities=None, **config):
        kinds = {
            "openai": (OpenAiClient, standin.openai_url),
            "anthropic": (AnthropicClient, standin.anthropic_url),
        }
        kind, url = kinds[vendor]
        values = {
            "api_key": KEY,
            "base_url": url,
            "model": "some-model",
            "audio_model": "whisper-1",
            "allow_private": True,
            "read_seconds": 5,
            "total_seconds": 10,
            **config,
        }
        flags = replace(Capabilities(), **(capabilities or {}))
        client = kind(ClientConfig(capabilities=flags, **values))
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture(params=["openai", "anthropic"])
def vendor(request):
    return request.param


def ask(text="Où en est le devis S00042 de 1 200 € ?", **values):
    values.setdefault("system", "Tu aides un commercial.")
    values.setdefault("messages", (Message("user", text),))
    return ModelRequest(**values)

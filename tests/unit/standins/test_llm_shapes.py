"""The stand-in's answers and our requests, against the vendors' own descriptions."""

import json
import sys
from pathlib import Path

import jsonschema
import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from odoo.addons.crm_ai.lib import anthropic_shapes, openai_shapes  # noqa: E402
from odoo.addons.crm_ai.lib.messages import (  # noqa: E402
    Capabilities,
    Message,
    ModelRequest,
    Tool,
    ToolCall,
)

from tests.standins.llm import LlmStandin  # noqa: E402
from tests.standins.openapi_schema import FOLDER, load_description  # noqa: E402

OPENAI, ANTHROPIC = FOLDER / "openai.json.gz", FOLDER / "anthropic.json"
pytestmark = pytest.mark.skipif(
    not (OPENAI.exists() and ANTHROPIC.exists()),
    reason="the vendors' descriptions are not beside the checkout",
)
SCHEMA = {
    "type": "object",
    "properties": {"subject": {"type": "string"}, "amount": {"type": "number"}},
    "required": ["subject", "amount"],
    "additionalProperties": False,
}
TOOL = Tool("count_deals", "Compte les affaires", SCHEMA)
ASKED = ModelRequest(
    "Tu aides.", (Message("user", "Combien d'affaires ?"),), user_tag="u1"
)
TOLD = ModelRequest(
    "Tu aides.",
    (
        Message("user", "Combien d'affaires ?"),
        Message("assistant", "", (ToolCall("c1", "count_deals", {"amount": 1}),)),
        Message("tool", '{"count": 4}', tool_call_id="c1"),
    ),
    tools=(TOOL,),
)
SHAPED = ModelRequest("Tu aides.", (Message("user", "Devis ?"),), schema=SCHEMA)
TOOLED = ModelRequest("Tu aides.", ASKED.messages, tools=(TOOL,))


def may_be_null(node):
    """Turn `nullable` of older descriptions into what the checker knows."""
    if isinstance(node, list):
        return [may_be_null(one) for one in node]
    if not isinstance(node, dict):
        return node
    node = {name: may_be_null(child) for name, child in node.items()}
    if node.pop("nullable", None) is True:
        return {"anyOf": [node, {"type": "null"}]}
    return node


@pytest.fixture(scope="module")
def check():
    """Return a function (vendor, schema name, value) that complains."""
    anthropic = json.loads(ANTHROPIC.read_text())
    descriptions = {"openai": load_description(OPENAI), "anthropic": anthropic}
    made = {}

    def complain(vendor, name, value):
        if (vendor, name) not in made:
            components = descriptions[vendor]["components"]
            root = {"$ref": f"#/components/schemas/{name}", "components": components}
            root = may_be_null(root)
            made[vendor, name] = jsonschema.Draft202012Validator(root)
        errors = list(made[vendor, name].iter_errors(value))
        assert not errors, jsonschema.exceptions.best_match(errors)

    return complain


@pytest.fixture(scope="module")
def standin():
    with LlmStandin() as server:
        yield server


@pytest.fixture(scope="module")
def call(standin):
    def ask(path, body=None, anthropic=False, **content):
        headers = {"Authorization": "Bearer key"}
        if anthropic:
            headers = {"x-api-key": "key", "anthropic-version": "2023-06-01"}
        method = "GET" if body is None and not content else "POST"
        url = standin.base_url + path
        return requests.request(
            method, url, headers=headers, json=body, timeout=5, **content
        )

    return ask


def events(answer):
    lines = [line for line in answer.text.splitlines() if line.startswith("data: ")]
    return [json.loads(line[6:]) for line in lines if line != "data: [DONE]"]


@pytest.mark.parametrize("request_", [ASKED, TOLD, SHAPED, TOOLED])
def test_chat(check, call, request_):
    fields = openai_shapes.encode(request_, "gpt-4o", Capabilities(), knows_user=True)
    check("openai", "CreateChatCompletionRequest", fields)
    answer = call("/v1/chat/completions", fields).json()
    check("openai", "CreateChatCompletionResponse", answer)
    streamed = {**fields, "stream": True, "stream_options": {"include_usage": True}}
    check("openai", "CreateChatCompletionRequest", streamed)
    chunks = events(call("/v1/chat/completions", streamed))
    assert len(chunks) > 2
    for chunk in chunks:
        check("openai", "CreateChatCompletionStreamResponse", chunk)


@pytest.mark.parametrize("fault", ["refusal", "filtered", "length"])
def test_chat_that_ends_otherwise(check, call, standin, fault):
    fields = openai_shapes.encode(ASKED, "gpt-4o", Capabilities())
    standin.fault(fault)
    answer = call("/v1/chat/completions", fields).json()
    check("openai", "CreateChatCompletionResponse", answer)


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"tools": [{"type": "function", "name": "count_deals", "parameters": SCHEMA,
                    "strict": True, "description": "Compte les affaires"}]},
        {"text": {"format": {"type": "json_schema", "name": "a", "schema": SCHEMA,
                             "strict": True}}},
        {"max_output_tokens": 16},
    ],
)  # fmt: skip
def test_responses(check, call, extra):
    body = {"model": "gpt-4o", "input": "Combien d'affaires ?", "store": False, **extra}
    check("openai", "CreateResponse", body)
    check("openai", "Response", call("/v1/responses", body).json())
    stream = events(call("/v1/responses", {**body, "stream": True}))
    assert stream[0]["type"] == "response.created"
    assert stream[-1]["type"] in ("response.completed", "response.incomplete")
    for event in stream:
        check("openai", "ResponseStreamEvent", event)


@pytest.mark.parametrize(
    ("model", "form", "name"),
    [
        ("gpt-4o-transcribe", "json", "CreateTranscriptionResponseJson"),
        ("whisper-1", "verbose_json", "CreateTranscriptionResponseVerboseJson"),
        ("gpt-4o-transcribe-diarize", "diarized_json",
         "CreateTranscriptionResponseDiarizedJson"),
    ],
)  # fmt: skip
def test_sound(check, call, model, form, name):
    answer = call(
        "/v1/audio/transcriptions",
        data={"model": model, "response_format": form, "language": "fr"},
        files={"file": ("a.webm", b"x" * 100)},
    )
    assert answer.ok, answer.text
    check("openai", name, answer.json())


def test_models(check, call):
    check("openai", "ListModelsResponse", call("/v1/models").json())
    answer = call("/v1/models", anthropic=True).json()
    check("anthropic", "ListResponse_ModelInfo_", answer)


@pytest.mark.parametrize("kind", ["400", "401", "404", "429", "quota", "500", "503"])
def test_errors(check, call, standin, kind):
    for anthropic in (False, True):
        standin.fault(kind)
        answer = call("/v1/models", anthropic=anthropic)
        assert not answer.ok
        vendor = "anthropic" if anthropic else "openai"
        check(vendor, "ErrorResponse", answer.json())


@pytest.mark.parametrize("request_", [ASKED, TOLD, SHAPED, TOOLED])
@pytest.mark.parametrize("json_schema", [True, False])
def test_messages(check, call, request_, json_schema):
    capabilities = Capabilities(json_schema=json_schema)
    fields = anthropic_shapes.encode(request_, "claude", capabilities)
    # the description at hand is older than this field
    known = {k: v for k, v in fields.items() if k != "output_config"}
    check("anthropic", "CreateMessageParams", known)
    answer = call("/v1/messages", fields, anthropic=True).json()
    answer["usage"].pop("inference_geo")
    check("anthropic", "Message", answer)
    stream = events(call("/v1/messages", {**fields, "stream": True}, anthropic=True))
    for event in stream:
        if event["type"] == "ping":
            continue
        check("anthropic", "MessageStreamEvent", event)
    assert stream[-1]["type"] == "message_stop"


def test_the_checks_see_what_is_wrong(check, call):
    fields = openai_shapes.encode(ASKED, "gpt-4o", Capabilities())
    answer = call("/v1/chat/completions", fields).json()
    answer["choices"][0]["finish_reason"] = "tired"
    with pytest.raises(AssertionError):
        check("openai", "CreateChatCompletionResponse", answer)
    with pytest.raises(AssertionError):
        check("openai", "CreateChatCompletionRequest", {**fields, "messages": []})

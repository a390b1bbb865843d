"""What goes to a vendor and what comes back, for both vendors."""

import json
import logging

import pytest
from pydantic import BaseModel

from odoo.addons.crm_ai.lib import structured
from odoo.addons.crm_ai.lib.messages import Message, Tool
from odoo.addons.crm_base.lib.errors import ConfigurationError

from .conftest import KEY, ask

COUNT = Tool(
    "count_deals",
    "Compte les affaires dormantes",
    {
        "type": "object",
        "properties": {"days": {"type": "integer"}},
        "required": ["days"],
        "additionalProperties": False,
    },
)


class Letter(BaseModel):
    subject: str
    body: str
    due_date: str | None


def test_models_are_listed(make_client, vendor):
    assert "gpt-standin" in make_client(vendor).list_models()


def test_a_question_and_its_answer(make_client, standin, vendor):
    answer = make_client(vendor).complete(ask(user_tag="u-7"))
    assert answer.end == "normal"
    assert "S00042" in answer.text and "1 200 €" in answer.text
    assert answer.usage.tokens_in > 5 and answer.usage.tokens_out > 20
    assert answer.model == "some-model"
    assert answer.request_id.startswith("req_")
    [call] = standin.asked()
    assert call["key"] == KEY
    assert call["vendor"] == vendor
    assert ("u-7" in call["raw"]) == (vendor == "anthropic")


@pytest.mark.parametrize("json_schema", [True, False])
@pytest.mark.parametrize("streaming", [True, False])
def test_an_answer_of_a_fixed_shape(make_client, vendor, json_schema, streaming):
    client = make_client(vendor, {"json_schema": json_schema})
    pieces = []
    schema = structured.schema_of(Letter)
    answer = client.complete(
        ask(schema=schema), on_text=pieces.append if streaming else None
    )
    letter, problems = structured.parse(answer.text, Letter)
    assert not problems
    assert "S00042" in letter.subject
    assert letter.due_date is None
    if streaming:
        assert len(pieces) > 3
        assert "".join(pieces) == answer.text
    else:
        assert not pieces


def test_a_model_that_cannot_stream_answers_at_once(make_client, standin, vendor):
    pieces = []
    client = make_client(vendor, {"streaming": False})
    assert client.complete(ask(), on_text=pieces.append).text
    assert not pieces
    assert not standin.asked()[0]["body"].get("stream")


def talk(client, question, pieces=None):
    """One round of a tool, then the answer."""
    on_text = pieces.append if pieces is not None else None
    first = client.complete(question, on_text=on_text)
    results = tuple(
        Message("tool", '{"count": 4, "total": "18 000 €"}', tool_call_id=one.call_id)
        for one in first.tool_calls
    )
    said = Message("assistant", first.text, first.tool_calls)
    messages = (*question.messages, said, *results)
    again = ask(messages=messages, tools=question.tools)
    return first, client.complete(again, on_text=on_text)


@pytest.mark.parametrize("streaming", [True, False])
@pytest.mark.parametrize("loose", [True, False])
def test_tools_are_called_and_their_results_told(
    make_client, standin, vendor, streaming, loose
):
    standin.state.settings.loose = loose
    question = ask("Combien d'affaires dormantes depuis 14 jours ?", tools=(COUNT,))
    pieces = [] if streaming else None
    first, second = talk(make_client(vendor), question, pieces)
    assert first.end == "tool"
    [call] = first.tool_calls
    assert (call.name, dict(call.arguments)) == ("count_deals", {"days": 14})
    assert call.call_id and not call.problem
    assert second.end == "normal"
    assert "18 000 €" in second.text


def test_two_tools_at_once_are_answered_together(make_client, standin, vendor):
    calls = [{"name": "count_deals", "arguments": {"days": n}} for n in (7, 14)]
    standin.script(calls=calls)
    first, second = talk(make_client(vendor), ask("Combien ?", tools=(COUNT,)))
    assert [call.arguments["days"] for call in first.tool_calls] == [7, 14]
    assert len({call.call_id for call in first.tool_calls}) == 2
    assert second.text.count("18 000 €") == 2


def test_tools_are_not_offered_to_a_model_without(make_client, standin, vendor):
    make_client(vendor, {"tools": False}).complete(ask(tools=(COUNT,)))
    assert "tools" not in standin.asked()[0]["body"]


def test_arguments_that_are_no_json_are_a_problem_to_tell(make_client, standin):
    standin.fault("bad_arguments")
    standin.script(calls=[{"name": "count_deals", "arguments": {"days": 3}}])
    answer = make_client("openai").complete(ask(tools=(COUNT,)))
    assert answer.tool_calls[0].problem
    assert answer.tool_calls[0].arguments == {}


def test_the_flags_of_a_connection_decide_what_is_sent(make_client, standin):
    flags = {
        "max_tokens_field": "max_completion_tokens",
        "system_role": "developer",
        "temperature": False,
        "tool_choice": False,
    }
    make_client("openai", flags).complete(ask("Bonjour", tools=(COUNT,)))
    make_client("openai").complete(ask("Bonjour", tools=(COUNT,)))
    first, second = (call["body"] for call in standin.asked())
    assert first["max_completion_tokens"] == 1500 and "max_tokens" not in first
    assert first["messages"][0]["role"] == "developer"
    assert "temperature" not in first and "tool_choice" not in first
    assert second["max_tokens"] == 1500
    assert second["messages"][0]["role"] == "system"
    assert second["temperature"] == 0.3 and second["tool_choice"] == "auto"


def test_a_server_that_knows_no_stream_options_streams_all_the_same(
    make_client, standin
):
    standin.state.settings.strict = True
    pieces = []
    client = make_client("openai")
    for _turn in range(2):
        answer = client.complete(ask(), on_text=pieces.append)
        assert answer.usage.tokens_out > 10  # estimated
    # learned the first time
    assert [call["status"] for call in standin.asked()] == [400, 200, 200]


def test_tokens_are_estimated_where_they_are_not_counted(make_client, standin):
    client = make_client("openai")
    counted = client.complete(ask()).usage
    standin.state.settings.sends_usage = False
    estimated = client.complete(ask()).usage
    assert 0.5 < estimated.tokens_in / counted.tokens_in < 2
    assert 0.5 < estimated.tokens_out / counted.tokens_out < 2


def test_a_cancelled_answer_closes_the_stream(make_client, standin, vendor):
    standin.state.settings.piece_seconds = 0.05
    standin.state.settings.piece_chars = 4
    pieces = []
    answer = make_client(vendor).complete(
        ask(), on_text=pieces.append, is_cancelled=lambda: len(pieces) >= 3
    )
    assert answer.end == "cancelled"
    assert 0 < len(answer.text) < 40
    assert len(pieces) <= 4


def test_what_is_cancelled_before_is_never_asked(make_client, standin, vendor):
    answer = make_client(vendor).complete(ask(), is_cancelled=lambda: True)
    assert answer.end == "cancelled"
    assert not standin.asked()


def test_a_conversation_that_an_assistant_opens(make_client, standin, vendor):
    messages = (
        Message("assistant", "Bonjour, que puis-je faire ?"),
        Message("user", "Où en est S00042 ?"),
        Message("user", "Et vite."),
    )
    assert make_client(vendor).complete(ask(messages=messages)).end == "normal"


def test_thoughts_are_neither_shown_nor_kept(make_client, standin):
    standin.script(text="<think>un client, donc poli</think>Bonjour à vous", times=2)
    client, pieces = make_client("openai"), []
    assert client.complete(ask()).text == "Bonjour à vous"
    assert client.complete(ask(), on_text=pieces.append).text == "Bonjour à vous"
    assert "".join(pieces) == "Bonjour à vous"


@pytest.mark.parametrize(
    ("model", "speakers", "has_times"),
    [
        ("whisper-1", {""}, True),
        ("gpt-4o-transcribe-diarize", {"A", "B"}, True),
        ("gpt-4o-transcribe", {""}, False),
        ("local-whisper", {""}, True),
    ],
)
def test_sound_becomes_text(make_client, standin, model, speakers, has_times):
    lines = [
        {"text": "Quel est votre budget ?", "speaker": "A"},
        {"text": "Dix-huit mille euros.", "speaker": "B"},
    ]
    standin.admin.call("POST", "transcript", {"segments": lines})
    client = make_client("openai", audio_model=model)
    answer = client.transcribe("a.webm", b"x" * 2000, language="fr", prompt="Lumen")
    assert "Dix-huit mille euros." in " ".join(one.text for one in answer.segments)
    assert {one.speaker for one in answer.segments} == speakers
    assert all((one.start is not None) == has_times for one in answer.segments)
    assert answer.usage.audio_seconds > 1
    sent = standin.asked()[0]["body"]
    assert sent["file"] == {"name": "a.webm", "size": 2000}
    assert sent["language"] == "fr"
    assert sent.get("prompt") == (None if "diarize" in model else "Lumen")


def test_a_model_that_only_knows_plain_text_transcribes_too(make_client, standin):
    standin.fault("400")
    client = make_client("openai", audio_model="whisper-old")
    answer = client.transcribe("a.wav", b"x", language="")
    assert answer.segments
    first, second = (call["body"]["response_format"] for call in standin.asked())
    assert (first, second) == ("verbose_json", "json")


def test_the_other_vendor_hears_nothing(make_client, standin):
    with pytest.raises(ConfigurationError):
        make_client("anthropic").transcribe("a.wav", b"x", language="fr")
    assert not standin.asked()


def test_nothing_that_is_said_is_logged(make_client, vendor, caplog):
    caplog.set_level(logging.DEBUG)
    make_client(vendor).complete(ask("Secret de Marie Dupont"), on_text=lambda text: 0)
    assert "Marie" not in caplog.text
    assert KEY not in caplog.text


def test_our_environment_does_not_leak_into_calls(make_client, standin, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-machine")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "of-the-machine")
    for one in ("openai", "anthropic"):
        make_client(one).complete(ask())
    assert {call["key"] for call in standin.asked()} == {KEY}
    assert "of-the-machine" not in json.dumps(standin.asked(), default=str)

"""One conversation: answers judged, repaired once, tools counted."""

import pytest
from pydantic import BaseModel, ConfigDict

from odoo.addons.crm_ai.lib.messages import (
    Message,
    ModelAnswer,
    ModelRequest,
    Tool,
    ToolCall,
    Usage,
)
from odoo.addons.crm_ai.lib.talk import Talk, map_texts, texts_of

GOOD = '{"title": "T", "lines": ["a [X]"]}'


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    lines: list[str]


def make_talk(**more):
    tools = (Tool("look", "", {"type": "object"}),)
    request = ModelRequest("S", (Message("user", "Q"),), tools=more.pop("tools", tools))
    return Talk(request, Answer, **more)


def said(text, end="normal", **more):
    return ModelAnswer(text, end, Usage(10, 2), model="m", duration_ms=5, **more)


def test_a_good_answer():
    talk = make_talk(unmask=lambda text: text.replace("[X]", 'dit "bonjour"'))
    step = talk.take(said(GOOD))
    assert step.kind == "result"
    # put back after parsing: quotes in a name break no JSON
    assert step.result.lines == ['a dit "bonjour"']
    assert (talk.usage.tokens_in, talk.provider_ms, talk.model) == (10, 5, "m")


@pytest.mark.parametrize(
    "wrong",
    [
        said("pas de JSON"),
        said('{"title": "T"}'),
        said('{"title": "T", "lines": [], "more": 1}'),
        said("   "),
        said('{"title": "T", "li', "length"),
    ],
)
def test_one_repair(wrong):
    talk = make_talk()
    assert talk.take(wrong).kind == "again"
    assert [m.role for m in talk.request.messages] == ["user", "assistant", "user"]
    assert all(message.text.strip() for message in talk.request.messages)
    assert talk.take(said(GOOD)).kind == "result"
    assert talk.usage.tokens_out == 4


def test_the_second_bad_answer_ends_it():
    talk = make_talk()
    talk.take(said("?"))
    assert talk.take(said("?")).reason == "bad_output"


@pytest.mark.parametrize(
    ("end", "reason"), [("refused", "model_refused"), ("cancelled", "cancelled")]
)
def test_ends_without_an_answer(end, reason):
    assert make_talk().take(said(GOOD, end)).reason == reason


def test_english_is_asked_again_in_french():
    english = "Dear Sir, thank you for your message about the offer that we sent you."
    talk = make_talk(wants_french=True, text_field="title", tools=())
    talk.result_class = type("T", (BaseModel,), {"__annotations__": {"title": str}})
    assert talk.take(said(english)).kind == "again"
    french = "Bonjour, je vous remercie de votre message au sujet de notre offre."
    assert talk.take(said(french)).kind == "result"


def test_tools_have_their_rounds():
    talk = make_talk(max_rounds=2)
    wanted = (ToolCall("1", "look", {}), ToolCall("2", "look", {}))
    for _round in range(2):
        step = talk.take(said("", "tool", tool_calls=wanted))
        assert step.kind == "tools"
        talk.take_tools([(call, "résultat") for call in step.tool_calls])
    assert [m.tool_call_id for m in talk.request.messages[-2:]] == ["1", "2"]
    assert talk.take(said("", "tool", tool_calls=wanted)).reason == "bad_output"


def test_a_tool_nobody_offered_is_not_called():
    talk = make_talk(tools=())
    wanted = (ToolCall("1", "delete_everything", {}),)
    assert talk.take(said("", "tool", tool_calls=wanted)).kind == "again"


def test_length_is_never_underestimated():
    short, long = make_talk(), make_talk()
    long.request = ModelRequest("S" * 3200, (Message("user", "Q"),))
    assert long.estimated_tokens() - short.estimated_tokens() >= 990


def test_texts_of_nested_data():
    data = {"a": "x", "b": [{"c": "y"}, 3, None]}
    assert texts_of(data) == ["x", "y"]
    assert map_texts(data, str.upper) == {"a": "X", "b": [{"c": "Y"}, 3, None]}

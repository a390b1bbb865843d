import enum
from datetime import date
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from odoo.addons.crm_ai.lib import structured


class Tone(enum.Enum):
    warm = "warm"
    dry = "dry"


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str = Field(description="En une phrase", max_length=200)
    amount: float | None = Field(ge=0)
    due: date | None


class Result(BaseModel):
    model_config = ConfigDict(extra="forbid")
    tone: Tone
    kind: Literal["a", "b"]
    items: list[Item] = Field(max_length=3)
    best: Item
    is_sure: bool = False


def walk(node):
    yield node
    for child in node.values():
        children = child if isinstance(child, list) else [child]
        for one in children:
            if isinstance(one, dict):
                yield from walk(one)


def test_a_schema_stays_in_the_part_that_all_vendors_take():
    schema = structured.schema_of(Result)
    known = {"type", "description", "enum", "anyOf", "properties", "required"}
    known |= {"additionalProperties", "items"}
    assert schema["type"] == "object"
    for node in walk(schema):
        if "type" in node or "anyOf" in node or "enum" in node:
            names = set(node)
            assert names <= known or names <= set(node.get("properties", ())), node
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])
    text = repr(schema)
    assert "$ref" not in text and "$defs" not in text and "max" not in text
    assert schema["properties"]["tone"]["enum"] == ["warm", "dry"]
    amount = schema["properties"]["best"]["properties"]["amount"]
    assert amount["anyOf"] == [{"type": "number"}, {"type": "null"}]
    title = schema["properties"]["items"]["items"]["properties"]["title"]
    assert title["description"] == "En une phrase"


def test_a_shape_that_refers_to_itself_is_refused():
    class Node(BaseModel):
        children: list["Node"]

    with pytest.raises(ValueError, match="itself"):
        structured.schema_of(Node)


GOOD = (
    '{"tone": "warm", "kind": "a", "items": [], "is_sure": true,'
    ' "best": {"title": "Une {accolade}", "amount": 12.5, "due": "2026-12-01"}}'
)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"\n  {GOOD}\n",
        f"```json\n{GOOD}\n```",
        f"```\n{GOOD}",
        f"Voici la réponse :\n```json\n{GOOD}\n```\nBonne journée !",
        f"Voici {{ce}} que je propose : {GOOD} Est-ce bien ?",
        f"\ufeff{GOOD}",
        GOOD.replace("Une ", "Une\n"),
    ],
)
def test_an_answer_is_found_in_what_is_around_it(text):
    result, problems = structured.parse(text, Result)
    assert not problems
    assert result.tone is Tone.warm
    assert result.best.due == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "not a JSON object"),
        ("Je ne sais pas.", "not a JSON object"),
        ("[1, 2]", "not a JSON object"),
        (GOOD[:-20], "invalid"),
        ('{"tone": "warm"}', "kind"),
        (GOOD.replace('"warm"', '"cold"'), "tone"),
        (GOOD.replace('"kind"', '"surprise": 1, "kind"'), "surprise"),
        (GOOD.replace("12.5", "-1"), "best.amount"),
        (GOOD.replace("2026-12-01", "demain"), "best.due"),
    ],
)
def test_what_is_wrong_is_said(text, word):
    result, problems = structured.parse(text, Result)
    assert result is None
    assert any(word in problem for problem in problems), problems
    message = structured.repair_message(problems)
    assert problems[0] in message


def test_hundreds_of_problems_are_not_all_told():
    bad = ", ".join(['{"title": 1}'] * 300)
    _result, problems = structured.parse(f'{{"items": [{bad}]}}', Result)
    assert 0 < len(problems) <= 12


def test_hostile_text_stays_cheap():
    assert structured.parse("{" * 50_000, Result)[0] is None
    assert structured.parse('{"a": [' * 5_000, Result)[0] is None


def test_a_field_is_shown_while_it_grows():
    whole = (
        '```json\n{"subject": "Devis", "body": "Bonjour \\u00e0 \\"vous\\",\\nmerci"}'
    )
    shown = ""
    for end in range(len(whole) + 1):
        now = structured.partial_field(whole[:end], "body")
        assert now.startswith(shown)
        shown = now
    assert shown == 'Bonjour à "vous",\nmerci'
    assert structured.partial_field(whole, "absent") == ""
    assert structured.partial_field("pas encore", "body") == ""
    assert structured.partial_field('{"body": ["a"', "body") == ""

"""Answers of a fixed shape: the schema that is sent, the answer that is checked.

Vendors accept different parts of JSON Schema. What is sent stays in the part that all
take: objects with every property required and no other, nullable instead of optional,
enumerations, arrays; no reference, no limit on length or size. The limits of a model
are still checked here, on the way back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import pydantic
from pydantic import BaseModel

Result = TypeVar("Result", bound=BaseModel)

# What all vendors take of a schema, beside its structure.
_KEPT = ("type", "description", "enum", "const")
_FENCE = re.compile(r"```[a-zA-Z0-9_-]*\s*\n?(.*?)(?:```|\Z)", re.S)
_OBJECT = pydantic.TypeAdapter(dict[str, Any])
_MAX_PROBLEMS = 12
_MAX_DEPTH = 30


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON schema of a model, in the part that all vendors take.

    :raise ValueError: the model refers to itself
    """
    schema = model.model_json_schema()
    return _simplify(schema, schema.get("$defs", {}), 0)


def _simplify(node: Mapping[str, Any], known: Mapping[str, Any], depth: int) -> dict:
    if depth > _MAX_DEPTH:
        raise ValueError("the shape refers to itself")
    if "$ref" in node:
        target = known[node["$ref"].rsplit("/", 1)[-1]]
        merged = {**target, **{k: v for k, v in node.items() if k != "$ref"}}
        return _simplify(merged, known, depth + 1)
    if len(node.get("allOf", ())) == 1:
        merged = {**node["allOf"][0], **{k: v for k, v in node.items() if k != "allOf"}}
        return _simplify(merged, known, depth + 1)
    clean = {name: node[name] for name in _KEPT if name in node}
    if "const" in clean:
        clean["enum"] = [clean.pop("const")]
    for name in ("anyOf", "oneOf"):
        if name in node:
            choices = [_simplify(one, known, depth + 1) for one in node[name]]
            clean["anyOf"] = choices
    if "properties" in node or node.get("type") == "object":
        properties = node.get("properties", {})
        clean["properties"] = {
            name: _simplify(child, known, depth + 1)
            for name, child in properties.items()
        }
        clean["required"] = list(properties)
        clean["additionalProperties"] = False
    if node.get("type") == "array":
        items = node.get("items") or {"type": "string"}
        clean["items"] = _simplify(items, known, depth + 1)
    if node.get("format") in ("date", "date-time") and "description" not in clean:
        clean["description"] = {"date": "AAAA-MM-JJ", "date-time": "ISO 8601"}[
            node["format"]
        ]
    return clean


def parse(text: str, model: type[Result]) -> tuple[Result | None, list[str]]:
    """Return the answer as an object of the model, or what is wrong with it.

    Code fences and words around the object are overlooked.

    :return: the object or None, and sentences in English for the model
    """
    problems = ["The answer is not a JSON object."]
    for candidate in _candidates(text):
        try:
            value = json.loads(candidate, strict=False)
        except (ValueError, RecursionError) as error:
            where = getattr(error, "pos", 0)
            problems = [f"The JSON is invalid near character {where}: {error.args[0]}."]
            continue
        if not isinstance(value, dict):
            continue
        try:
            return model.model_validate(value), []
        except pydantic.ValidationError as error:
            return None, _sentences(error)
    return None, problems


def _candidates(text: str) -> list[str]:
    """Return where the object may be, the likeliest first."""
    text = text.strip().removeprefix("\ufeff")
    found = [text] if text.startswith("{") else []
    found += [match[1].strip() for match in _FENCE.finditer(text)]
    found += [piece for piece in (_first_object(text),) if piece]
    return list(dict.fromkeys(found))


def _first_object(text: str) -> str:
    """Return the first whole object in a text, empty when there is none."""
    decoder = json.JSONDecoder(strict=False)
    start = text.find("{")
    attempts = 0
    while start >= 0 and attempts < 20:
        try:
            _value, end = decoder.raw_decode(text, start)
            return text[start:end]
        except (ValueError, RecursionError):
            attempts += 1
            start = text.find("{", start + 1)
    return ""


def _sentences(error: pydantic.ValidationError) -> list[str]:
    problems = []
    for item in error.errors(include_url=False, include_context=False)[:_MAX_PROBLEMS]:
        where = ".".join(map(str, item["loc"])) or "the object"
        problems.append(f"{where}: {item['msg']}.")
    return problems


def repair_message(problems: Sequence[str]) -> str:
    """Return what the model is told, once, when its answer does not fit."""
    listed = "\n".join(f"- {problem}" for problem in problems)
    return (
        "Ta réponse ne convient pas :\n"
        f"{listed}\n"
        "Corrige ces points et redonne la réponse complète, uniquement l'objet JSON, "
        "en français, sans rien ajouter ni inventer."
    )


def partial_field(text: str, field: str) -> str:
    """Return the text of a field in JSON that is still growing, empty until it comes.

    >>> partial_field('{"subject": "Devis", "body": "Bonj', "body")
    'Bonj'
    """
    start = text.find("{")
    if start < 0:
        return ""
    try:
        value = _OBJECT.validate_json(
            text[start:], experimental_allow_partial="trailing-strings"
        )
    except ValueError:
        return ""
    found = value.get(field)
    return found if isinstance(found, str) else ""

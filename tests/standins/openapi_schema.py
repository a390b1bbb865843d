"""A small validator for the vendors' own API descriptions, kept outside the project.

Names, types, null and required fields are checked. Enums, bounds, patterns and names
that the description does not know only when asked (``strict``): Stripe's description
dates from 2023 and Stripe adds values every month.
"""

import gzip
import json
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "vendor" / "openapi"
DESCRIPTION = FOLDER / "stripe.json.gz"
SAMPLES = FOLDER / "stripe-fixtures3.json"

_TYPES = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def load_description(path=DESCRIPTION):
    with gzip.open(path) as file:
        return json.load(file)


def load_samples():
    return json.loads(SAMPLES.read_text())["resources"]


class Validator:
    """Says in sentences where a value leaves the description.

    :param description: OpenAPI 3 or Swagger 2, decoded
    """

    def __init__(self, description, *, strict=False):
        components = description.get("components") or {}
        self.schemas = components.get("schemas") or description["definitions"]
        self.paths = description["paths"]
        self.strict = strict

    def answer_schema(self, method, path, status="200"):
        answer = self.paths[path][method]["responses"][status]
        if "$ref" in answer:
            return {"$ref": answer["$ref"]}
        if "schema" in answer:
            return answer["schema"]
        return answer["content"]["application/json"]["schema"]

    def body_schema(self, method, path, kind="application/x-www-form-urlencoded"):
        content = self.paths[path][method]["requestBody"]["content"]
        return content[kind]["schema"]

    def troubles(self, value, schema, where="$"):
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[-1]]
        if value is None:
            return [] if self._may_be_null(schema) else [f"{where}: null"]
        for name in ("anyOf", "oneOf"):
            if name in schema:
                found = [self.troubles(value, one, where) for one in schema[name]]
                return min(found, key=len)
        troubles = [
            trouble
            for part in schema.get("allOf", [])
            for trouble in self.troubles(value, part, where)
        ]
        kind = schema.get("type")
        if kind and not self._is(value, kind):
            return [*troubles, f"{where}: {type(value).__name__} is not {kind}"]
        if self.strict:
            troubles += self._limit_troubles(value, schema, where)
        if kind == "array":
            for index, item in enumerate(value):
                troubles += self.troubles(item, schema["items"], f"{where}[{index}]")
        elif isinstance(value, dict):
            troubles += self._object_troubles(value, schema, where)
        return troubles

    def _may_be_null(self, schema):
        return schema.get("nullable") or None in schema.get("enum", ())

    def _is(self, value, kind):
        if isinstance(value, bool):
            return kind == "boolean"
        return isinstance(value, _TYPES[kind])

    def _limit_troubles(self, value, schema, where):
        size = len(value) if isinstance(value, str) else value
        is_sized = isinstance(size, int | float) and not isinstance(size, bool)
        word = "Length" if isinstance(value, str) else "imum"
        low, high = schema.get(f"min{word}"), schema.get(f"max{word}")
        pattern = schema.get("pattern")
        facts = {
            "not in the list": "enum" in schema and value not in schema["enum"],
            "too small": is_sized and low is not None and size < low,
            "too big": is_sized and high is not None and size > high,
            "of another form": pattern
            and isinstance(value, str)
            and not re.search(pattern, value),
        }
        return [f"{where}: {value!r} {fact}" for fact, is_so in facts.items() if is_so]

    def _object_troubles(self, value, schema, where):
        known = schema.get("properties", {})
        is_closed = schema.get("additionalProperties") is False
        if self.strict and known and "additionalProperties" not in schema:
            is_closed = True
        troubles = [
            f"{where}: {name} is missing"
            for name in schema.get("required", [])
            if name not in value
        ]
        for name, child in value.items():
            if name in known:
                troubles += self.troubles(child, known[name], f"{where}.{name}")
            elif is_closed:
                troubles.append(f"{where}: {name} is unknown")
        return troubles

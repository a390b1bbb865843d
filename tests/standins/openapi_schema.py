"""A small validator for Stripe's own API description, kept outside the project.

Enums are not enforced: the description dates from 2023 and Stripe adds values
every month; names, types, null and required fields are.
"""

import gzip
import json
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


def load_description():
    with gzip.open(DESCRIPTION) as file:
        return json.load(file)


def load_samples():
    return json.loads(SAMPLES.read_text())["resources"]


class Validator:
    """Says in sentences where a value leaves the description."""

    def __init__(self, description):
        self.schemas = description["components"]["schemas"]
        self.paths = description["paths"]

    def answer_schema(self, method, path):
        operation = self.paths[path][method]
        return operation["responses"]["200"]["content"]["application/json"]["schema"]

    def body_schema(self, method, path):
        content = self.paths[path][method]["requestBody"]["content"]
        return content["application/x-www-form-urlencoded"]["schema"]

    def troubles(self, value, schema, where="$"):
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[-1]]
        if value is None:
            return [] if schema.get("nullable") else [f"{where}: null"]
        if "anyOf" in schema:
            found = [self.troubles(value, one, where) for one in schema["anyOf"]]
            return min(found, key=len)
        kind = schema.get("type")
        if kind and not self._is(value, kind):
            return [f"{where}: {type(value).__name__} is not {kind}"]
        if kind == "array":
            return [
                trouble
                for index, item in enumerate(value)
                for trouble in self.troubles(item, schema["items"], f"{where}[{index}]")
            ]
        if isinstance(value, dict):
            return self._object_troubles(value, schema, where)
        return []

    def _is(self, value, kind):
        if isinstance(value, bool):
            return kind == "boolean"
        return isinstance(value, _TYPES[kind])

    def _object_troubles(self, value, schema, where):
        known = schema.get("properties", {})
        troubles = [
            f"{where}: {name} is missing"
            for name in schema.get("required", [])
            if name not in value
        ]
        for name, child in value.items():
            if name in known:
                troubles += self.troubles(child, known[name], f"{where}.{name}")
            elif schema.get("additionalProperties") is False:
                troubles.append(f"{where}: {name} is unknown")
        return troubles

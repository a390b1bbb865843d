"""Stripe's form encoding: ``line_items[0][price_data][unit_amount]=1200``."""

import re
from urllib.parse import parse_qsl

_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")


class FormError(ValueError):
    """The body is not something Stripe would have understood."""


def decode_form(text):
    """Return the nested dict/list structure of a form-encoded text.

    Every leaf stays a string, as on the wire; an empty string unsets a field.
    """
    root = {}
    for key, value in parse_qsl(text, keep_blank_values=True, errors="strict"):
        match = _KEY.match(key)
        if not match:
            raise FormError(key)
        path = [match.group(1), *re.findall(r"\[([^\[\]]*)\]", match.group(2))]
        _put(root, path, value)
    return _with_lists(root)


def _put(node, path, value):
    for position, part in enumerate(path):
        if part == "":
            part = str(len(node))
        if position == len(path) - 1:
            node[part] = value
            return
        child = node.setdefault(part, {})
        if not isinstance(child, dict):
            raise FormError(part)
        node = child


def _with_lists(node):
    if not isinstance(node, dict):
        return node
    decoded = {key: _with_lists(child) for key, child in node.items()}
    if decoded and all(key.isdigit() for key in decoded):
        return [decoded[key] for key in sorted(decoded, key=int)]
    return decoded

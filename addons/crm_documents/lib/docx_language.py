"""Rewrites our markers into the few words of Jinja that a DOCX is filled with.

Nothing of what the author wrote reaches Jinja: each marker is read by our grammar
and written anew, so no call, attribute, filter or statement of his can get through.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal

from .grammar import (
    Condition,
    Else,
    End,
    Loop,
    MarkerError,
    Option,
    Print,
    parse_print,
    parse_section,
    read_anchor,
)
from .office_file import split_scope

_TAGS = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}|\{#|#\}", re.DOTALL)
OPTIONS = "_options"


def rewrite(source: str) -> str:
    """Return `source` with every marker replaced by safe Jinja.

    :raise MarkerError: a marker that is not of our grammar, or an end too many
    """
    opened: list[str] = []
    rows: dict[str, str] = {}

    def replace(match: re.Match) -> str:
        if match[1] is not None:
            if anchor := read_anchor(match[1]):
                return f"{{{{ {_quote(anchor)} }}}}"
            return _write_print(parse_print(match[1]), rows)
        if match[2] is not None:
            _scope, inner = split_scope(match[2])
            return _write_section(parse_section(inner), opened, rows)
        raise MarkerError(match[0])

    text = _TAGS.sub(replace, source)
    if opened:
        raise MarkerError(opened[-1])
    return text


def _access(path: tuple[str, ...]) -> str:
    """Return a chain of subscripts: keys of our own mappings, never attributes."""
    return path[0] + "".join(f"[{_quote(code)}]" for code in path[1:])


def _quote(text: str) -> str:
    # \u escapes only: no quote, brace or percent sign of a text may end the marker.
    return (
        '"'
        + "".join(
            c if c.isascii() and (c.isalnum() or c in " _.-") else f"\\u{ord(c):04x}"
            for c in text
            if ord(c) < 0x10000
        )
        + '"'
    )


def _write_print(node: Print, rows: dict[str, str]) -> str:
    # The full path names a missing value; a row answers by the path of its list.
    start = rows.get(node.path[0], node.path[0])
    full = ".".join((start, *node.path[1:]))
    filters = {item.name: item.argument for item in node.filters}
    spec = json.dumps(filters, sort_keys=True)
    return f"{{{{ {_access(node.path)}|_write({_quote(full)}, {_quote(spec)}) }}}}"


def _write_section(node, opened: list[str], rows: dict[str, str]) -> str:
    if isinstance(node, Loop):
        opened.append("for")
        start = rows.get(node.path[0], node.path[0])
        rows[node.name] = ".".join((start, *node.path[1:]))
        return f"{{% for {node.name} in {_access(node.path)}|_rows %}}"
    if isinstance(node, Condition):
        opened.append("if")
        return f"{{% if {_write_condition(node)} %}}"
    if isinstance(node, Option):
        opened.append("if")
        return f"{{% if {OPTIONS}|_kept({_quote(node.label)}) %}}"
    if isinstance(node, Else) and opened and opened[-1] == "if":
        return "{% else %}"
    if isinstance(node, End) and opened:
        return f"{{% end{opened.pop()} %}}"
    raise MarkerError(node.source)


def _write_condition(node: Condition) -> str:
    access = _access(node.path)
    if not node.operator:
        return f"{'not ' if node.is_negated else ''}{access}|_true"
    is_number = isinstance(node.expected, Decimal)
    expected = _quote(str(node.expected))
    operator = _quote(node.operator)
    return f"{access}|_compare({operator}, {expected}, {int(is_number)})"

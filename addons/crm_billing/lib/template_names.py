"""Names that the text of a template uses: found before anything is sent."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import html

INLINE = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)
FORMAT = re.compile(r"#\{(.+?)\}|\{\{(.+?)\}\}", re.DOTALL)
EXPRESSIONS = ("t-out", "t-esc", "t-if", "t-elif", "t-foreach", "t-value", "t-att")
LOOP_SUFFIXES = ("", "_index", "_first", "_last", "_size", "_value", "_odd", "_even")
ANY = ""


@dataclass(frozen=True)
class Unknown:
    """A name that would fail: `name` as written, `where` the expression it is in."""

    name: str
    where: str


def find_unknown_in_html(
    source: str,
    known: dict[str, str],
    resolve: Callable[[str, str], str | None],
) -> list[Unknown]:
    """Return the unknown names of a QWeb text.

    :param known: name -> model of what it holds, empty when it does not matter
    :param resolve: (model, attribute) -> model of its value, empty when it is plain,
        None when the model has no such attribute
    """
    root = html.fragment_fromstring(source or "", create_parent=True)
    return list(_walk(root, dict(known), resolve))


def find_unknown_in_line(
    source: str,
    known: dict[str, str],
    resolve: Callable[[str, str], str | None],
) -> list[Unknown]:
    """Return the unknown names of a one-line template, as a subject."""
    return [
        unknown
        for expression in INLINE.findall(source or "")
        for unknown in _check(expression, known, resolve)
    ]


def _walk(node, scope: dict[str, str], resolve) -> Iterator[Unknown]:
    """Follow the order of QWeb: a loop names its value for what it holds."""
    if not isinstance(node.tag, str):
        return
    inner = scope
    for expression in _expressions_of(node):
        yield from _check(expression, scope, resolve)
    if "t-foreach" in node.attrib:
        name = node.get("t-as", "")
        inner = dict(scope)
        inner.update({f"{name}{suffix}": ANY for suffix in LOOP_SUFFIXES})
        inner[name] = _type_of(node.get("t-foreach"), scope, resolve)
    if "t-set" in node.attrib:
        # Seen by what follows, not only by what is inside.
        scope[node.get("t-set")] = _type_of(node.get("t-value", ""), scope, resolve)
    for child in node:
        yield from _walk(child, inner, resolve)


def _expressions_of(node) -> Iterator[str]:
    for name, value in node.attrib.items():
        if name in EXPRESSIONS or name.startswith("t-att-"):
            yield value
        elif name.startswith("t-attf-"):
            for first, second in FORMAT.findall(value):
                yield first or second


def _check(expression: str, scope, resolve) -> Iterator[Unknown]:
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except SyntaxError:
        yield Unknown(expression.strip(), expression.strip())
        return
    local = dict(scope)
    for node in ast.walk(tree):
        if isinstance(node, ast.comprehension):
            local.update({n.id: ANY for n in ast.walk(node.target) if _is_name(n)})
        if isinstance(node, ast.Lambda):
            local.update({arg.arg: ANY for arg in node.args.args})
    for node in ast.walk(tree):
        if _is_name(node) and node.id not in local:
            yield Unknown(node.id, expression.strip())
        if isinstance(node, ast.Attribute):
            base = _infer(node.value, local, resolve)
            if base and resolve(base, node.attr) is None:
                yield Unknown(ast.unparse(node), expression.strip())


def _is_name(node) -> bool:
    return isinstance(node, ast.Name)


def _type_of(expression: str | None, scope, resolve) -> str:
    try:
        tree = ast.parse((expression or "").strip(), mode="eval")
    except SyntaxError:
        return ANY
    return _infer(tree.body, scope, resolve)


def _infer(node, scope, resolve) -> str:
    """Return the model of a chain as object.line_ids.move_id, empty when unsure."""
    if isinstance(node, ast.Name):
        return scope.get(node.id, ANY)
    if isinstance(node, ast.Attribute):
        base = _infer(node.value, scope, resolve)
        return (base and resolve(base, node.attr)) or ANY
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return _infer(node.value, scope, resolve)
    return ANY

"""Writes the values of one record into the tree of a template."""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import html_tree
from .grammar import Condition, Filter, Loop, Option, Print
from .html_tree import VOID_TAGS, Element, Node, Section, Text
from .values import EMPTY, Value, compare, is_true, lookup

MAX_OUTPUT_CHARACTERS = 4_000_000
MAX_ROWS = 2_000
IMAGE_TYPES = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)


class DocumentTooLarge(ValueError):
    """The filled text passes what a document may hold."""


@dataclass(frozen=True)
class Missing:
    """A value that was asked for and is empty; `path` as in the template."""

    path: str
    label: str


@dataclass
class Rendering:
    """What came out of one template for one record."""

    text: str
    missing: list[Missing] = field(default_factory=list)


def render(
    nodes: list[Node],
    values: Mapping[str, Any],
    *,
    describe: Callable[[tuple[str, ...]], tuple[str, bool]],
    mark: Callable[[str], str],
    options: Mapping[str, bool] | None = None,
) -> Rendering:
    """Fill a checked tree.

    :param describe: path -> (label, may be empty), rows of loops by their list's path
    :param mark: label -> what is written where a value is missing, as plain text
    :param options: label of an optional section -> kept; kept when not named
    :raise DocumentTooLarge: too many rows or characters
    """
    writer = _Writer(describe, mark, options or {})
    writer.fill(nodes, values, {})
    return Rendering("".join(writer.pieces), list(writer.missing.values()))


class _Writer:
    def __init__(self, describe, mark, options) -> None:
        self.describe, self.mark, self.options = describe, mark, options
        self.pieces: list[str] = []
        self.size = 0
        self.rows = 0
        self.missing: dict[str, Missing] = {}

    def add(self, piece: str) -> None:
        self.size += len(piece)
        if self.size > MAX_OUTPUT_CHARACTERS:
            raise DocumentTooLarge
        self.pieces.append(piece)

    def fill(self, nodes: list[Node], scope: Mapping, lists: Mapping) -> None:
        """:param lists: name of a row in scope -> path of the list it comes from"""
        for node in nodes:
            if isinstance(node, Text):
                self.add(html.escape(node.text, quote=False))
            elif isinstance(node, Print):
                self.add(self._print(node, scope, lists))
            elif isinstance(node, Element):
                self._write_element(node, scope, lists)
            elif isinstance(node, Section):
                self._write_section(node, scope, lists)

    def _write_element(self, node: Element, scope, lists) -> None:
        attributes = "".join(
            f' {name}="{html.escape(value)}"' for name, value in node.attributes
        )
        self.add(f"<{node.tag}{attributes}>")
        if node.tag not in VOID_TAGS:
            self.fill(node.children, scope, lists)
            self.add(f"</{node.tag}>")

    def _write_section(self, node: Section, scope, lists) -> None:
        head = node.head
        if isinstance(head, Option):
            if self.options.get(head.label, True):
                self.fill(node.children, scope, lists)
            else:
                self.fill(node.otherwise, scope, lists)
        elif isinstance(head, Condition):
            kept = node.children if holds(head, scope) else node.otherwise
            self.fill(kept, scope, lists)
        elif isinstance(head, Loop):
            rows = lookup(scope, head.path)
            path = (*lists.get(head.path[0], head.path[:1]), *head.path[1:])
            inner_lists = {**lists, head.name: path}
            for row in rows if isinstance(rows, (tuple, list)) else ():
                self.rows += 1
                if self.rows > MAX_ROWS:
                    raise DocumentTooLarge
                self.fill(node.children, {**scope, head.name: row}, inner_lists)

    def _print(self, node: Print, scope, lists) -> str:
        value = lookup(scope, node.path)
        value = value if isinstance(value, Value) else EMPTY
        if value.is_missing:
            path = (*lists.get(node.path[0], node.path[:1]), *node.path[1:])
            return self._print_missing(path, node.filters)
        if value.kind == "html":
            return clean_html(value.text)
        if value.kind == "image":
            return image_tag(value.image)
        text = apply_filters(value.text, node.filters)
        return html.escape(text, quote=False).replace("\n", "<br>")

    def _print_missing(self, path: tuple[str, ...], filters) -> str:
        fallback = next((f.argument for f in filters if f.name == "sinon"), None)
        if fallback is not None:
            return html.escape(fallback, quote=False)
        label, is_optional = self.describe(path)
        if is_optional:
            return ""
        code = ".".join(path)
        self.missing.setdefault(code, Missing(code, label))
        return (
            '<span class="o_crm_missing" style="background-color: rgb(255, 224, 130);">'
            f"{html.escape(self.mark(label), quote=False)}</span>"
        )


def holds(head: Condition, scope: Mapping) -> bool:
    """Tell whether a condition keeps its section."""
    value = lookup(scope, head.path)
    if head.operator:
        return compare(value, head.operator, head.expected)
    return is_true(value) != head.is_negated


def apply_filters(text: str, filters: tuple[Filter, ...]) -> str:
    """Return the text in capitals or small letters when asked."""
    for item in filters:
        if item.name == "majuscules":
            text = text.upper()
        elif item.name == "minuscules":
            text = text.lower()
    return text


def clean_html(source: str) -> str:
    """Return offered markup rewritten tag by tag; braces in it stay plain text."""
    nodes, _problems = html_tree.parse(source.replace("{", "\u007b\u2060"))
    writer = _Writer(lambda path: ("", True), str, {})
    writer.fill(nodes, {}, {})
    return "".join(writer.pieces).replace("\u2060", "")


def image_type(content: bytes) -> str:
    """Return the type of a picture, empty when it is none that prints."""
    for start, kind in IMAGE_TYPES:
        if content.startswith(start):
            return kind
    return ""


def image_tag(content: bytes) -> str:
    """Return a picture inside the text, small enough for a letter."""
    kind = image_type(content)
    if not kind:
        return ""
    data = b64encode(content).decode()
    return f'<img src="data:{kind};base64,{data}" style="max-height: 2.5cm;">'

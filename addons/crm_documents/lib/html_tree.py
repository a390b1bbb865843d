"""A template's HTML as a light tree of elements, texts and markers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from .grammar import (
    Else,
    End,
    Marker,
    MarkerError,
    Print,
    parse_print,
    parse_section,
    read_anchor,
)
from .problems import Problem

MAX_DEPTH = 100
MAX_HTML_BYTES = 4_000_000
# Whoever has more to repair starts with these.
MAX_PROBLEMS = 100
LINE_TAGS = frozenset(
    ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "pre", "blockquote")
)
VOID_TAGS = frozenset(("br", "hr", "img", "col", "input", "wbr", "source", "area"))
# Never part of a document, whatever the sanitizer lets through.
DROPPED_TAGS = frozenset(
    ("script", "style", "iframe", "object", "embed", "form", "link", "meta", "base")
)
_BRACES = re.compile(r"\{\{.{0,600}?\}\}|\{%.{0,600}?%\}|\{\{|\}\}|\{%|%\}", re.DOTALL)
# Formatting that begins and ends inside the braces: <b> in {{ cl<b>ie</b>nt.nom }}.
_INSIDE = re.compile(
    r"(\{\{|\{%)((?:(?!\}\}|%\}|\{\{|\{%).){0,600}?)(\}\}|%\})", re.DOTALL
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)[^<>]*?(/?)>")


@dataclass
class Text:
    """Plain text, not escaped."""

    text: str


@dataclass
class Element:
    """One tag with what is inside; `line` counts paragraphs from 1."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: list[Node] = field(default_factory=list)
    line: int = 0


@dataclass
class Section:
    """Children that a loop, a condition or an option governs."""

    head: Marker
    children: list[Node]
    otherwise: list[Node] = field(default_factory=list)


Node = Text | Element | Section | Print | Else | End


def parse(source: str) -> tuple[list[Node], list[Problem]]:
    """Read HTML; markers stand where they were, not yet paired.

    :return: the nodes, and what could not be read
    """
    if len(source.encode()) > MAX_HTML_BYTES:
        return [], [Problem("too_large")]
    reader = _Reader()
    try:
        fragments = html.fragments_fromstring(_heal(source)) if source.strip() else []
    except (etree.ParserError, ValueError):
        return [Text(source)], []
    nodes: list[Node] = []
    for fragment in fragments:
        if isinstance(fragment, str):
            nodes += reader.read_text(fragment)
        else:
            nodes += reader.read_element(fragment, 1)
    return nodes, reader.problems


def _heal(source: str) -> str:
    """Take formatting out of the braces when it begins and ends there."""

    def unwrap(match: re.Match) -> str:
        inner, open_tags = match[2], 0
        for closing, tag, single in _TAG.findall(inner):
            if tag.lower() in VOID_TAGS or single:
                continue
            open_tags += -1 if closing else 1
            if open_tags < 0:
                return match[0]
        if open_tags or not _TAG.search(inner):
            return match[0]
        return match[1] + _TAG.sub("", inner) + match[3]

    return _INSIDE.sub(unwrap, source)


class _Reader:
    def __init__(self) -> None:
        self.line = 0
        self.problems: list[Problem] = []
        self.texts = 0

    def read_element(self, element, depth: int) -> list[Node]:
        """Return the nodes of one element and of the text behind it."""
        nodes: list[Node] = []
        tag = element.tag.lower() if isinstance(element.tag, str) else ""
        if depth > MAX_DEPTH:
            if not any(p.code == "too_deep" for p in self.problems):
                self.problems.append(Problem("too_deep", max(self.line, 1)))
        elif tag and tag not in DROPPED_TAGS:
            nodes.append(self._read_inside(element, tag, depth))
        return nodes + self.read_text(element.tail or "")

    def _read_inside(self, element, tag: str, depth: int) -> Element:
        own_text = tag == "div" and (element.text or "").strip()
        if tag in LINE_TAGS or own_text:
            self.line += 1
        attributes = []
        for name, value in element.attrib.items():
            if "{{" in value or "{%" in value or "%7b%7b" in value.lower():
                self._note("attribute", value)
            if not name.lower().startswith("on"):
                attributes.append((name, value))
        node = Element(tag, tuple(attributes), line=max(self.line, 1))
        node.children += self.read_text(element.text or "")
        for child in element:
            node.children += self.read_element(child, depth + 1)
        return node

    def read_text(self, text: str) -> list[Node]:
        """Cut a text into plain pieces and markers."""
        nodes: list[Node] = []
        end = 0
        for match in _BRACES.finditer(text):
            if match.start() > end:
                nodes.append(Text(text[end : match.start()]))
            end = match.end()
            anchor = match[0].startswith("{{") and read_anchor(match[0][2:-2])
            marker = None if anchor else self._read_marker(match[0])
            nodes.append(marker if marker else Text(anchor or match[0]))
        if end < len(text):
            nodes.append(Text(text[end:]))
        return nodes

    def _read_marker(self, source: str) -> Marker | None:
        line = max(self.line, 1)
        try:
            if source.startswith("{{") and len(source) > 2:
                return parse_print(source[2:-2], line)
            if source.startswith("{%") and len(source) > 2:
                return parse_section(source[2:-2], line)
        except MarkerError:
            self._note("syntax", source)
            return None
        self._note("cut", source)
        return None

    def _note(self, code: str, source: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(code, max(self.line, 1), source[:80]))


def plain_text(nodes: list[Node]) -> str:
    """Return the words of a tree, one line per paragraph."""
    lines: list[str] = [""]
    for node, is_start in _flow(nodes):
        if isinstance(node, Text):
            lines[-1] += node.text
        elif isinstance(node, Element) and (
            node.tag in LINE_TAGS or node.tag in ("br", "div")
        ):
            if lines[-1].strip() and (is_start or node.tag != "br"):
                lines.append("")
        elif isinstance(node, Element) and node.tag == "td" and not is_start:
            lines[-1] += " "
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _flow(nodes: list[Node]) -> Iterator[tuple[Node, bool]]:
    for node in nodes:
        yield node, True
        if isinstance(node, Element):
            yield from _flow(node.children)
            yield node, False


def image_sources(nodes: list[Node]) -> Iterator[tuple[int, str]]:
    """Yield (line, address) of every picture and background."""
    for node in nodes:
        if isinstance(node, Section):
            yield from image_sources(node.children)
            yield from image_sources(node.otherwise)
        if not isinstance(node, Element):
            continue
        for name, value in node.attributes:
            if name in ("src", "srcset", "background", "poster"):
                yield node.line, value.strip()
            elif name == "style":
                for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", value, re.I):
                    yield node.line, address.strip()
        yield from image_sources(node.children)

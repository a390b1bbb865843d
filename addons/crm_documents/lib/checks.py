"""Finds what would fail before a template is kept: names, sections, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import html_tree
from .grammar import Condition, Loop, Option, Print
from .html_sections import pair
from .html_tree import Element, Node, Section
from .offers import GROUP, LIST, Offer, find, suggest
from .problems import Problem, TemplateRefused

# Pictures of our own server, or inside the text. Everything else would be fetched.
_OWN_IMAGE = re.compile(
    r"(data:image/(png|jpe?g|gif|webp|svg\+xml);|/web/(image|content)/|/[\w-]+/static/)",
    re.IGNORECASE,
)


def read_template(source: str, offers: tuple[Offer, ...]) -> list[Node]:
    """Return the checked tree of an HTML template.

    :raise TemplateRefused: with every problem, in the order of the text
    """
    nodes, problems = html_tree.parse(source)
    nodes, unpaired = pair(nodes)
    problems += unpaired
    problems += check_names(nodes, offers)
    problems += check_images(nodes)
    if problems:
        raise TemplateRefused(sorted(problems, key=lambda p: p.line))
    return nodes


def check_images(nodes: list[Node]) -> list[Problem]:
    """Return the pictures that a printer would have to fetch from elsewhere."""
    return [
        Problem("image", line, address[:80])
        for line, address in html_tree.image_sources(nodes)
        if not _OWN_IMAGE.match(address) or ".." in address
    ]


def check_names(nodes: list[Node], offers: tuple[Offer, ...]) -> list[Problem]:
    """Return the names that are not offered where they stand."""
    return list(_check(nodes, {offer.code: offer for offer in offers}))


def check_markers(markers: list, offers: tuple[Offer, ...]) -> list[Problem]:
    """Check a flat run of markers, as a DOCX file has them: pairs and names."""
    paired, problems = pair(list(markers))
    return problems + check_names(paired, offers)


def _check(nodes: list[Node], scope: dict[str, Offer]) -> Iterator[Problem]:
    for node in nodes:
        if isinstance(node, Print):
            yield from _check_print(node, scope)
        elif isinstance(node, Element):
            yield from _check(node.children, scope)
        elif isinstance(node, Section):
            inner = scope
            if isinstance(node.head, Loop):
                yield from _check_loop(node.head, scope)
                rows = find(scope, node.head.path)
                row = Offer(node.head.name, "", GROUP, children=_children(rows))
                inner = {**scope, node.head.name: row}
            elif isinstance(node.head, Condition) and not find(scope, node.head.path):
                yield _unknown(node.head, scope)
            yield from _check(node.children, inner)
            yield from _check(node.otherwise, scope)


def _children(rows: Offer | None) -> tuple[Offer, ...]:
    return rows.children if rows is not None and rows.kind == LIST else ()


def _check_print(node: Print, scope: dict[str, Offer]) -> Iterator[Problem]:
    offer = find(scope, node.path)
    if offer is None:
        yield _unknown(node, scope)
    elif offer.kind == LIST:
        yield Problem("list", node.line, node.source)
    elif offer.kind == GROUP:
        first = next((o for o in offer.children if o.is_single), None)
        hint = f"{node.source}.{first.code}" if first else None
        yield Problem("group", node.line, node.source, hint)


def _check_loop(head: Loop, scope: dict[str, Offer]) -> Iterator[Problem]:
    offer = find(scope, head.path)
    if offer is None:
        yield _unknown(head, scope)
    elif offer.kind != LIST:
        yield Problem("not_list", head.line, ".".join(head.path))


def _unknown(node: Print | Loop | Condition, scope: dict[str, Offer]) -> Problem:
    name = ".".join(node.path)
    return Problem("unknown", node.line, name, suggest(name, scope))


def find_options(nodes: list[Node]) -> list[str]:
    """Return the labels of the optional sections, in the order of the text."""
    found: list[str] = []
    for node in nodes:
        if isinstance(node, Section):
            if isinstance(node.head, Option) and node.head.label not in found:
                found.append(node.head.label)
            inside = [*node.children, *node.otherwise]
        else:
            inside = node.children if isinstance(node, Element) else []
        found += [label for label in find_options(inside) if label not in found]
    return found


def find_paths(nodes: list[Node]) -> list[tuple[str, ...]]:
    """Return the paths a tree reads from the values, loops once, rows aside."""
    return sorted(set(_paths(nodes, frozenset())))


def _paths(nodes: list[Node], rows: frozenset[str]) -> Iterator[tuple[str, ...]]:
    for node in nodes:
        if isinstance(node, Print) and node.path[0] not in rows:
            yield node.path
        elif isinstance(node, Element):
            yield from _paths(node.children, rows)
        elif isinstance(node, Section):
            inner = rows
            if isinstance(node.head, (Loop, Condition)) and (
                node.head.path[0] not in rows
            ):
                yield node.head.path
            if isinstance(node.head, Loop):
                inner = rows | {node.head.name}
            yield from _paths(node.children, inner)
            yield from _paths(node.otherwise, rows)


def pair_markers(markers: list) -> list[Node]:
    """Return the sections of a flat run of markers that was checked."""
    return pair(list(markers))[0]

"""Pairs the opening and closing markers of a tree into sections.

Three ways to write one, and nothing else:

- both markers in one paragraph: the words between them are the section;
- each alone in its paragraph or table row: what lies between is the section;
- one in the first cell of a table row and one in its last: the row is the section
  (an item of a list that holds nothing but a section is repeated with its bullet).
"""

from __future__ import annotations

from .grammar import Condition, Else, End, Loop, Marker, Option
from .html_tree import Element, Node, Section, Text
from .problems import Problem

MAX_NESTED = 4
# Blocks that are repeated whole when a section opens and closes on their edges.
WHOLE = frozenset(("tr",))
HEADS = (Loop, Condition, Option)


def pair(nodes: list[Node]) -> tuple[list[Node], list[Problem]]:
    """Return the tree with its sections, and the markers that found no partner."""
    problems: list[Problem] = []
    nodes = [_lift(node, problems) for node in nodes]
    paired = _pair_level(nodes, problems)
    for marker in _loose(paired):
        problems.append(_loose_problem(marker))
    if _depth(paired) > MAX_NESTED:
        problems.append(Problem("too_deep"))
    return paired, problems


def _lift(node: Node, problems: list[Problem]) -> Node:
    """Pair inside an element; hand up the marker of one that holds nothing else."""
    if not isinstance(node, Element):
        return node
    children = [_lift(child, problems) for child in node.children]
    if node.tag in WHOLE:
        whole = _as_whole(node, children)
        if whole is not None:
            return whole
    node.children = _pair_level(children, problems)
    if node.tag == "li" and (item := _item_section(node)) is not None:
        return item
    only = _only_marker(node)
    return only if only is not None else node


def _only_marker(node: Element) -> Node | None:
    """Return the marker when the element holds one and no words beside it."""
    found: list[Node] = []
    for child in node.children:
        if isinstance(child, Text):
            if child.text.strip(" \t\r\n\u00a0\u200b\ufeff"):
                return None
        elif isinstance(child, Element):
            if child.tag != "br" and _has_content(child):
                return None
        else:
            found.append(child)
    if len(found) == 1 and isinstance(found[0], (*HEADS, Else, End)):
        return found[0]
    return None


def _has_content(node: Node) -> bool:
    if isinstance(node, Text):
        return bool(node.text.strip(" \t\r\n\u00a0\u200b\ufeff"))
    if isinstance(node, Element):
        return node.tag in ("img", "hr") or any(map(_has_content, node.children))
    return True


def _as_whole(row: Element, cells: list[Node]) -> Section | None:
    """Return a section around a table row whose edges open and close it."""
    real = [n for n in cells if not (isinstance(n, Text) and not n.text.strip())]
    if len(real) < 2:
        return None
    head, head_cell = _find_edge(real[0], HEADS, first=True)
    end, end_cell = _find_edge(real[-1], (End,), first=False)
    if head is None or end is None:
        return None
    for marker, cell in ((head, head_cell), (end, end_cell)):
        if cell is not None:
            cell.children = [child for child in cell.children if child is not marker]
    # A cell that held nothing but the marker was lifted: an empty one stands in.
    row.children = [Element("td") if n is head or n is end else n for n in real]
    return Section(head, [row])


def _find_edge(node: Node, kinds, *, first: bool):
    """Return the marker on the edge of a cell and the element it is in, if any."""
    if isinstance(node, kinds):
        return node, None
    if not isinstance(node, Element):
        return None, None
    for child in node.children if first else reversed(node.children):
        if isinstance(child, kinds):
            return child, node
        if isinstance(child, Element) and child.tag != "br" and _has_content(child):
            return _find_edge(child, kinds, first=first)
        if _has_content(child) and not isinstance(child, Element):
            return None, None
    return None, None


def _item_section(item: Element) -> Section | None:
    """Return a section around an item of a list that holds only that section."""
    holder = item
    real = [child for child in item.children if _has_content(child)]
    if len(real) == 1 and isinstance(real[0], Element) and real[0].tag == "p":
        holder = real[0]
        real = [child for child in holder.children if _has_content(child)]
    if len(real) != 1 or not isinstance(real[0], Section) or real[0].otherwise:
        return None
    section = real[0]
    holder.children = section.children
    return Section(section.head, [item])


def _pair_level(nodes: list[Node], problems: list[Problem]) -> list[Node]:
    """Pair the markers that are direct children of one element."""
    stack: list[tuple[Marker | None, list[Node], list[Node] | None]] = []
    current: list[Node] = []
    head: Marker | None = None
    before: list[Node] | None = None
    for node in nodes:
        if isinstance(node, HEADS):
            stack.append((head, current, before))
            head, current, before = node, [], None
        elif isinstance(node, Else) and head is not None:
            if isinstance(head, Loop) or before is not None:
                problems.append(Problem("else", node.line, node.source))
            else:
                before, current = current, []
        elif isinstance(node, End) and head is not None:
            kept, otherwise = (current, []) if before is None else (before, current)
            section = Section(head, kept, otherwise)
            head, current, before = stack.pop()
            current.append(section)
        else:
            current.append(node)
    while stack:
        # Not closed here: the parent may close it, if nothing else is beside it.
        unclosed, inner = head, (current if before is None else [*before, *current])
        head, current, before = stack.pop()
        current += [unclosed, *inner]
    return current


def _loose(nodes: list[Node]):
    """Yield the markers left alone."""
    for node in nodes:
        if isinstance(node, (*HEADS, Else, End)):
            yield node
        elif isinstance(node, Element):
            yield from _loose(node.children)
        elif isinstance(node, Section):
            yield from _loose([*node.children, *node.otherwise])


def _loose_problem(marker: Marker) -> Problem:
    code = "unclosed"
    if isinstance(marker, End):
        code = "unopened"
    elif isinstance(marker, Else):
        code = "else"
    return Problem(code, marker.line, marker.source)


def _depth(nodes: list[Node]) -> int:
    deepest = 0
    for node in nodes:
        if isinstance(node, Section):
            inside = max(_depth(node.children), _depth(node.otherwise))
            deepest = max(deepest, 1 + inside)
        elif isinstance(node, Element):
            deepest = max(deepest, _depth(node.children))
    return deepest

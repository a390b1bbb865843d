"""An answer in plain text as safe HTML: paragraphs, lists, bold, links to records."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from .references import HANDLE, replace_handles

_BOLD = re.compile(r"\*\*([^*\n]{1,200})\*\*")
_ITEM = re.compile(r"^\s*(?:[-*\u2022]|\d{1,2}[.)])\s+(.*)$")
UNKNOWN = "[chiffre non vérifié]"


def to_html(text: str, link: Callable[[str, int], str]) -> str:
    """Return HTML that holds nothing of the text but text.

    :param link: (model, id) -> HTML of a link to that record, trusted
    """
    blocks: list[str] = []
    items: list[str] = []

    def close_list() -> None:
        if items:
            blocks.append(f"<ul>{''.join(items)}</ul>")
            items.clear()

    for line in text.strip().splitlines():
        if match := _ITEM.match(line):
            items.append(f"<li>{_inline(match[1], link)}</li>")
            continue
        if line.strip():
            close_list()
            blocks.append(f"<p>{_inline(line.strip().lstrip('#').strip(), link)}</p>")
    close_list()
    return "".join(blocks)


def _inline(text: str, link: Callable[[str, int], str]) -> str:
    pieces, last = [], 0
    for match in HANDLE.finditer(text):
        pieces += [_plain(text[last : match.start()])]
        pieces.append(replace_handles(match[0], link))
        last = match.end()
    return "".join([*pieces, _plain(text[last:])])


def _plain(text: str) -> str:
    html = _BOLD.sub(r"<strong>\1</strong>", escape(text, quote=False))
    return html.replace(UNKNOWN, f'<em class="text-warning">{UNKNOWN}</em>')

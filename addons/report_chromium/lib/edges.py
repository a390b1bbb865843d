"""The sheets that carry header and footer, printed apart and laid over the text.

Core hands over two documents, with the headers (or footers) of all records one after
the other. Chromium gets one document with every part once: it measures them, then a
sheet is drawn for each printed page.
"""

import re
from dataclasses import dataclass
from html import escape

import lxml.html
from lxml import etree

_LINK = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_HREF = re.compile(r"""href=["']([^"']*)["']""", re.IGNORECASE)
HEADERS_ID = "minimal_layout_report_headers"
FOOTERS_ID = "minimal_layout_report_footers"

STYLE = """
html:has(.rc-sheet), html:has(.rc-sheet) body { height: auto !important;
  margin: 0 !important; padding: 0 !important; overflow: visible !important;
  max-width: none !important; width: auto !important; background: none !important; }
* { font-variant-ligatures: none !important; }
.rc-parts { position: absolute; top: 0; left: 0; visibility: hidden; }
.rc-sheet { position: relative; overflow: hidden; break-inside: avoid;
  break-after: page; }
.rc-sheet:last-child { break-after: auto; }
.rc-strip { box-sizing: border-box; max-width: none !important;
  margin: 0 !important; overflow: visible !important; }
.rc-strip::before, .rc-strip::after { content: ""; display: table; }
.rc-sheet > .rc-strip { position: absolute; }
.rc-line { position: absolute; border-top: 1px solid #000; }
"""


@dataclass(frozen=True)
class Edges:
    """The document with all parts.

    :param html: to be loaded, measured, then filled with sheets
    :param parts: all headers and footers, to be put into a document that has the
        same styles
    :param styles: addresses of the style sheets, in order
    :param headers: how many headers it holds
    :param footers: how many footers it holds
    """

    html: str
    parts: str
    styles: tuple[str, ...]
    headers: int
    footers: int

    @property
    def is_empty(self) -> bool:
        return not self.headers and not self.footers

    def fits_into(self, html: str) -> bool:
        """Whether this document has the styles that the parts were made for."""
        return find_styles(html) == self.styles


@dataclass(frozen=True)
class _Parts:
    head: str
    body_attributes: dict[str, str]
    html_attributes: dict[str, str]
    parts: list[str]


def build_edges(header: str | None, footer: str | None, width_px: float) -> Edges:
    """Return the document that holds these headers and footers.

    :param header: HTML as core prepares it for wkhtmltopdf, may be empty
    :param footer: same
    :param width_px: room between the left and the right margin
    """
    top = _read_parts(header, HEADERS_ID)
    bottom = _read_parts(footer, FOOTERS_ID)
    # Both come out of one template: the head of either will do.
    frame = top if top.parts else bottom
    strips = [
        _strip(part, kind, index, parts.body_attributes, width_px)
        for kind, parts in (("header", top), ("footer", bottom))
        for index, part in enumerate(parts.parts)
    ]
    attributes = {
        key: value
        for key, value in frame.body_attributes.items()
        if key in ("dir", "lang")
    }
    html = (
        f"<!DOCTYPE html><html{_attributes(frame.html_attributes)}>"
        f"<head>{frame.head}<style>{STYLE}</style></head>"
        f"<body{_attributes(attributes)}>{''.join(strips)}</body></html>"
    )
    parts = (
        f'<style class="rc-style">{STYLE}</style>'
        f'<div class="rc-parts">{"".join(strips)}</div>'
    )
    return Edges(
        html, parts, find_styles(frame.head), len(top.parts), len(bottom.parts)
    )


def find_styles(html: str) -> tuple[str, ...]:
    """Addresses of the style sheets that a document loads.

    >>> find_styles('<link rel="stylesheet" href="/a.css"/><link rel="icon" href="/b">')
    ('/a.css',)
    """
    return tuple(
        address.group(1)
        for link in _LINK.finditer(html)
        if "stylesheet" in link.group() and (address := _HREF.search(link.group()))
    )


def _strip(
    part: str, kind: str, index: int, body: dict[str, str], width_px: float
) -> str:
    """One part in a box with the classes of the body it was written for."""
    classes = f"{body.get('class', '')} rc-strip".strip()
    return (
        f'<div class="{escape(classes)}" data-rc="{kind}-{index}"'
        f' style="width:{width_px:.2f}px">{part}</div>'
    )


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())


def _read_parts(html: str | None, wrapper_id: str) -> _Parts:
    if not html or not html.strip():
        return _Parts("", {}, {}, [])
    parser = lxml.html.HTMLParser(encoding="utf-8")
    root = lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser)
    for script in list(root.iter("script")):
        script.drop_tree()
    body = root.find("body")
    if body is None:
        return _Parts("", {}, {}, [])
    wrapper = next(iter(body.xpath(f".//*[@id='{wrapper_id}']")), None)
    if wrapper is not None:
        parts = [_outer(child) for child in wrapper.iterchildren(etree.Element)]
    else:
        # A report that made its header itself: one, for its one document.
        parts = [_inner(body)]
    head = root.find("head")
    lang = {"lang": root.get("lang")} if root.get("lang") else {}
    return _Parts(
        _inner(head) if head is not None else "", dict(body.attrib), lang, parts
    )


def _outer(node: lxml.html.HtmlElement) -> str:
    return lxml.html.tostring(node, encoding="unicode", with_tail=False)


def _inner(node: lxml.html.HtmlElement) -> str:
    return escape(node.text or "", quote=False) + "".join(
        lxml.html.tostring(child, encoding="unicode") for child in node
    )


@dataclass(frozen=True)
class Sheet:
    """Which header and footer a printed page gets, and its number.

    :param record: index of the document in the batch
    :param page: number of the page in its own document, from 1
    :param topage: number of pages of that document
    """

    record: int
    page: int
    topage: int


def number_sheets(page_counts: list[int]) -> list[Sheet]:
    """One sheet per page, each document counted for itself.

    >>> [(s.record, s.page, s.topage) for s in number_sheets([2, 1])]
    [(0, 1, 2), (0, 2, 2), (1, 1, 1)]
    """
    return [
        Sheet(record, page, count)
        for record, count in enumerate(page_counts)
        for page in range(1, count + 1)
    ]

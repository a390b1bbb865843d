"""Looks at an uploaded DOCX before any library opens it.

A DOCX is a ZIP of XML files. What could run, fetch or explode is refused; the rest
is read paragraph by paragraph to find its markers.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field

from lxml import etree

from .grammar import Marker, MarkerError, parse_print, parse_section, read_anchor
from .problems import Problem

MAX_FILE_BYTES = 10_000_000
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 60_000_000
MAX_TEXT_PART_BYTES = 12_000_000
# An honest XML file shrinks to a tenth; a bomb to a thousandth.
MAX_RATIO = 200
MIN_RATIO_BYTES = 1_000_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT_PARTS = re.compile(
    r"word/(document|header\d*|footer\d*|footnotes|endnotes)\d*\.xml"
)
_PROGRAM = re.compile(
    r"(vbaproject|vbadata|activex|\.bin$|\.exe$|\.dll$|\.js$|\.vbs$)", re.IGNORECASE
)
_FETCHING_FIELD = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE)\b"
)
_BRACES = re.compile(
    r"\{\{.{0,600}?\}\}|\{%.{0,600}?%\}|\{\{|\}\}|\{%|%\}|\{#", re.DOTALL
)
# docxtpl: the marker governs its paragraph, table row, table cell or run.
SCOPES = ("p", "tr", "tc", "r")
_SCOPED = re.compile(rf"({'|'.join(SCOPES)})\s+(.*)", re.DOTALL)


class FileRefused(ValueError):
    """A file that is not opened; `reason` is one of the words below."""

    REASONS = frozenset(
        ("not_docx", "too_large", "bomb", "macros", "embedded", "external", "entities")
    )

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class DocxText:
    """What a DOCX says: paragraphs of its body first, then headers and footers."""

    paragraphs: list[str] = field(default_factory=list)


def inspect(content: bytes) -> DocxText:
    """Refuse what is dangerous and return the words.

    :raise FileRefused: with the reason
    """
    if len(content) > MAX_FILE_BYTES:
        raise FileRefused("too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _unpack(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise FileRefused("not_docx") from None
    except zipfile.zlib.error:
        raise FileRefused("not_docx") from None
    if "word/document.xml" not in parts or "[Content_Types].xml" not in parts:
        raise FileRefused("not_docx")
    trees = {name: _parse(body) for name, body in parts.items()}
    _refuse_programs(trees["[Content_Types].xml"])
    text = DocxText()
    for name in sorted(trees, key=lambda n: (n != "word/document.xml", n)):
        if name.endswith(".rels"):
            _refuse_external(trees[name])
        elif _TEXT_PARTS.fullmatch(name):
            text.paragraphs += _read_paragraphs(trees[name])
    return text


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the XML parts, refusing by the sizes really read, not the announced."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise FileRefused("bomb")
    total, parts = 0, {}
    for entry in entries:
        name = entry.filename
        if name.startswith("/") or ".." in name or entry.flag_bits & 1:
            raise FileRefused("not_docx")
        if _PROGRAM.search(name):
            raise FileRefused("macros")
        if re.search(r"word/(embeddings|afchunk)", name, re.IGNORECASE):
            raise FileRefused("embedded")
        with archive.open(entry) as stream:
            body = stream.read(MAX_UNPACKED_BYTES - total + 1)
        total += len(body)
        packed = max(entry.compress_size, 1)
        if total > MAX_UNPACKED_BYTES or (
            len(body) > MIN_RATIO_BYTES and len(body) / packed > MAX_RATIO
        ):
            raise FileRefused("bomb")
        if name.endswith((".xml", ".rels")):
            if len(body) > MAX_TEXT_PART_BYTES:
                raise FileRefused("too_large")
            parts[name] = body
    return parts


def _parse(body: bytes):
    head = body[:4096].upper()
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise FileRefused("entities")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        tree = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise FileRefused("not_docx") from None
    if tree.getroottree().docinfo.doctype:
        raise FileRefused("entities")
    return tree


def _refuse_programs(types) -> None:
    for element in types.iter():
        kind = (element.get("ContentType") or "").lower()
        if "macroenabled" in kind or "vbaproject" in kind or "activex" in kind:
            raise FileRefused("macros")


def _refuse_external(relations) -> None:
    """Links that a reader clicks are fine; what is fetched by itself is not."""
    for element in relations.iter():
        kind = (element.get("Type") or "").rsplit("/", 1)[-1].lower()
        if kind in ("oleobject", "package", "afchunk", "attachedtemplate", "frame"):
            raise FileRefused(
                "external" if element.get("TargetMode") == "External" else "embedded"
            )
        if element.get("TargetMode") == "External" and kind != "hyperlink":
            raise FileRefused("external")
        target = (element.get("Target") or "").strip().lower()
        if element.get("TargetMode") == "External" and not target.startswith(
            ("http://", "https://", "mailto:", "tel:", "#")
        ):
            raise FileRefused("external")


def _read_paragraphs(tree) -> list[str]:
    found = []
    for paragraph in tree.iter(f"{_W}p"):
        words = []
        for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}instrText"):
            owner = next(node.iterancestors(f"{_W}p"), None)
            if node.tag == f"{_W}instrText" and _FETCHING_FIELD.search(node.text or ""):
                raise FileRefused("external")
            # A text box inside a paragraph has paragraphs of its own.
            if owner is paragraph and node.tag != f"{_W}instrText":
                words.append((node.text or "") if node.tag == f"{_W}t" else " ")
        found.append("".join(words))
    for field_ in tree.iter(f"{_W}fldSimple"):
        if _FETCHING_FIELD.search(field_.get(f"{_W}instr") or ""):
            raise FileRefused("external")
    return found


def split_scope(source: str) -> tuple[str, str]:
    """Return (scope, marker) of ``tr pour ligne dans ...``; scope may be empty."""
    match = _SCOPED.fullmatch(source.strip())
    return (match[1], match[2]) if match else ("", source.strip())


def read_markers(text: DocxText) -> tuple[list[Marker], list[Problem]]:
    """Return every marker with its paragraph's number, and what is no marker."""
    markers: list[Marker] = []
    problems: list[Problem] = []
    for line, paragraph in enumerate(text.paragraphs, start=1):
        for match in _BRACES.finditer(paragraph):
            source = match[0]
            if len(source) <= 2:
                problems.append(Problem("cut", line, paragraph.strip()[:80]))
                continue
            if source.startswith("{{") and read_anchor(source[2:-2]):
                continue
            try:
                markers.append(_read_marker(source, line))
            except MarkerError:
                problems.append(Problem("syntax", line, source[:80]))
    return markers, problems


def _read_marker(source: str, line: int) -> Marker:
    if source.startswith("{{"):
        return parse_print(source[2:-2], line)
    _scope, inner = split_scope(source[2:-2])
    return parse_section(inner, line)

"""What must be known of a PDF before anybody is asked to sign it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import read_certification_data

from .page_geometry import PageFrame, normal_turn, visible_box
from .refused import PdfRefused

# Somebody's broken or untrusted file is an answer, not a fault of the server: what
# the libraries would log about it is in what our functions return.
for _name in ("pyhanko", "pyhanko_certvalidator", "pdfminer"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

MAX_BYTES = 40 * 1024 * 1024
MAX_PAGES = 500
# Readers accept some bytes before the header (ISO 32000-1, annex H, note 13).
HEADER_WINDOW_BYTES = 1024
MAX_TREE_DEPTH = 50
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")
# What the libraries raise on a file that lies about itself.
BROKEN = (
    PdfError,
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class PdfFacts:
    """A document that can be signed.

    :param frames: one per page, see :class:`PageFrame`
    :param has_signature: somebody has signed it before: from then on it is only
        added to, and no page of it may be touched
    :param is_hybrid: written for old and new readers at once; it is rewritten
        before the first signature because validators distrust such files
    """

    frames: tuple[PageFrame, ...]
    has_signature: bool
    is_hybrid: bool = False

    @property
    def page_count(self) -> int:
        """Number of pages."""
        return len(self.frames)

    @property
    def page_sizes(self) -> list[tuple[float, float]]:
        """Width and height of each page as displayed, in points."""
        return [frame.size for frame in self.frames]


def read_pdf(
    content: bytes, *, max_bytes: int = MAX_BYTES, max_pages: int = MAX_PAGES
) -> PdfFacts:
    """Read a document and refuse what cannot be signed.

    :raise PdfRefused: not_pdf, empty, encrypted, damaged, too_large,
        too_many_pages, dynamic_form or locked
    """
    reader = open_pdf(content, max_bytes=max_bytes)
    try:
        return _read_facts(reader, max_pages)
    except PdfRefused:
        raise
    except BROKEN as error:
        raise PdfRefused("damaged", _describe(error)) from error


def open_pdf(content: bytes, *, max_bytes: int = MAX_BYTES) -> PdfFileReader:
    """Return a reader of the document.

    :raise PdfRefused: not_pdf, empty, encrypted, damaged or too_large
    """
    if not content:
        raise PdfRefused("empty", "no byte")
    if len(content) > max_bytes:
        raise PdfRefused("too_large", f"{len(content)} bytes")
    if b"%PDF-" not in content[:HEADER_WINDOW_BYTES]:
        raise PdfRefused("not_pdf", "no header")
    try:
        reader = PdfFileReader(BytesIO(content), strict=False)
        is_encrypted = reader.encrypted
    except BROKEN as error:
        raise PdfRefused("damaged", _describe(error)) from error
    if is_encrypted:
        raise PdfRefused("encrypted")
    return reader


def _read_facts(reader: PdfFileReader, max_pages: int) -> PdfFacts:
    frames = []
    for page in iterate_pages(reader):
        if len(frames) == max_pages:
            raise PdfRefused("too_many_pages", f"more than {max_pages}")
        frames.append(frame_of(page))
    if not frames:
        raise PdfRefused("empty", "no page")
    if int(reader.root["/Pages"]["/Count"]) != len(frames):
        raise PdfRefused("damaged", "pages are missing")
    form = look_up(reader.root, "/AcroForm")
    if form is not None and "/XFA" in form:
        raise PdfRefused("dynamic_form")
    signatures = list(enumerate_sig_fields(reader, filled_status=True))
    certification = read_certification_data(reader)
    if certification and certification.permission == MDPPerm.NO_CHANGES:
        raise PdfRefused("locked")
    return PdfFacts(
        frames=tuple(frames),
        has_signature=bool(signatures),
        is_hybrid=bool(reader.xrefs.hybrid_xrefs_present),
    )


def iterate_pages(reader: PdfFileReader) -> Iterator[dict]:
    """Yield what each page has or inherits; a tree that loops is damaged."""
    seen: set = set()
    stack = [(reader.root.raw_get("/Pages"), {}, 0)]
    while stack:
        node_ref, inherited, depth = stack.pop()
        if isinstance(node_ref, generic.IndirectObject):
            if node_ref.reference in seen:
                raise PdfRefused("damaged", "the page tree loops")
            seen.add(node_ref.reference)
        node = node_ref.get_object()
        if depth > MAX_TREE_DEPTH or not isinstance(node, generic.DictionaryObject):
            raise PdfRefused("damaged", "the page tree is broken")
        values = {**inherited, **{k: node[k] for k in _INHERITED if k in node}}
        if "/Kids" in node:
            kids = node["/Kids"]
            # The stack gives the last one first.
            for index in reversed(range(len(kids))):
                stack.append((kids.raw_get(index), values, depth + 1))
        else:
            _check_contents(node)
            yield values


def look_up(values: generic.DictionaryObject, key: str):
    """Return the value behind a key, references followed; None when absent."""
    try:
        return values[key]
    except KeyError:
        return None


def _check_contents(page: generic.DictionaryObject) -> None:
    """A page whose drawing is not in the file would be signed blank."""
    if "/Contents" not in page:
        return
    contents = look_up(page, "/Contents")
    is_list = isinstance(contents, generic.ArrayObject)
    parts = contents.iterate() if is_list else [contents]
    for part in parts:
        found = part.get_object() if part is not None else None
        if not isinstance(found, generic.StreamObject):
            raise PdfRefused("damaged", "the text of a page is missing")


def frame_of(page: dict) -> PageFrame:
    """Return where a page is shown and how it is turned.

    :param page: one of :func:`iterate_pages`
    """
    box = visible_box(page["/MediaBox"], page.get("/CropBox"))
    if box[2] - box[0] < 1 or box[3] - box[1] < 1:
        raise PdfRefused("damaged", "a page has no size")
    return PageFrame(box, normal_turn(page.get("/Rotate", 0)))


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]

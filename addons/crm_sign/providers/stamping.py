"""Values, pictures and ticks drawn on the pages of a document.

The document is only added to (incremental update): its own bytes stay the first
bytes of the result, so anybody can cut them out again and compare their hash.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter, copy_into_new_writer
from reportlab.pdfgen.canvas import Canvas

from .drawing import (
    as_form,
    draw_picture,
    draw_text,
    new_canvas,
    take_pages,
    write_matrix,
)
from .page_geometry import PageFrame
from .pdf_reading import MAX_PAGES, PdfFacts, open_pdf, read_pdf
from .refused import PdfRefused

PICTURES = frozenset({"signature", "initials"})
TEXTS = frozenset({"text", "date"})
TICK_INSET = 0.15
TEXT_INSET_POINTS = 2
# The final file holds a certificate and signatures beside the document.
MAX_OWN_BYTES = 80 * 1024 * 1024
MAX_OWN_PAGES = 2 * MAX_PAGES


@dataclass(frozen=True)
class Mark:
    """One thing to draw; rectangle in points from the top left as displayed.

    :param kind: signature, initials, text, date, checkbox, or cover (a white
        rectangle, drawn first)
    :param page: 1 for the first
    :param value: text; for a checkbox anything means ticked
    :param image: PNG or JPEG of a signature or of initials
    """

    kind: str
    page: int
    x: float
    y: float
    width: float
    height: float
    value: str = ""
    image: bytes | None = None


def stamp(content: bytes, marks: Iterable[Mark]) -> bytes:
    """Return the document with the marks drawn on it.

    :raise PdfRefused: already_signed when there is something to draw, picture, or
        any reason of :func:`read_pdf`
    :raise ValueError: a mark is on a page that does not exist
    """
    marks = list(marks)
    facts = read_pdf(content, max_bytes=MAX_OWN_BYTES, max_pages=MAX_OWN_PAGES)
    if not marks:
        return content
    if facts.has_signature:
        raise PdfRefused("already_signed", "its pages may not be touched")
    writer = writer_for(content, facts)
    draw_marks(writer, facts, marks)
    return write(writer)


def writer_for(content: bytes, facts: PdfFacts) -> BasePdfFileWriter:
    """Return a writer that adds to the document, or rewrites a hybrid one."""
    if not facts.is_hybrid:
        return IncrementalPdfFileWriter(BytesIO(content), strict=False)
    if facts.has_signature:
        raise PdfRefused("damaged", "signed in a hybrid file")
    rewritten = copy_into_new_writer(open_pdf(content, max_bytes=MAX_OWN_BYTES))
    return IncrementalPdfFileWriter(BytesIO(write(rewritten)))


def write(writer: BasePdfFileWriter) -> bytes:
    """Return the file that a writer has prepared."""
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def draw_marks(
    writer: BasePdfFileWriter, facts: PdfFacts, marks: Iterable[Mark]
) -> None:
    """Draw marks on the pages of a document that is being added to."""
    by_page: dict[int, list[Mark]] = {}
    for mark in sorted(marks, key=lambda mark: (mark.page, mark.kind != "cover")):
        by_page.setdefault(mark.page, []).append(mark)
    if not by_page:
        return
    if min(by_page) < 1 or max(by_page) > facts.page_count:
        raise ValueError(f"the document has {facts.page_count} pages")
    frames = {page: facts.frames[page - 1] for page in by_page}
    overlay = _draw_overlay(frames, by_page)
    for (number, frame), taken in zip(
        frames.items(), take_pages(writer, overlay), strict=True
    ):
        _lay_over(writer, number - 1, frame, as_form(writer, taken))


def _draw_overlay(
    frames: dict[int, PageFrame], by_page: dict[int, list[Mark]]
) -> bytes:
    target = BytesIO()
    canvas = new_canvas(target)
    for page, frame in frames.items():
        canvas.setPageSize(frame.size)
        for mark in by_page[page]:
            _draw_mark(canvas, frame, mark)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw_mark(canvas: Canvas, frame: PageFrame, mark: Mark) -> None:
    bottom = frame.size[1] - mark.y - mark.height
    box = (mark.x, bottom, mark.width, mark.height)
    canvas.saveState()
    if mark.kind == "cover":
        canvas.setFillGray(1)
        canvas.rect(*box, stroke=0, fill=1)
    elif mark.kind in PICTURES and mark.image:
        draw_picture(canvas, mark.image, box)
    elif mark.kind in TEXTS | PICTURES:
        inset = min(TEXT_INSET_POINTS, mark.width / 4)
        draw_text(
            canvas,
            mark.value,
            (mark.x + inset, bottom, mark.width - 2 * inset, mark.height),
        )
    elif mark.kind == "checkbox":
        _draw_tick(canvas, box, bool(mark.value))
    else:
        raise ValueError(f"unknown mark {mark.kind}")
    canvas.restoreState()


def _draw_tick(
    canvas: Canvas, box: tuple[float, float, float, float], is_ticked: bool
) -> None:
    """A square in the middle of the box, with a cross when ticked."""
    x, y, width, height = box
    side = min(width, height)
    left, bottom = x + (width - side) / 2, y + (height - side) / 2
    canvas.setLineWidth(max(side / 14, 0.5))
    canvas.rect(left, bottom, side, side, stroke=1, fill=0)
    if is_ticked:
        inset = side * TICK_INSET
        canvas.setLineWidth(max(side / 8, 0.8))
        near, far = inset, side - inset
        canvas.line(left + near, bottom + near, left + far, bottom + far)
        canvas.line(left + near, bottom + far, left + far, bottom + near)


def _lay_over(
    writer: BasePdfFileWriter,
    index: int,
    frame: PageFrame,
    form: generic.IndirectObject,
) -> None:
    """Draw a form over a page, whatever state its own drawing leaves behind."""
    page_ref, _resources = writer.find_page_for_modification(index)
    page = page_ref.get_object()
    name = f"/CrmSign{form.reference.idnum}"
    resources = generic.DictionaryObject(
        {pdf_name("/XObject"): generic.DictionaryObject({pdf_name(name): form})}
    )
    before = _stream(writer, b"q")
    draw = b"Q q " + write_matrix(frame.matrix) + b" " + name.encode() + b" Do Q"
    if "/Contents" not in page:
        page[pdf_name("/Contents")] = _stream(writer, b"")
        writer.mark_update(page_ref)
    writer.add_stream_to_page(index, before, prepend=True)
    writer.add_stream_to_page(index, _stream(writer, draw), resources=resources)


def _stream(writer: BasePdfFileWriter, data: bytes) -> generic.IndirectObject:
    return writer.add_object(generic.StreamObject({}, stream_data=data))


def append_pages(writer: BasePdfFileWriter, content: bytes) -> int:
    """Add the pages of a PDF that we drew at the end; returns how many."""
    taken = take_pages(writer, content)
    for page in taken:
        stream = generic.StreamObject({}, stream_data=page.data)
        stream.compress()
        width, height = page.size
        box = generic.ArrayObject(
            generic.FloatObject(value) for value in (0, 0, width, height)
        )
        values = {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): box,
            pdf_name("/Resources"): page.resources,
            pdf_name("/Contents"): writer.add_object(stream),
        }
        writer.insert_page(generic.DictionaryObject(values))
    return len(taken)

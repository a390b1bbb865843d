"""Printed pieces become one PDF that core can split, attach to and convert."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

# Core takes a file whose second line is "%" and four bytes for PDF/A and does not
# convert it any more (odoo.tools.pdf, cloneReaderDocumentRoot). A comment of another
# length is as good for PDF.
PDF_HEADER = "%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\u00e2"
OVERLAY = "/ReportEdges"


@dataclass(frozen=True)
class Document:
    """One printed record.

    :param title: its heading, shown in the outline of the file
    """

    pdf: bytes
    title: str = ""


class Joiner:
    """Collects documents, lays the sheets over them, writes the file."""

    def __init__(self) -> None:
        self._writer = PdfWriter()
        self._titles: list[str] = []
        self.page_counts: list[int] = []

    def add(self, document: Document) -> None:
        """Append the pages of a document."""
        reader = PdfReader(BytesIO(document.pdf))
        self._writer.append(reader, import_outline=False)
        self._titles.append(document.title)
        self.page_counts.append(len(reader.pages))

    def lay_over(self, pdf: bytes) -> None:
        """Put one sheet over each page: headers and footers."""
        reader = PdfReader(BytesIO(pdf))
        for page, sheet in zip(self._writer.pages, reader.pages, strict=False):
            form = self._writer._add_object(_make_form(sheet).clone(self._writer))
            _draw_over(self._writer, page, form)

    def finish(self) -> bytes:
        """Return the whole file."""
        firsts = [sum(self.page_counts[:i]) for i in range(len(self.page_counts))]
        _add_outline(self._writer, list(zip(self._titles, firsts, strict=True)))
        return write(self._writer)


def write(writer: PdfWriter) -> bytes:
    """Write a file that core still converts to PDF/A."""
    for page in writer.pages:
        resources = page.setdefault(NameObject("/Resources"), DictionaryObject())
        # Core looks at the fonts of every page, also of one without text.
        resources.get_object().setdefault(NameObject("/Font"), DictionaryObject())
    writer.pdf_header = PDF_HEADER
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def is_bare_part(pdf: bytes) -> bool:
    """Whether core cut this file out of another and would take it for PDF/A."""
    second_line = pdf.split(b"\n", 2)[1:2]
    return bool(second_line) and second_line[0][:1] == b"%" and len(second_line[0]) == 5


def restore_outline(pdf: bytes, title: str = "") -> bytes:
    """Write a part cut out by core like a file of its own.

    Core writes the pages of each record into a new file and leaves out what it needs
    itself to convert it to PDF/A afterwards.
    """
    writer = PdfWriter()
    writer.append(PdfReader(BytesIO(pdf)), import_outline=False)
    _add_outline(writer, [(title, 0)])
    return write(writer)


def _make_form(sheet: PageObject) -> StreamObject:
    """The content of a page as a drawing that other pages can show."""
    form = DecodedStreamObject()
    contents = sheet.get_contents()
    form.set_data(contents.get_data() if contents is not None else b"")
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(FloatObject(v) for v in sheet.mediabox),
            NameObject("/Resources"): sheet["/Resources"],
        }
    )
    return form.flate_encode()


def _draw_over(writer: PdfWriter, page: PageObject, form: IndirectObject) -> None:
    resources = page.setdefault(NameObject("/Resources"), DictionaryObject())
    resources = resources.get_object()
    drawings = resources.setdefault(NameObject("/XObject"), DictionaryObject())
    drawings.get_object()[NameObject(OVERLAY)] = form
    before, after = DecodedStreamObject(), DecodedStreamObject()
    before.set_data(b"q\n")
    after.set_data(f"\nQ q {OVERLAY} Do Q\n".encode())
    contents = page.get("/Contents", NullObject())
    if isinstance(contents.get_object(), ArrayObject):
        parts = list(contents.get_object())
    else:
        parts = [] if isinstance(contents, NullObject) else [page.raw_get("/Contents")]
    page[NameObject("/Contents")] = ArrayObject(
        [writer._add_object(before), *parts, writer._add_object(after)]
    )


def _add_outline(writer: PdfWriter, entries: list[tuple[str, int]]) -> None:
    """One entry per record, written as core reads it to split the file.

    Core wants named destinations in the catalogue and plain page numbers in them,
    the way wkhtmltopdf writes them.
    """
    height = float(writer.pages[0].mediabox.height)
    root = DictionaryObject({NameObject("/Type"): NameObject("/Outlines")})
    root_reference = writer._add_object(root)
    targets = DictionaryObject()
    items, references = [], []
    for number, (title, page) in enumerate(entries):
        name = f"/record{number}"
        targets[NameObject(name)] = ArrayObject(
            [
                NumberObject(page),
                NameObject("/XYZ"),
                NumberObject(0),
                FloatObject(height),
                NumberObject(0),
            ]
        )
        item = DictionaryObject(
            {
                NameObject("/Title"): TextStringObject(title or str(number + 1)),
                NameObject("/Parent"): root_reference,
                NameObject("/Dest"): NameObject(name),
            }
        )
        items.append(item)
        references.append(writer._add_object(item))
    for number, item in enumerate(items):
        if number:
            item[NameObject("/Prev")] = references[number - 1]
        if number + 1 < len(items):
            item[NameObject("/Next")] = references[number + 1]
    root.update(
        {
            NameObject("/First"): references[0],
            NameObject("/Last"): references[-1],
            NameObject("/Count"): NumberObject(len(items)),
        }
    )
    writer.root_object[NameObject("/Outlines")] = root_reference
    writer.root_object[NameObject("/Dests")] = writer._add_object(targets)

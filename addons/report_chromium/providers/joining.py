"""Printed pieces become one PDF that core can split, attach to and convert."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
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
PDF_HEADER = "%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3"
TEXT, EDGES = "/ReportText", "/ReportEdges"


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
        first = len(self._writer.pages)
        self._writer.append(reader, import_outline=False)
        for page in self._writer.pages[first:]:
            _wrap_text(self._writer, page)
        self._titles.append(document.title)
        self.page_counts.append(len(reader.pages))

    def lay_over(self, pdf: bytes) -> None:
        """Put one sheet over each page: headers and footers."""
        reader = PdfReader(BytesIO(pdf))
        for page, sheet in zip(self._writer.pages, reader.pages, strict=False):
            form = self._writer._add_object(_make_form(sheet).clone(self._writer))
            _show(self._writer, page, {TEXT: _get_text(page), EDGES: form})

    def finish(self) -> bytes:
        """Return the whole file."""
        firsts = [sum(self.page_counts[:i]) for i in range(len(self.page_counts))]
        _add_outline(self._writer, list(zip(self._titles, firsts, strict=True)))
        return write(self._writer)


def write(writer: PdfWriter) -> bytes:
    """Write a file that core still converts to PDF/A."""
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


def _make_form(page: PageObject) -> StreamObject:
    """The content of a page as a drawing that pages can show."""
    content = page.get("/Contents", NullObject()).get_object()
    if isinstance(content, StreamObject):
        # As it is, compressed: nothing needs to be read in it.
        form = EncodedStreamObject()
        form._data = content._data
        for key in ("/Filter", "/DecodeParms"):
            if key in content:
                form[NameObject(key)] = content.raw_get(key)
    else:
        form = DecodedStreamObject()
        contents = page.get_contents()
        form.set_data(contents.get_data() if contents is not None else b"")
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(FloatObject(v) for v in page.mediabox),
            NameObject("/Resources"): page.get("/Resources", DictionaryObject()),
        }
    )
    return form


def _wrap_text(writer: PdfWriter, page: PageObject) -> None:
    """Make a page show its own content as a drawing.

    Core's conversion to PDF/A writes new widths for the fonts of each page, from a
    rule of thumb that fits wkhtmltopdf: the letters of our fonts, which hold only the
    glyphs in use, would be strewn over the page. It does not look into drawings, and
    the widths that Chromium writes are right.
    """
    form = writer._add_object(_make_form(page))
    _show(writer, page, {TEXT: form})


def _get_text(page: PageObject) -> IndirectObject:
    return page["/Resources"]["/XObject"].raw_get(TEXT)


def _show(
    writer: PdfWriter, page: PageObject, forms: dict[str, IndirectObject]
) -> None:
    """Let a page show these drawings, one over the other, and nothing else."""
    page[NameObject("/Resources")] = DictionaryObject(
        {
            # Core looks for the fonts of each page, also when there is none.
            NameObject("/Font"): DictionaryObject(),
            NameObject("/XObject"): DictionaryObject(
                {NameObject(name): form for name, form in forms.items()}
            ),
        }
    )
    content = DecodedStreamObject()
    content.set_data("\n".join(f"q {name} Do Q" for name in forms).encode())
    page[NameObject("/Contents")] = writer._add_object(content)


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

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject
from reportlab.pdfgen import canvas

from odoo.addons.report_chromium.providers.joining import (
    Document,
    Joiner,
    is_bare_part,
    restore_outline,
)


def make_pdf(*texts, y=400):
    buffer = BytesIO()
    page = canvas.Canvas(buffer)
    for text in texts:
        if text:
            page.drawString(50, y, text)
        page.showPage()
    page.save()
    return buffer.getvalue()


def read(pdf):
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def join(*documents, sheets=None):
    joiner = Joiner()
    for number, document in enumerate(documents):
        joiner.add(Document(document, f"Titre {number}"))
    if sheets:
        joiner.lay_over(sheets)
    return joiner, joiner.finish()


def test_sheets_are_laid_over_the_pages_they_belong_to():
    sheets = make_pdf("haut 1", "haut 2", "haut 3", y=800)
    joiner, pdf = join(make_pdf("un", "deux"), make_pdf("trois"), sheets=sheets)
    assert joiner.page_counts == [2, 1]
    for number, (page, word) in enumerate(
        zip(read(pdf), ("un", "deux", "trois"), strict=True), 1
    ):
        assert word in page
        assert f"haut {number}" in page


def test_core_finds_one_entry_per_record_with_the_number_of_its_page():
    _joiner, pdf = join(make_pdf("a", "b"), make_pdf("c"), make_pdf("d"))
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    node, found = root["/Outlines"]["/First"], []
    while True:
        found.append((node["/Title"], root["/Dests"][node["/Dest"]][0]))
        if "/Next" not in node:
            break
        node = node["/Next"]
    assert found == [("Titre 0", 0), ("Titre 1", 2), ("Titre 2", 3)]
    assert root["/Outlines"]["/Count"] == 3


def test_a_page_without_content_is_kept():
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    buffer = BytesIO()
    writer.write(buffer)
    _joiner, pdf = join(buffer.getvalue(), sheets=make_pdf("haut"))
    assert "haut" in read(pdf)[0]
    for page in PdfReader(BytesIO(pdf)).pages:
        assert page["/Resources"]["/Font"] == {}


def test_a_page_with_several_contents_is_kept():
    writer = PdfWriter(clone_from=BytesIO(make_pdf("texte")))
    page = writer.pages[0]
    content = page["/Contents"]
    extra = DecodedStreamObject()
    extra.set_data(b"q Q")
    from pypdf.generic import ArrayObject

    page[NameObject("/Contents")] = ArrayObject(
        [writer._add_object(content.get_object()), writer._add_object(extra)]
    )
    buffer = BytesIO()
    writer.write(buffer)
    _joiner, pdf = join(buffer.getvalue())
    assert "texte" in read(pdf)[0]


@pytest.mark.parametrize("is_cut", [True, False])
def test_what_core_would_take_for_pdfa_is_recognized(is_cut):
    pdf = make_pdf("x")
    _joiner, ours = join(pdf)
    writer = PdfWriter(clone_from=BytesIO(ours))
    buffer = BytesIO()
    writer.write(buffer)
    assert is_bare_part(buffer.getvalue() if is_cut else ours) is is_cut


def test_a_cut_part_becomes_a_file_of_its_own_again():
    _joiner, ours = join(make_pdf("a", "b"))
    writer = PdfWriter()
    writer.add_page(PdfReader(BytesIO(ours)).pages[1])
    buffer = BytesIO()
    writer.write(buffer)
    restored = restore_outline(buffer.getvalue(), "Seul")
    assert not is_bare_part(restored)
    assert "b" in read(restored)[0]
    assert PdfReader(BytesIO(restored)).outline[0].title == "Seul"


def test_nonsense_is_no_part():
    assert not is_bare_part(b"")
    assert not is_bare_part(b"%PDF-1.7")

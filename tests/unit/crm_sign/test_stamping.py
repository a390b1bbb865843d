from hashlib import sha256
from io import BytesIO

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader

from odoo.addons.crm_sign.providers.pdf_reading import read_pdf
from odoo.addons.crm_sign.providers.refused import PdfRefused
from odoo.addons.crm_sign.providers.sealing import seal, verify
from odoo.addons.crm_sign.providers.stamping import Mark, stamp

from tests.unit.crm_sign.judges import ask_poppler
from tests.unit.crm_sign.pictures import darkest, part, render
from tests.unit.crm_sign.samples import (
    company,
    make_hybrid,
    make_pdf,
    make_png,
    person,
    rewrite,
    texts,
)


def fonts_of(content):
    """Name and whether it is embedded, of every font of the file."""
    found = {}
    for page in PdfReader(BytesIO(content)).pages:
        for form in page["/Resources"].get("/XObject", {}).values():
            fonts = form.get_object().get("/Resources", {}).get("/Font", {})
            for font in fonts.get_object().values():
                values = font.get_object()
                holder = values.get("/FontDescriptor", {})
                found[values["/BaseFont"]] = "/FontFile2" in holder
    return found


def test_the_original_stays_the_first_bytes():
    content = make_pdf(3)
    stamped = stamp(content, [Mark("text", 2, 100, 100, 200, 20, "Bonjour")])
    assert stamped.startswith(content)
    assert sha256(stamped[: len(content)]).digest() == sha256(content).digest()


def test_accents_and_the_euro_sign_are_text_in_an_embedded_font():
    value = "Élodie Œuvré, 1 234,56 €, Łódź, Ζωή"
    stamped = stamp(make_pdf(2), [Mark("text", 2, 100, 100, 300, 20, value)])
    assert value in texts(stamped)[1].replace("\xa0", " ")
    assert value not in texts(stamped)[0]
    ours = {n: e for n, e in fonts_of(stamped).items() if "DejaVu" in n}
    assert ours
    assert all(ours.values())


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_marks_are_upright_where_they_were_placed_on_turned_pages(turn):
    def change(writer):
        page = writer.pages[0]
        page.rotate(turn)
        page.cropbox.lower_left = (50, 60)
        page.cropbox.upper_right = (500, 800)

    content = rewrite(make_pdf(1, text=""), change)
    box = (60, 200, 120, 40)
    picture = render(
        stamp(content, [Mark("signature", 1, *box, image=make_png(240, 80))])
    )
    assert darkest(picture, *box) < 120
    # Nothing outside, and the stroke begins at the lower left as it was drawn.
    assert darkest(picture, 0, 0, 450, 195) > 250
    assert darkest(picture, 60, 225, 20, 15) < 150
    assert darkest(picture, 60, 200, 12, 12) > 250


def test_a_transparent_signature_lets_the_text_below_show():
    content = make_pdf(1, text="XXXXXXXXXXXX")
    box = (72, 50, 100, 40)
    picture = render(stamp(content, [Mark("signature", 1, *box, image=make_png())]))
    colours = part(picture, *box).getcolors(100_000)
    assert any(red < 60 and blue < 60 for _count, (red, _g, blue) in colours)
    assert any(blue > 120 and red < 80 for _count, (red, _g, blue) in colours)


def test_a_ticked_box_has_a_cross_and_an_empty_one_has_none():
    content = make_pdf(1, text="")
    picture = render(
        stamp(
            content,
            [
                Mark("checkbox", 1, 100, 100, 20, 20, "yes"),
                Mark("checkbox", 1, 200, 100, 20, 20, ""),
            ],
        )
    )
    assert darkest(picture, 107, 107, 6, 6) < 100
    assert darkest(picture, 207, 107, 6, 6) > 250
    assert darkest(picture, 199, 99, 22, 22) < 150


def test_a_page_that_leaves_its_coordinates_changed_does_not_move_the_marks():
    from pypdf.generic import DecodedStreamObject, NameObject

    def scale(writer):
        stream = DecodedStreamObject()
        stream.set_data(b"q 0.1 0 0 0.1 300 300 cm 0 0 10 10 re f")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    content = rewrite(make_pdf(1), scale)
    picture = render(stamp(content, [Mark("checkbox", 1, 100, 100, 20, 20, "x")]))
    assert darkest(picture, 105, 105, 10, 10) < 100


@pytest.mark.parametrize(
    "value",
    ["court", "un texte assez long pour ne pas tenir " * 2, "x" * 400, "", "é"],
)
def test_a_text_stays_inside_its_field(value):
    content = make_pdf(1, text="")
    picture = render(stamp(content, [Mark("text", 1, 100, 100, 150, 24, value)]))
    assert darkest(picture, 0, 0, 595, 97) > 250
    assert darkest(picture, 0, 127, 595, 700) > 250
    assert darkest(picture, 253, 90, 300, 40) > 250
    assert (darkest(picture, 100, 100, 150, 24) < 200) == bool(value)


@pytest.mark.parametrize(
    "image",
    [
        b"<svg/>",
        b"\x89PNG\r\n\x1a\nbroken",
        make_png()[:200],
        b"GIF89a" + b"0" * 50,
    ],
)
def test_a_picture_that_is_none_is_refused(image):
    mark = Mark("signature", 1, 1, 1, 50, 20, "x", image)
    with pytest.raises(PdfRefused) as caught:
        stamp(make_pdf(), [mark])
    assert caught.value.reason == "picture"


def test_an_enormous_picture_is_refused():
    with pytest.raises(PdfRefused):
        image = make_png(4000, 3500)
        stamp(make_pdf(), [Mark("signature", 1, 1, 1, 50, 20, image=image)])


def test_a_signed_document_is_not_drawn_on():
    signed = seal(make_pdf(), signatures=[person()], certificate=company())
    with pytest.raises(PdfRefused) as caught:
        stamp(signed, [Mark("text", 1, 1, 1, 50, 20, "x")])
    assert caught.value.reason == "already_signed"
    assert stamp(signed, []) == signed


@pytest.mark.parametrize("page", [0, 3, -1])
def test_a_mark_on_no_page_is_an_error(page):
    with pytest.raises(ValueError, match="2 pages"):
        stamp(make_pdf(2), [Mark("text", page, 1, 1, 50, 20, "x")])


def test_a_hybrid_file_is_rewritten_and_then_signed(tmp_path):
    content = make_hybrid()
    assert read_pdf(content).is_hybrid
    stamped = stamp(content, [Mark("text", 1, 100, 100, 200, 20, "Valeur")])
    assert not read_pdf(stamped).is_hybrid
    signed = seal(stamped, signatures=[person()], certificate=company())
    assert verify(signed).intact
    assert ask_poppler(signed, tmp_path).valid == 1
    assert "Valeur" in texts(signed)[0]


def test_a_file_with_compressed_objects_is_added_to():
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    writer = copy_into_new_writer(
        PdfFileReader(BytesIO(make_pdf(2))), {"stream_xrefs": True}
    )
    target = BytesIO()
    writer.write(target)
    content = target.getvalue()
    assert IncrementalPdfFileWriter(BytesIO(content)).prev.has_xref_stream
    stamped = stamp(content, [Mark("text", 2, 100, 100, 200, 20, "Valeur")])
    assert "Valeur" in texts(stamped)[1]
    assert verify(seal(stamped, signatures=[person()], certificate=company())).intact

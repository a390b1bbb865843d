import time
from io import BytesIO

import pytest
from reportlab.pdfgen.canvas import Canvas

from odoo.addons.crm_sign.providers.anchors import find_anchors, hide_anchors
from odoo.addons.crm_sign.providers.refused import PdfRefused
from odoo.addons.crm_sign.providers.sealing import seal

from tests.unit.crm_sign.pictures import darkest, render
from tests.unit.crm_sign.samples import company, make_pdf, person, rewrite

HEIGHT = 841.89


def write(*lines, size=12):
    """A page with (x, y from the bottom, text) lines."""
    target = BytesIO()
    canvas = Canvas(target)
    canvas.setFont("Helvetica", size)
    for x, y, text in lines:
        canvas.drawString(x, y, text)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def test_each_kind_is_found_where_it_is_written():
    content = write(
        (72, 700, "Fait à Lyon {{sign:1}}"),
        (72, 600, "{{initials:2}}"),
        (72, 500, "le {{date:1}}"),
        (72, 400, "{{text:2:Fonction}}"),
        (72, 300, "{{check:1:J'accepte les conditions}}"),
    )
    found = find_anchors(content)
    assert [(a.kind, a.rank, a.label) for a in found] == [
        ("signature", 1, ""),
        ("initials", 2, ""),
        ("date", 1, ""),
        ("text", 2, "Fonction"),
        ("checkbox", 1, "J'accepte les conditions"),
    ]
    assert all(anchor.required and anchor.page == 1 for anchor in found)
    initials = found[1]
    assert initials.x == pytest.approx(72, abs=0.1)
    # The top of 12 point letters whose baseline is at 600.
    assert initials.y == pytest.approx(HEIGHT - 600 - 9, abs=2)
    date = found[2]
    middle = date.y + date.height / 2
    assert middle == pytest.approx(HEIGHT - 500 - 4, abs=2)


def test_a_question_mark_makes_a_field_optional():
    (one, two) = find_anchors(
        write((72, 700, "{{text:1:Remarque ?}}"), (72, 600, "{{ DATE : 2 ? }}"))
    )
    assert (one.required, one.label) == (False, "Remarque")
    assert (two.required, two.kind, two.rank) == (False, "date", 2)


def test_an_anchor_broken_over_pieces_of_text_is_found():
    target = BytesIO()
    canvas = Canvas(target)
    x = 72
    for piece in ("{", "{sig", "n", ":", "1}", "}"):
        font = "Helvetica-Bold" if piece == "n" else "Helvetica"
        canvas.setFont(font, 12)
        canvas.drawString(x, 500, piece)
        x += canvas.stringWidth(piece, font, 12)
    canvas.showPage()
    canvas.save()
    (anchor,) = find_anchors(target.getvalue())
    assert (anchor.kind, anchor.rank) == ("signature", 1)
    assert anchor.covers[0][2] == pytest.approx(x - 72 + 2, abs=1)


def test_an_anchor_that_goes_on_in_the_next_line_is_found():
    (anchor,) = find_anchors(
        write((400, 500, "{{text:1:Nom et"), (72, 486, "qualité}} pour la société"))
    )
    assert anchor.label == "Nom et qualité"
    assert anchor.x == pytest.approx(400, abs=0.1)
    assert len(anchor.covers) == 2


def test_letters_drawn_in_disorder_are_read_in_order():
    text = "{{initials:3}}"
    widths, x = [], 100
    canvas = Canvas(BytesIO())
    for letter in text:
        widths.append((x, 500, letter))
        x += canvas.stringWidth(letter, "Helvetica", 12)
    (anchor,) = find_anchors(write(*reversed(widths)))
    assert (anchor.kind, anchor.rank) == ("initials", 3)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_anchors_are_found_on_turned_and_cropped_pages(turn):
    def change(writer):
        page = writer.pages[0]
        page.rotate(turn)
        page.cropbox.lower_left = (50, 60)
        page.cropbox.upper_right = (500, 800)

    content = rewrite(write((100, 700, "Ici {{check:1:Oui}}")), change)
    (anchor,) = find_anchors(content)
    x, y, width, height = anchor.covers[0]
    before = darkest(render(content), x, y, width, height)
    after = darkest(render(hide_anchors(content, [anchor])), x, y, width, height)
    assert before < 100, "the letters are where the cover will be"
    assert after > 250, "nothing of them is left to see"


def test_only_the_anchor_is_painted_over():
    content = write((72, 500, "avant {{sign:1}} après"))
    (anchor,) = find_anchors(content)
    picture = render(hide_anchors(content, [anchor]))
    assert darkest(picture, 72, HEIGHT - 512, 30, 14) < 100
    x, _y, width, _height = anchor.covers[0]
    assert darkest(picture, x + width + 3, HEIGHT - 512, 30, 14) < 100


def test_ordinary_braces_ask_for_nothing():
    assert not find_anchors(
        write((72, 700, "{{ object.name }} {{sign}} {{sign:}} {sign:1} {{stamp:1}}"))
    )


def test_a_field_stays_on_the_page():
    (anchor,) = find_anchors(write((560, 5, "{{sign:1}}")))
    assert anchor.x + anchor.width <= 595.28
    assert anchor.y + anchor.height <= HEIGHT


def test_a_signed_document_is_not_painted_over():
    content = write((72, 700, "{{sign:1}}"))
    signed = seal(content, signatures=[person()], certificate=company())
    (anchor,) = find_anchors(signed)
    with pytest.raises(PdfRefused) as caught:
        hide_anchors(signed, [anchor])
    assert caught.value.reason == "already_signed"


def test_500_full_pages_are_searched_in_seconds():
    target = BytesIO()
    canvas = Canvas(target, pageCompression=1)
    for page in range(500):
        for line in range(25):
            canvas.drawString(40, 800 - 28 * line, "Lorem ipsum dolor sit amet " * 3)
        if page == 499:
            canvas.drawString(40, 40, "{{sign:1}}")
        canvas.showPage()
    canvas.save()
    started = time.process_time()
    (anchor,) = find_anchors(target.getvalue())
    assert anchor.page == 500
    assert time.process_time() - started < 15


def test_a_document_without_text_has_no_anchor():
    assert find_anchors(make_pdf(2, text="")) == []

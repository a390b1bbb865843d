import pytest

from odoo.addons.report_chromium.lib.paper import MIN_BODY_MM, PaperFormat

A4_EURO = PaperFormat(
    margin_top_mm=52,
    margin_bottom_mm=32,
    margin_left_mm=0,
    margin_right_mm=0,
    header_spacing_mm=52,
)


def test_millimetres_become_inches():
    options = A4_EURO.print_options()
    assert options["paperWidth"] == pytest.approx(8.2677, abs=1e-4)
    assert options["paperHeight"] == pytest.approx(11.6929, abs=1e-4)
    assert options["marginTop"] == pytest.approx(2.0472, abs=1e-4)
    assert options["marginLeft"] == 0


@pytest.mark.parametrize(
    ("dpi", "is_shrinking", "points_per_pixel"),
    # Read off pages of wkhtmltopdf 0.12.4 with patched Qt.
    [(90, True, 0.64), (96, True, 0.60), (70, True, 0.823), (150, True, 0.384)]
    + [(90, False, 0.80), (110, False, 0.6545)],
)
def test_letters_have_the_size_that_core_gives_them(
    dpi, is_shrinking, points_per_pixel
):
    paper = PaperFormat(dpi=dpi, is_shrinking=is_shrinking)
    assert paper.scale * 72 / 96 == pytest.approx(points_per_pixel, abs=1e-3)
    assert paper.mm(paper.px(10)) == pytest.approx(10)


def test_absurd_dpi_stay_printable():
    assert PaperFormat(dpi=5).scale == 2.0
    assert PaperFormat(dpi=5000).scale == 0.1


def test_landscape_turns_the_sheet_not_the_margins():
    paper = PaperFormat(is_landscape=True, margin_top_mm=11)
    assert (paper.page_width_mm, paper.page_height_mm) == (297, 210)
    assert paper.print_options()["marginTop"] == pytest.approx(11 / 25.4)


def test_margins_that_hold_header_and_footer_stay():
    assert A4_EURO.fit(A4_EURO.px(40), A4_EURO.px(25)) == A4_EURO


def test_margins_grow_with_header_and_footer():
    grown = A4_EURO.fit(A4_EURO.px(80), A4_EURO.px(60))
    assert grown.margin_top_mm == pytest.approx(82)
    assert grown.margin_bottom_mm == pytest.approx(62)
    assert grown.header_top_mm == pytest.approx(A4_EURO.header_top_mm)


def test_old_formats_keep_the_place_of_their_header():
    paper = PaperFormat(margin_top_mm=40, header_spacing_mm=35)
    assert paper.header_top_mm == 5
    assert paper.fit(paper.px(50), 0).margin_top_mm == pytest.approx(57)


def test_a_page_needs_room_for_its_text():
    assert A4_EURO.has_room
    assert not A4_EURO.fit(A4_EURO.px(260), 0).has_room
    narrow = PaperFormat(margin_left_mm=100, margin_right_mm=110 - MIN_BODY_MM + 1)
    assert not narrow.has_room


def test_sheets_of_headers_have_no_margin():
    options = A4_EURO.edge_options()
    assert options["marginTop"] == options["marginBottom"] == 0
    assert options["scale"] == A4_EURO.scale

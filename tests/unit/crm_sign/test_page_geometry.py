import doctest

import pytest

from odoo.addons.crm_sign.providers import page_geometry
from odoo.addons.crm_sign.providers.page_geometry import PageFrame, apply, visible_box

BOX = (50.0, 60.0, 500.0, 800.0)


def test_the_examples_in_the_module_are_true():
    assert doctest.testmod(page_geometry).failed == 0


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_point_goes_to_the_pdf_and_back(turn):
    frame = PageFrame(BOX, turn)
    for point in ((0, 0), (10, 20), frame.size):
        there = apply(frame.matrix, *point)
        assert apply(frame.inverse, *there) == pytest.approx(point)


@pytest.mark.parametrize(
    ("turn", "corner"),
    [(0, (50, 790)), (90, (50, 60)), (180, (490, 60)), (270, (490, 790))],
)
def test_the_top_left_of_the_reader_is_found_on_a_turned_page(turn, corner):
    left, bottom, right, top = PageFrame(BOX, turn).to_pdf(0, 0, 10, 10)
    assert (left, bottom) == pytest.approx(corner)
    assert (right - left, top - bottom) == pytest.approx((10, 10))


def test_a_page_on_its_side_is_wider_than_high():
    assert PageFrame(BOX, 90).size == (740, 450)
    assert PageFrame(BOX, 180).size == (450, 740)


def test_a_crop_box_outside_the_page_is_ignored():
    assert visible_box((0, 0, 100, 100), (200, 200, 300, 300)) == (0, 0, 100, 100)
    assert visible_box((100, 100, 0, 0), None) == (0, 0, 100, 100)

import pytest

from odoo.addons.l10n_fr_crm_billing.lib.facturx_check import is_valid_number
from odoo.addons.l10n_fr_crm_billing.lib.invoice_number import (
    MAX_DIGITS,
    format_number,
    is_valid_series,
)


def test_the_longest_number_fits_every_platform():
    number = format_number(2026, "ABCDEFGHIJ", 10**MAX_DIGITS - 1, MAX_DIGITS)
    assert is_valid_number(number)


def test_a_number_that_outgrows_its_digits_keeps_them_all():
    assert format_number(2026, "F", 12345, 4) == "2026-F-12345"


@pytest.mark.parametrize("series", ["", "f", "F1", "F-", "É", "A B", "ABCDEFGHIJK"])
def test_series_that_would_blur_a_number(series):
    assert not is_valid_series(series)


@pytest.mark.parametrize("number", ["FAC 1", "F#1", "É-1", "F.1", "F" * 36, ""])
def test_numbers_that_platforms_refuse(number):
    assert not is_valid_number(number)


@pytest.mark.parametrize("number", ["2026-F-0001", "FAC/2026/00001", "A_1+2"])
def test_numbers_that_platforms_take(number):
    assert is_valid_number(number)

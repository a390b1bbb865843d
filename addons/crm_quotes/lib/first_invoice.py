"""Which invoice is drafted by itself once a quotation is accepted."""

from __future__ import annotations

NONE, DEPOSIT, WHOLE = "", "deposit", "whole"


def choose_first_invoice(is_wanted: bool, is_signed: bool, deposit_pct: float) -> str:
    """Return ``deposit``, ``whole`` or nothing.

    A signature binds the client to the whole: without a deposit, the whole is invoiced.
    A click confirms only: without a deposit, nothing is.

    :param is_wanted: the company wants one after such an acceptance
    :param is_signed: everybody signed, it was not only confirmed
    :param deposit_pct: part of the order asked in advance, 0 for none

    >>> choose_first_invoice(True, False, 30.0)
    'deposit'
    """
    if not is_wanted:
        return NONE
    if deposit_pct:
        return DEPOSIT
    return WHOLE if is_signed else NONE

"""The articles of a formal notice are those of the day of the letter."""

from dataclasses import replace
from datetime import date

import pytest

from odoo.addons.l10n_fr_crm_billing.lib.notice import NOTICE_CODES, print_notice
from odoo.addons.l10n_fr_crm_billing.lib.wordings import Wording

OLD = Wording(
    code="notice_business",
    text="article L441-10",
    reference="C. com. art. L441-10",
    date_from=date(2019, 4, 26),
    date_to=date(2026, 8, 31),
)
NEW = Wording(
    code="notice_business", text="article nouveau", date_from=date(2026, 9, 1)
)
COURT = Wording(code="notice_court", text="article 1405", date_from=date(1982, 1, 1))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 8, 31), "article L441-10"),
        (date(2026, 9, 1), "article nouveau"),
    ],
)
def test_the_words_are_those_of_the_day_of_the_letter(day, words):
    printed, missing = print_notice([NEW, OLD, COURT], day, is_business=True)
    assert missing == []
    assert (printed["basis"].text, printed["court"].text) == (words, "article 1405")


def test_words_of_the_company_go_before_the_common_ones():
    own = replace(OLD, text="nos mots", date_to=None, is_own=True)
    printed, _missing = print_notice([NEW, own, COURT], date(2026, 10, 1), True)
    assert printed["basis"].text == "nos mots"


def test_consumers_get_words_of_their_own_and_a_gap_is_told():
    printed, missing = print_notice([OLD, COURT], date(2026, 1, 1), is_business=False)
    assert (list(printed), missing) == (["court"], ["notice_consumer"])
    assert set(missing) < set(NOTICE_CODES)
    _printed, missing = print_notice([OLD, COURT], date(1990, 1, 1), True)
    assert missing == ["notice_business"]

"""Words in force on the day of the document; a law that changes is a new record."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.l10n_fr_crm_billing.lib.facts import (
    Buyer,
    Facts,
    Kind,
    Seller,
    TaxBase,
)
from odoo.addons.l10n_fr_crm_billing.lib.mentions import decide
from odoo.addons.l10n_fr_crm_billing.lib.wordings import (
    Wording,
    fill,
    find_wordless,
    pick,
    print_mentions,
)

OLD = Wording(
    code="franchise",
    text="article 293 B du CGI",
    date_from=date(2000, 1, 1),
    date_to=date(2026, 8, 31),
)
NEW = Wording(
    code="franchise", text="article L. 223-3 du CIBS", date_from=date(2026, 9, 1)
)
FACTS = Facts(
    kind=Kind.INVOICE,
    day=date(2026, 9, 1),
    seller=Seller(name="Nadia", is_franchise=True),
    buyer=Buyer(name="Roux"),
    bases=(TaxBase(Decimal(0), "franchise"),),
)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 8, 31), "article 293 B du CGI"),
        (date(2026, 9, 1), "article L. 223-3 du CIBS"),
        (date(2027, 12, 31), "article L. 223-3 du CIBS"),
    ],
)
def test_the_words_are_those_of_the_day_of_the_document(day, words):
    assert pick([NEW, OLD], "franchise", replace(FACTS, day=day)).text == words


def test_words_of_the_company_go_before_the_common_ones():
    own = replace(OLD, text="nos mots", date_to=None, is_own=True)
    assert pick([NEW, own, OLD], "franchise", FACTS) is own


def test_a_box_that_is_not_ticked_keeps_the_words_off_the_document():
    only_quotes = replace(NEW, flags=frozenset({"quote"}))
    assert pick([only_quotes], "franchise", FACTS) is None


def test_a_mention_without_words_is_told_not_printed():
    dues = decide(FACTS)
    assert "franchise" in find_wordless(dues, [], FACTS)
    assert print_mentions(dues, [], FACTS) == []
    assert "franchise" not in find_wordless(dues, [NEW], FACTS)


def test_own_mentions_follow_their_condition_and_order():
    def own(text, **values):
        return Wording(code="custom", text=text, date_from=date(2020, 1, 1), **values)

    texts = [
        own("deux", sequence=2),
        own("un", sequence=1, condition="business"),
        own("non", condition="consumer"),
    ]
    assert [m.text for m in print_mentions([], texts, FACTS)] == ["un", "deux"]


def test_words_that_ask_for_an_unknown_value_are_refused():
    assert fill("%(name)s à 100 %%", {"name": "x"}) == "x à 100 %"
    for bad in ("%(other)s", "100 % de", "%s"):
        with pytest.raises(ValueError):
            fill(bad, {"name": "x"})


def test_a_mention_that_lacks_its_value_is_left_out():
    words = Wording(
        code="seller_identity", text="%(name)s, %(address)s", date_from=date(2000, 1, 1)
    )
    dues = decide(FACTS)
    assert print_mentions(dues, [words], FACTS) == []
    complete = replace(FACTS, seller=replace(FACTS.seller, address="Lyon"))
    (printed,) = print_mentions(decide(complete), [words], complete)
    assert printed.text == "Nadia, Lyon"

"""What a regression case says of an answer, and in which language it is."""

import pytest

from odoo.addons.crm_ai.lib.expectations import Expectation, judge
from odoo.addons.crm_ai.lib.language import looks_english


def test_case_and_accents_do_not_count():
    wanted = Expectation(contains=("Échéance", "s00042"), excludes=("remise",))
    assert judge("L'echeance de S00042 approche.", wanted).is_good


def test_what_is_wrong_is_said():
    verdict = judge(
        "Une remise de dix pour cent",
        Expectation(contains=("S00042", " "), excludes=("Remise",), max_words=4),
    )
    assert verdict.missing == ("S00042",)
    assert verdict.unwanted == ("Remise",)
    assert verdict.words_over == 2
    assert not verdict.is_good


@pytest.mark.parametrize(
    ("text", "english"),
    [
        (
            "Bonjour, je reviens vers vous au sujet du devis S00042 de 18 000 EUR.",
            False,
        ),
        ("Hello, I am coming back to you about the quote that we sent you.", True),
        ("Thanks", False),
        (
            "Notre offre « Business Growth » est à votre disposition dans le portail",
            False,
        ),
        ("", False),
    ],
)
def test_language(text, english):
    assert looks_english(text) is english

"""Incoming mails: who is unhappy, and what a signature states."""

from datetime import date

import pytest

from odoo.addons.crm_ai_copilot.lib.facts import Exchange
from odoo.addons.crm_ai_copilot.lib.mood import own_words, read_mood
from odoo.addons.crm_ai_copilot.lib.promises import find_open_promise, find_promises
from odoo.addons.crm_ai_copilot.lib.signature import (
    company_from_address,
    read_signature,
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Bonjour. Je suis très déçu. Merci.", "Je suis très déçu."),
        ("C'est inadmissible !", "C'est inadmissible !"),
        ("Le site ne marche toujours pas et c'est la troisième relance.",
         "Le site ne marche toujours pas et c'est la troisième relance."),
        ("Je ne suis pas satisfait de la livraison.",
         "Je ne suis pas satisfait de la livraison."),
        ("Nous pensons résilier le contrat", "Nous pensons résilier le contrat"),
    ],
)  # fmt: skip
def test_an_unhappy_client_is_seen_with_his_sentence(text, sentence):
    mood = read_mood(text)
    assert mood.is_unhappy and mood.sentence == sentence


@pytest.mark.parametrize(
    "text",
    [
        "Merci beaucoup, tout est parfait.",
        "Je ne suis pas mécontent du tout, au contraire.",
        "Aucun problème de notre côté, et sans erreur.",
        "Nous n'avons pas été déçus.",
        "Pouvez-vous corriger cette erreur ?",
        "Merci.\n> Je suis très déçu et furieux",
        "Merci.\nLe 12/03/2026, Henri a écrit :\nC'est inadmissible",
        "",
    ],
)
def test_others_are_left_alone(text):
    assert not read_mood(text).is_unhappy


def test_own_words_stop_at_the_quoted_mail():
    assert own_words("Oui\n> non\nEt aussi\nDe : Lucas\nblabla") == "Oui\nEt aussi"


MAIL = """Bonjour,

Nous avançons.

Claire Petit
Directrice marketing
Océane Cosmétiques SARL
06 12 34 56 78 | www.oceane-cosmetiques.example
"""


def test_a_signature_is_read_with_its_lines():
    found = {item.field: item for item in read_signature(MAIL, "Claire Petit")}
    assert found["function"].value == "Directrice marketing"
    assert found["partner_name"].value == "Océane Cosmétiques SARL"
    assert found["phone"].value == "06 12 34 56 78"
    assert found["website"].value == "www.oceane-cosmetiques.example"
    assert "06 12" in found["website"].evidence


def test_a_mail_without_signature_states_nothing():
    assert read_signature("Bonjour, d'accord pour jeudi. Claire", "Claire Petit") == []


@pytest.mark.parametrize(
    ("address", "company"),
    [
        ("h.dupont@bio-tech.fr", "Bio Tech"),
        ("x@mail.retailplus.com", "Retailplus"),
        ("x@shop.co.uk", "Shop"),
        ("a@gmail.com", ""),
        ("a@ORANGE.fr", ""),
        ("nonsense", ""),
    ],
)
def test_a_company_behind_an_address(address, company):
    assert company_from_address(address) == company


def exchange(day, direction, text):
    return Exchange(day, direction, "X", text)


MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Je vous envoie le devis vendredi.", date(2026, 3, 6)),
        ("Nous vous rappellerons le 12 mars.", date(2026, 3, 12)),
        ("À rappeler le 12/03/2026", date(2026, 3, 12)),
        ("Relancer dans 10 jours", date(2026, 3, 12)),
        ("Je vous enverrai cela demain", date(2026, 3, 3)),
    ],
)
def test_a_promise_has_a_day(text, due):
    (promise,) = find_promises([exchange(MONDAY, "out", text)])
    assert promise.due_on == due and promise.text == text


@pytest.mark.parametrize(
    "text",
    [
        "Je vous envoie le devis.",
        "Vendredi il fera beau.",
        "Je vous envoie ça en mars.",
    ],
)
def test_without_a_day_nothing_is_promised(text):
    assert find_promises([exchange(MONDAY, "note", text)]) == []


def test_a_client_promises_nothing_for_us():
    assert find_promises([exchange(MONDAY, "in", "Je vous rappelle vendredi")]) == []


def test_a_promise_is_open_until_we_write():
    promised = exchange(MONDAY, "out", "Je vous envoie le devis vendredi.")
    friday = date(2026, 3, 6)
    assert find_open_promise([promised], date(2026, 3, 5)) is None
    assert find_open_promise([promised], friday).due_on == friday
    assert (
        find_open_promise([exchange(friday, "out", "Voici"), promised], friday) is None
    )
    assert find_open_promise([exchange(friday, "in", "Alors ?"), promised], friday)

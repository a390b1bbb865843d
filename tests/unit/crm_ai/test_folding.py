"""The spelling that rules and pseudonyms compare: each character keeps its place."""

import pytest

from odoo.addons.crm_ai.lib.folding import fold, sql_words, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Février à Noël", "fevrier a noel"),
        ("l\u2019été, aujourd\u02bchui", "l'ete, aujourd'hui"),
        ("50\u00a0000\u202f€", "50 000 €"),
        ("rendez\u2010vous \u2013 12\u201114", "rendez-vous - 12-14"),
        ("Straße Œuvre İ", "straße œuvre i"),
        ("ligne 1\nligne 2\t!", "ligne 1\nligne 2\t!"),
        ("😀 Été 漢", "😀 ete 漢"),
    ],
)
def test_case_accents_and_signs_do_not_count(text, folded):
    assert fold(text) == folded


def test_each_character_keeps_its_place():
    text = "".join(map(chr, range(0x20, 0x3000)))
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    "name",
    [
        "Zoé Roux",
        "L\u2019Étoile-d'Or (Lyon) & Fils",
        "Jean\u2010Noël\u00a0D\u2019Hervé",
        "Çelik_Bau/ÖSTERREICH 2000",
        "ŁÓDŹ, Šárka: «Ÿser»",
        "Œuvre; Straße! Agence42",
    ],
)
def test_the_database_parts_words_as_we_do(name):
    source, target = sql_words()
    found = name.lower().translate(str.maketrans(source, target)).split()
    assert found == words_of(name)

"""No planted value leaves, all that leaves comes back, ordinary words stay."""

import json

import pytest

from odoo.addons.crm_ai.lib.inputs import Identity
from odoo.addons.crm_ai.lib.pseudonyms import Pseudonymiser

IDENTITIES = (
    Identity("person", "Marie Dupont"),
    Identity("person", "M. Jean-Pierre de la Fontaine"),
    Identity("person", "Claire Petit"),
    Identity("person", "Éloïse Brûlé"),
    Identity("company", "Boulangerie Martin SARL"),
    Identity("company", "Agence Lumen SAS"),
    Identity("email", "Marie.Dupont@client.fr"),
    Identity("phone", "+33 6 12 34 56 78"),
    Identity("phone", "+32 475 12 34 56"),
    Identity("address", "12 rue de la Paix, 75002 Paris"),
    Identity("iban", "FR76 3000 6000 0112 3456 7890 189"),
    Identity("other", "Opération Coquelicot"),
)


@pytest.fixture
def names():
    return Pseudonymiser(IDENTITIES)


@pytest.mark.parametrize(
    "text",
    [
        "Marie Dupont a appelé",
        "MARIE DUPONT a appelé",
        "dupont marie a appelé",
        "Dupont a appelé",
        "Mme DUPONT, bonjour",
        "J'ai vu Marie hier",
        "M. Dupont-Marie",
        "M.Dupont et d'autres",
        "dupont",
        "M. Dupont.",
        "(Dupont)",
        "Jean Pierre de la Fontaine",
        "M. de La Fontaine est venu",
        "JEAN-PIERRE est venu",
        "Monsieur Fontaine",
        "Jean\u2011Pierre de\u00a0la Fontaine",
        "Eloise Brule a signé",
        "ÉLOÏSE BRÛLÉ a signé",
        "E\u0301loi\u0308se a signé",
        "Bonjour Claire, comment allez-vous ?",
        "Cordialement,\nClaire",
        "J'ai rencontré Claire et Mme Petit",
        "Claire Petit",
        "C. Petit",
        "la boulangerie martin",
        "BOULANGERIE MARTIN SARL",
        "Lumen nous a répondu",
        "l'agence Lumen",
        "marie.dupont@client.fr",
        "MARIE.DUPONT@CLIENT.FR.",
        "Écrire à <Marie.Dupont@client.fr>",
        "son compte marie.dupont",
        "06 12 34 56 78",
        "0612345678",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "tel:+33612345678",
        "+33 (0)6 12 34 56 78",
        "0033 6 12 34 56 78",
        "06 1234 5678",
        "+32475123456",
        "0032 475 12 34 56",
        "FR7630006000011234567890189",
        "fr76 3000 6000 0112 3456 7890 189",
        "12, rue de la Paix 75002 PARIS",
        "12 Rue de la paix\n75002 Paris",
        "au 12 rue de la Paix demain",
        "l'operation coquelicot",
    ],
)
def test_a_known_value_is_hidden_however_it_is_spelled(names, text):
    masked = names.mask(text)
    folded = masked.lower()
    planted = "dupont marie pierre fontaine eloise brul petit martin lumen client.fr"
    planted += " 0612 06.12 06-12 06 12 345678 34 56 7630 paix coquelicot 475"
    left = [word for word in planted.split(" ") if len(word) > 3 and word in folded]
    assert not left, masked
    assert "[" in masked
    assert "claire" not in folded
    back = names.unmask(masked)
    assert back == text or "\u0301" in text


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("écrire à luc.martin+devis@x-y.co.uk merci", "EMAIL"),
        ("luc [at] exemple.fr", "EMAIL"),
        ("appelez le 01 45 67 89 10.", "TELEPHONE"),
        ("tél.0145678910", "TELEPHONE"),
        ("+33 145 678 910", "TELEPHONE"),
        ("+44 20 7946 0958", "TELEPHONE"),
        ("+1 (415) 555-2671", "TELEPHONE"),
        ("IBAN FR14 2004 1010 0505 0001 3M02 606 merci", "IBAN"),
        ("DE89370400440532013000", "IBAN"),
        ("BE68 5390 0754 7034 BIC GKCCBEBB", "IBAN"),
        ("nous sommes au 3 rue Victor Hugo, 69002 Lyon pour le rdv", "ADRESSE"),
        ("3 bis, avenue du Général-Leclerc\n92100 Boulogne-Billancourt", "ADRESSE"),
        ("14 boulevard de l'Opéra", "ADRESSE"),
    ],
)
def test_an_unknown_value_is_hidden_by_its_form(text, label):
    names = Pseudonymiser()
    masked = names.mask(text)
    assert f"[{label}_1]" in masked
    assert not any(len(part) > 4 for part in masked.split() if part.isdigit())
    assert names.unmask(masked) == text


def test_what_follows_an_address_or_an_account_stays():
    names = Pseudonymiser()
    text = "3 rue Victor Hugo, 69002 Lyon pour le rdv, IBAN BE68539007547034 BIC GKCC"
    assert names.mask(text) == "[ADRESSE_1] pour le rdv, IBAN [IBAN_1] BIC GKCC"


@pytest.mark.parametrize(
    "text",
    [
        "Le devis S00042 de 18 000 EUR est valable jusqu'au 12/03/2026 à 10h30.",
        "Facture FAC/2026/00012 : 1 234 567,89 €, échéance 2026-12-31.",
        "Rendez-vous le 01.02.2026 10h30, 01 02 2026, 01-02-2026 ou le 3 mars.",
        "Petit rappel : le petit devis est clair, la claire fontaine aussi.",
        "Petit à petit, c'est claire comme de l'eau de roche.",
        "L'agence a un grand site. Le boulanger aime la paix et la lumière.",
        "75002 Paris, 5 places disponibles, 20 cours par mois, 3 rues barrées",
        "SIRET 73282932000074, TVA FR40303265045, 12 mois, 24 %, 100 000 visites",
        "Version 1.2.3.4, ISO 27001, article L441-10, port 8069, 0800",
        "La personne 1 et la société sont les 2 personnes de la liste [note] [12].",
        "Les relations avec le jean bleu et le pierrier",
    ],
)
def test_ordinary_words_amounts_dates_and_references_stay(names, text):
    assert names.mask(text) == text


def test_parts_of_names_are_told_apart(names):
    masked = names.mask("Bonjour Marie, Mme Dupont (Marie Dupont)")
    assert masked == "Bonjour [{0}_PRENOM], Mme [{0}_NOM] ([{0}])".format(
        masked.rsplit("[", 1)[1].rstrip("])")
    )


def test_names_are_stable_between_texts(names):
    first, second = names.mask("Marie Dupont"), names.mask("Avec Marie Dupont, oui")
    assert second == f"Avec {first}, oui"
    again = Pseudonymiser(IDENTITIES)
    assert again.mask("Marie Dupont") == first
    assert names.mask("luc@x.io") == names.mask("luc@x.io")
    assert names.mask("luc@x.io") != names.mask("ana@x.io")


def test_the_same_value_given_twice_has_one_name():
    names = Pseudonymiser(
        [Identity("person", "Ana Roy"), Identity("person", "ana  ROY")]
    )
    assert "PERSONNE_1" in names.mask("Ana Roy")
    assert "PERSONNE_1" in names.mask("ANA ROY")


@pytest.mark.parametrize(
    ("written", "back"),
    [
        ("[PERSONNE_1]", "Ana Roy"),
        ("[personne_1]", "Ana Roy"),
        ("[Personne 1]", "Ana Roy"),
        ("PERSONNE_1", "Ana Roy"),
        ("[PERSONNE_1", "Ana Roy"),
        ("PERSONNE_1]", "Ana Roy"),
        ("\\[PERSONNE\\_1\\]", "Ana Roy"),
        ("**[PERSONNE_1_NOM]**", "**Roy**"),
        ("[PERSONNE_1_PRÉNOM],", "Ana,"),
        ("[ PERSONNE_1 ]", "Ana Roy"),
        ("[Société_1]", "Toits du Sud"),
        ("[SOCIETE_1_COURT]", "Toits du Sud"),
        ("[PERSONNE_9]", "[PERSONNE_9]"),
        ("[PERSONNE_12]", "[PERSONNE_12]"),
        ("la personne 1", "la personne 1"),
    ],
)
def test_names_come_back_as_models_write_them(written, back):
    names = Pseudonymiser(
        [Identity("person", "Ana Roy"), Identity("company", "Toits du Sud")]
    )
    assert names.unmask(f"Bonjour {written} !") == f"Bonjour {back} !"


def test_texts_that_already_hold_such_names_survive():
    names = Pseudonymiser([Identity("person", "Ana Roy")])
    text = "Modèle : Bonjour [PERSONNE_1], SOCIETE_2 et [TEXTE_1]. Signé Ana Roy"
    masked = names.mask(text)
    assert "[TEXTE_1]" in masked and masked.endswith("[PERSONNE_1]")
    assert names.unmask(masked) == text
    assert names.mask(names.mask("x")) == "x"


def test_a_growing_text_never_shows_half_a_name(names):
    masked = names.mask("Bonjour Marie Dupont, de l'agence Lumen à PARIS ! Signé E. T")
    masked += " \\[EMAIL\\_1\\] une personne_1 fin, [note] PERS."
    shown = ""
    for end in range(len(masked) + 1):
        now = names.unmask_partial(masked[:end])
        assert now.startswith(shown), (shown, now)
        shown = now
        assert "[PERS" not in now.upper()
    assert shown == names.unmask(masked)


def test_facts_are_hidden_inside(names):
    facts = {
        "client": "Marie Dupont",
        "amount": 18000.0,
        "reference": "S00042",
        "is_open": True,
        "none": None,
        "mails": [{"from": "marie.dupont@client.fr", "text": "Signé Marie"}],
    }
    masked = names.mask_data(facts)
    text = json.dumps(masked, ensure_ascii=False).lower()
    assert "marie" not in text and "dupont" not in text
    assert masked["amount"] == 18000.0 and masked["is_open"] is True
    assert masked["reference"] == "S00042"
    assert list(masked) == list(facts)
    assert names.unmask_data(masked) == facts


def test_quotes_in_a_value_do_not_break_what_is_restored():
    names = Pseudonymiser([Identity("company", 'Le "Bon" Pain')])
    assert names.unmask_data({"a": names.mask('Le "Bon" Pain')}) == {
        "a": 'Le "Bon" Pain'
    }


@pytest.mark.parametrize("value", ["", " ", "M.", "-", "1", "...", "SARL", "le"])
def test_empty_and_tiny_values_hide_nothing_else(value):
    kinds = ("person", "company", "email", "phone", "iban", "address", "other")
    names = Pseudonymiser([Identity(kind, value) for kind in kinds])
    text = "Bonjour, le devis de 1 000 EUR est prêt."
    assert names.unmask(names.mask(text)) == text


def test_a_long_transcript_is_quick(names):
    import time

    text = "Marie Dupont : je vous rappelle au 06 12 34 56 78 pour le devis.\n" * 2000
    started = time.monotonic()
    masked = names.mask(text)
    assert time.monotonic() - started < 3
    assert "Dupont" not in masked

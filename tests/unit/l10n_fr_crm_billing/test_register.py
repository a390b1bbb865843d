import json
from pathlib import Path

import pytest

from odoo.addons.crm_base.lib.http_rules import HttpLimits
from odoo.addons.l10n_fr_crm_billing.lib.register_answer import (
    AnswerError,
    clean_query,
    compute_vat,
    describe_legal_form,
    is_askable,
    read_answer,
)
from odoo.addons.l10n_fr_crm_billing.providers.register_client import RegisterClient

from tests.standins.register import RegisterStandin, company

IDENTIFIERS = Path(__file__).resolve().parents[4] / "shared/france/identifiers.json"
# value, may be asked: a few that always run
ALWAYS = [
    ("552081317", True),
    ("552 081 317", True),
    ("35600000049837", True),  # La Poste: another sum
    ("35600000012345", False),
    ("000000000", False),
    ("552081318", False),
    ("55208131", True),  # eight digits: free text for the register
    ("La", False),
    ("Lumen", True),
]


@pytest.fixture
def register():
    with RegisterStandin() as standin:
        yield standin


def client(register, **limits):
    return RegisterClient(
        register.base_url, guard_private=False, limits=HttpLimits(**limits)
    )


@pytest.mark.parametrize(("value", "expected"), ALWAYS)
def test_what_may_be_asked(value, expected):
    assert is_askable(clean_query(value)) is expected


def test_identifiers_of_the_vectors():
    if not IDENTIFIERS.exists():
        pytest.skip("the vectors are not beside the checkout")
    rows = json.loads(IDENTIFIERS.read_text())
    for row in rows:
        query = clean_query(row["value"])
        is_number = query.isdigit() and len(query) in (9, 14)
        if row["type"] in ("siren", "siret") and is_number:
            assert is_askable(query) is row["valid"], row
    keys = {row["value"] for row in rows if row["type"] == "vat_fr" and row["valid"]}
    numeric = {key for key in keys if key[2:4].isdigit()}
    assert {compute_vat(key[4:]) for key in numeric} == numeric


def test_a_good_answer(register):
    reply = client(register).ask("73282932000074")
    (found,) = read_answer(reply.data, "73282932000074")
    assert (found.name, found.vat, found.is_vat_computed) == (
        "AGENCE LUMEN",
        "FR44732829320",
        False,
    )
    assert (found.street, found.postcode, found.city) == (
        "12 RUE DES TANNEURS",
        "69007",
        "LYON",
    )
    assert register.requests[0][2] == "crm-suite (fiche client)"


def test_a_closed_head_office_is_not_a_closed_company():
    row = company("732829320", "X", siege={"etat_administratif": "F"})
    (found,) = read_answer({"results": [row]})
    assert not found.is_closed


def test_an_establishment_with_a_one_line_address():
    row = company("732829320", "X")
    row["matching_etablissements"] = [
        {
            "siret": "73282932000082",
            "adresse": "3 QUAI DES DOCKS 13002 MARSEILLE",
            "code_postal": "13002",
            "libelle_commune": "MARSEILLE",
        }
    ]
    (found,) = read_answer({"results": [row]}, "73282932000082")
    assert (found.street, found.city) == ("3 QUAI DES DOCKS", "MARSEILLE")


@pytest.mark.parametrize(
    "data", [None, [], {}, {"results": {}}, {"results": [3]}, {"results": [{}]}]
)
def test_answers_that_are_none(data):
    with pytest.raises(AnswerError):
        read_answer(data)


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("down", "unavailable"),
        ("cut", "unavailable"),
        ("busy", "busy"),
        ("garbage", "malformed"),
    ],
)
def test_troubles_are_answers(register, fault, state):
    register.fault = fault
    reply = client(register).ask("732829320")
    assert reply.state == state
    assert reply.cause
    assert reply.delay_seconds == (3 if fault == "busy" else 0)
    assert json.loads(reply.to_json())["state"] == state


def test_a_slow_register_is_given_up(register):
    register.delay_seconds = 1.5
    reply = client(register, read_seconds=0.3, total_seconds=0.5).ask("732829320")
    assert reply.state == "unavailable"


def test_a_refused_question(register):
    assert client(register).ask("ab").state == "refused"


def test_legal_forms():
    assert describe_legal_form("5498") == "EURL"
    assert describe_legal_form("5499") == "SARL"
    assert describe_legal_form("1000") == "Entrepreneur individuel"
    assert describe_legal_form("0000") == ""
    assert describe_legal_form("") == ""

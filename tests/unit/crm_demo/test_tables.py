"""The tables agree with each other and with French formats."""

import doctest
from collections import Counter

import pytest
from stdnum import iban
from stdnum.fr import siren, siret, tva

from odoo.addons.crm_demo.lib import identifiers, order_numbers, tables


def keys(rows):
    return {row["key"] for row in rows}


def test_a_row_with_a_missing_cell_is_refused(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("key,name\none,One\ntwo\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 3"):
        tables.read_rows(path)


def test_common_data_of_the_company(read):
    lumen = read("companies")[0]
    assert lumen["name"] == "Agence Lumen SAS"
    assert (lumen["siren"], lumen["siret"]) == ("732829320", "73282932000074")
    assert identifiers.make_vat_number(lumen["siren"]) == "FR44732829320"
    assert "capital de 10 000" in lumen["legal_line"]


def test_company_numbers_and_bank_accounts_are_well_formed(read):
    for row in read("companies"):
        assert siret.is_valid(row["siret"])
        assert row["siret"].startswith(row["siren"])
        assert iban.is_valid(row["iban"])


def test_client_numbers_are_well_formed_and_belong_to_nobody(read):
    rows = read("clients")
    for row in rows:
        assert siren.is_valid(row["siren"])
        assert row["siren"].startswith("0")
        assert siret.is_valid(identifiers.make_siret(row["siren"]))
        assert tva.is_valid(identifiers.make_vat_number(row["siren"]))
        assert row["domain"].endswith(".example")
    assert len({row["siren"] for row in rows}) == len(rows)


def test_luhn_refuses_a_wrong_digit():
    assert identifiers.luhn_is_valid("732829320")
    assert not identifiers.luhn_is_valid("732829321")
    assert not identifiers.luhn_is_valid("73282932X")


def test_each_owner_is_a_user_and_each_client_exists(read):
    logins = {row["login"] for row in read("users")}
    clients = keys(read("clients"))
    for name in ("open_deals", "pinned_deals", "quarters"):
        assert {row["owner"] for row in read(name)} <= logins
    for name in ("open_deals", "pinned_deals", "nadia_deals"):
        assert {row["client"] for row in read(name)} <= clients


def test_words_used_by_deals_exist(read):
    stages, sources = keys(read("stages")), keys(read("sources"))
    tags = keys(read("tags")) | {""}
    for row in read("open_deals"):
        assert row["stage"] in stages
        assert row["source"] in sources
        assert row["tag"] in tags
    assert {row["tag"] for row in read("subjects")} <= tags


def test_thirty_open_deals_by_owner(read):
    rows = read("open_deals")
    assert Counter(row["owner"] for row in rows) == {
        "lucas": 12,
        "marie": 15,
        "sophie": 3,
    }
    amounts = Counter()
    for row in rows:
        amounts[row["owner"]] += int(row["amount_eur"])
    assert amounts["marie"] > amounts["lucas"]


def test_exactly_three_open_deals_slip(read):
    """Past closing date, a month in the same stage, and nothing planned."""
    slipping = [row for row in read("open_deals") if int(row["closing_days"]) < 0]
    assert len(slipping) == 3
    for row in slipping:
        assert int(row["stage_days"]) > 31
        assert not row["activity"]


def test_quotes_are_worth_their_deal(read):
    prices = {row["key"]: int(row["price_eur"]) for row in read("products")}
    deals = {row["key"]: int(row["amount_eur"]) for row in read("open_deals")}
    for row in read("quotes"):
        mix = tables.parse_mix(row["mix"])
        assert tables.mix_amount(mix, prices) == deals[row["deal"]], row["deal"]


def test_quotes_of_the_journeys(read):
    quotes = {row["deal"]: row for row in read("quotes")}
    biotech = quotes["biotech_refonte"]
    assert (biotech["name"], biotech["state"]) == ("S00042", "sent")
    techcorp = tables.parse_mix(quotes["techcorp_agence"]["mix"])
    assert techcorp == {"cadrage": 4, "dev": 20, "support": 5}


def test_freelance_deals_are_sold_by_the_day(read):
    price = next(
        int(row["price_eur"]) for row in read("products") if row["key"] == "freelance"
    )
    for row in read("nadia_deals"):
        if row["invoice"]:
            assert int(row["days"]) * price == int(row["amount_eur"])


def test_the_deal_to_win_by_hand(read):
    deal = next(row for row in read("nadia_deals") if row["key"] == "site_roux")
    assert (deal["name"], deal["amount_eur"]) == ("Site Roux", "3600")
    assert (deal["client"], deal["stage"]) == ("roux", "negociation")


def test_the_chatbot_project_is_13_tasks_of_20(read):
    tasks = [row for row in read("tasks") if row["project"] == "oceane"]
    assert len(tasks) == 20
    assert sum(row["stage"] == "done" for row in tasks) == 13


def test_finished_tasks_have_a_day_and_others_none(read):
    for row in read("tasks"):
        assert bool(row["done_days"]) == (row["stage"] == "done")


def test_each_role_has_a_user_and_groups(read):
    """The role of the system is for the administrator the database already has."""
    roles = {row["role"] for row in read("roles")} - {"system"}
    assert {row["role"] for row in read("users")} == roles


def test_logins_and_passwords_are_easy_to_type(read):
    for row in read("users"):
        assert row["password"] == f"{row['login'].split('.')[-1]}-demo"


def test_each_member_of_staff_has_a_user(read):
    staff = {row["login"] for row in read("staff")}
    users = {row["login"] for row in read("users") if row["role"] != "client"}
    assert staff == users


def test_order_numbers_documented_examples():
    assert doctest.testmod(order_numbers).failed == 0
    assert doctest.testmod(order_numbers).attempted

import pytest

from launcher.console import Trouble
from launcher.postgres import Address, check_name, ensure_postgres, read_address


def test_nothing_set_means_a_private_server():
    assert read_address({}) is None
    assert read_address({"PGPASSWORD": "x", "PGDATABASE": "y"}) is None


def test_url_is_read_with_its_escapes():
    url = "postgresql://crm:p%40ss@db.example:6543/lumen?sslmode=require"
    assert read_address({"DATABASE_URL": url}) == Address(
        "db.example", 6543, "crm", "p@ss", "lumen", "require"
    )


def test_variables_of_libpq_are_read():
    env = {"PGHOST": "/run/pg", "PGUSER": "odoo", "PGPASSWORD": "x"}
    assert read_address(env) == Address("/run/pg", 5432, "odoo", "x")


@pytest.mark.parametrize(
    "url", ["mysql://u@h/d", "postgresql://h/d", "pg", "postgresql://u@h:x/d"]
)
def test_unknown_url_is_a_trouble_that_does_not_show_it(url):
    with pytest.raises(Trouble) as caught:
        read_address({"DATABASE_URL": url})
    assert url not in caught.value.sentence


def test_user_postgres_is_refused_before_odoo_does():
    with pytest.raises(Trouble) as caught:
        read_address({"DATABASE_URL": "postgresql://postgres:x@h/d"})
    assert "createuser" in caught.value.remedy


@pytest.mark.parametrize(
    "name", ["", "Crm", "1crm", "a b", "x" * 64, "crm;drop", "postgres", "template0"]
)
def test_wrong_database_names_are_refused(name):
    with pytest.raises(Trouble):
        check_name(name)


def test_good_database_names_pass():
    assert check_name("crm_2-test") == "crm_2-test"


def test_server_that_refuses_is_one_sentence(monkeypatch, paths):
    monkeypatch.setenv("DATABASE_URL", "postgresql://crm:secret@127.0.0.1:1/crm")
    with pytest.raises(Trouble) as caught:
        ensure_postgres(paths)
    assert "does not answer" in caught.value.sentence
    assert "secret" not in caught.value.sentence
    assert "unset" in caught.value.remedy

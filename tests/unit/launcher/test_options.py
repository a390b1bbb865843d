import argparse

import pytest

from launcher.console import Trouble
from launcher.options import read_options

VARIABLES = (
    "CRM_PORT",
    "CRM_HTTP_INTERFACE",
    "CRM_WORKERS",
    "CRM_DEMO",
    "CRM_DB",
    "DATABASE_URL",
    "PGHOST",
    "PGUSER",
    "PGPORT",
    "PGHOSTADDR",
    "PGSERVICE",
)


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def arguments(**values):
    base = {"db": None, "port": None, "bind": None, "workers": None, "modules": None}
    return argparse.Namespace(**{**base, "empty": False, **values})


def test_trial_has_the_suite_and_its_demo_on_this_machine_only():
    options = read_options(arguments(), production=False)
    assert options.names == ["crm_suite", "crm_demo"]
    assert (options.database, options.bind, options.workers) == ("crm", "127.0.0.1", 0)
    assert not options.is_open_to_others
    assert read_options(arguments(empty=True), False).names == ["crm_suite"]


def test_environment_speaks_where_the_command_line_is_silent(monkeypatch):
    monkeypatch.setenv("CRM_PORT", "9000")
    monkeypatch.setenv("CRM_HTTP_INTERFACE", "0.0.0.0")  # noqa: S104
    monkeypatch.setenv("DATABASE_URL", "postgresql://crm@db/lumen")
    options = read_options(arguments(), production=False)
    assert (options.port, options.database) == (9000, "lumen")
    assert options.is_open_to_others
    assert read_options(arguments(port=9001, db="x"), False).port == 9001


def test_production_has_no_demo_unless_asked(monkeypatch):
    assert read_options(arguments(), production=True).names == ["crm_suite"]
    monkeypatch.setenv("CRM_DEMO", "1")
    options = read_options(arguments(), production=True)
    assert options.names == ["crm_suite", "crm_demo"]
    assert options.workers >= 1
    assert options.is_open_to_others


def test_number_that_is_none_is_explained(monkeypatch):
    monkeypatch.setenv("CRM_PORT", "http")
    with pytest.raises(Trouble) as caught:
        read_options(arguments(), production=False)
    assert "CRM_PORT" in caught.value.sentence

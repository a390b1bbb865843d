import json
import socket
import sys
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from launcher.console import Trouble
from launcher.outside import Outside
from launcher.standins import Standins


@pytest.fixture
def standins(paths):
    (paths.root / "tests").symlink_to(Path(__file__).parents[2])
    made = Standins(paths, SimpleNamespace(python=sys.executable))
    made.choose_ports()
    yield made
    made.stop()


def take(port):
    """What another program does between our choice and our start."""
    other = socket.socket()
    other.bind(("127.0.0.1", port))
    other.listen()
    return other


def test_port_taken_since_it_was_chosen_makes_it_choose_again(standins):
    chosen = standins.ports["mail_smtp"]
    with take(chosen):
        standins.start_mail()
    assert standins.ports["mail_smtp"] != chosen
    [child] = standins.children
    assert child.is_running()
    with socket.create_connection(("127.0.0.1", standins.ports["mail_smtp"]), 5) as s:
        assert s.recv(4).startswith(b"220")


def test_ports_of_the_others_stay_when_one_chooses_again(standins):
    standins.start_mail()
    before = dict(standins.ports)
    with take(before["stripe"]):
        standins.start_stripe([("Agence", "http://127.0.0.1:9/hook")])
    assert standins.ports["stripe"] != before["stripe"]
    kept = json.loads((standins.paths.run / "ports.json").read_text())
    assert kept == standins.ports
    assert standins.ports["mail_smtp"] == before["mail_smtp"]
    assert [child.is_running() for child in standins.children] == [True, True]


def test_program_that_cannot_start_is_one_sentence(standins):
    standins.venv = SimpleNamespace(python="/bin/false")
    with pytest.raises(Trouble, match="stand-in for mail does not start"):
        standins.start_mail()
    assert standins.children == []


def test_language_models_answer_at_the_address_of_each_vendor(standins):
    standins.start_models()
    for vendor, headers in (
        ("openai", {}),
        ("anthropic", {"anthropic-version": "2023-06-01"}),
    ):
        path = "/models" if vendor == "openai" else "/v1/models"
        url = standins.models_url(vendor) + path
        headers["Authorization"] = "Bearer key"
        answer = urllib.request.urlopen(urllib.request.Request(url, headers=headers))
        assert json.load(answer)["data"]


def test_the_server_is_told_where_language_models_are(standins, monkeypatch):
    outside = Outside.__new__(Outside)
    outside.standins = standins
    outside.given_stripe_url = ""
    outside.settings = SimpleNamespace(mail_host="elsewhere")
    env = outside.env()
    assert env["CRM_STANDIN_OPENAI_URL"] == standins.models_url("openai")
    assert env["CRM_STANDIN_ANTHROPIC_URL"] == standins.models_url("anthropic")
    assert any("Openai" in line for line in outside.describe())

import socket

import pytest

from launcher import chromium, system
from launcher.console import Trouble


@pytest.fixture
def ordinary_user(monkeypatch):
    monkeypatch.setattr(system, "is_root", lambda: False)


def test_without_rights_the_exact_command_is_given(ordinary_user, only_programs):
    only_programs("apt-get", "exit 0")
    with pytest.raises(Trouble) as caught:
        system.install_packages(["postgresql"], "PostgreSQL")
    assert "we may not install packages" in caught.value.sentence
    assert caught.value.remedy == "Run: sudo apt-get install -y postgresql"


def test_sudo_that_wants_a_password_is_not_used(ordinary_user, only_programs):
    only_programs("apt-get", "exit 0")
    only_programs("sudo", "exit 1")
    with pytest.raises(Trouble):
        system.install_packages(["postgresql"], "PostgreSQL")


def test_sudo_without_password_installs(ordinary_user, programs, tmp_path):
    programs("apt-get", f'echo "$*" >> {tmp_path}/calls')
    programs("sudo", 'shift; exec "$@"')
    system.install_packages(["postgresql"], "PostgreSQL")
    calls = (tmp_path / "calls").read_text()
    assert "install -y --no-install-recommends postgresql" in calls


def test_failed_installation_says_why(monkeypatch, programs):
    monkeypatch.setattr(system, "is_root", lambda: True)
    programs("apt-get", "echo 'E: Unable to locate package chromium' >&2; exit 100")
    with pytest.raises(Trouble) as caught:
        system.install_packages(["chromium"], "Chromium")
    assert "Unable to locate package chromium" in caught.value.sentence


def test_machine_without_apt_is_told_what_to_get(only_programs):
    with pytest.raises(Trouble) as caught:
        system.install_packages(["chromium"], "Chromium")
    assert "chromium" in caught.value.remedy


def test_next_free_port_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not system.is_port_free(port)
        assert system.free_port(port) > port


def test_browser_on_path_or_by_variable(only_programs, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert chromium.find_chromium() is None
    found = only_programs("chromium-browser", "")
    assert chromium.find_chromium() == str(found)
    other = only_programs("my-browser", "")
    monkeypatch.setenv("CHROMIUM", str(other))
    assert chromium.ensure_chromium() == str(other)


def test_a_development_server_gets_its_browser(only_programs, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    found = only_programs("chromium", "")
    assert chromium.provide_printing(is_production=False) == str(found)


def test_without_browser_development_stops_and_production_says_what_is_lost(
    only_programs, monkeypatch
):
    monkeypatch.delenv("CHROMIUM", raising=False)
    only_programs("true", "")
    with pytest.raises(Trouble) as caught:
        chromium.provide_printing(is_production=False)
    assert "Chromium" in caught.value.sentence
    note = chromium.provide_printing(is_production=True)
    assert note.startswith("MISSING")
    assert "header" in note

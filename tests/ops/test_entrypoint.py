"""The container's entry point and its first start, run here as they are."""

import os
import subprocess
from pathlib import Path

import pytest

CONTAINER = Path(__file__).resolve().parents[2] / "config" / "container"


def _enter(command, **environment):
    return subprocess.run(
        [CONTAINER / "entrypoint.sh", *command],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
    )


def test_a_secret_file_becomes_the_variable(tmp_path):
    secret = tmp_path / "password"
    secret.write_text("s3cret $HOME 'quoted'\n")
    done = _enter(["sh", "-c", 'printf %s "$PGPASSWORD"'], PGPASSWORD_FILE=str(secret))
    assert done.stdout == "s3cret $HOME 'quoted'"


def test_without_a_secret_file_nothing_changes():
    done = _enter(["sh", "-c", 'printf %s "${PGPASSWORD-none}"'])
    assert done.stdout == "none"


def test_a_missing_secret_file_is_named(tmp_path):
    done = _enter(["true"], PGPASSWORD_FILE=str(tmp_path / "missing"))
    assert done.returncode == 1
    assert str(tmp_path / "missing") in done.stderr


@pytest.mark.parametrize(("demo", "shown"), [("1", "http://x"), ("0", "none")])
def test_a_production_server_knows_no_stand_in(demo, shown):
    command = ["sh", "-c", 'printf %s "${CRM_STANDIN_STRIPE_URL-none}"']
    done = _enter(command, CRM_DEMO=demo, CRM_STANDIN_STRIPE_URL="http://x")
    assert done.stdout == shown


@pytest.fixture
def setup_script(tmp_path):
    """setup.sh with its fixed folders moved below tmp_path."""
    for name in ("secrets", "tls"):
        (tmp_path / name).mkdir()
    text = (CONTAINER / "setup.sh").read_text()
    script = tmp_path / "setup.sh"
    script.write_text(text.replace("/srv/crm/", f"{tmp_path}/"))
    return script


def _setup(script):
    return subprocess.run(
        ["sh", script],
        env={"PATH": os.environ["PATH"], "CRM_SERVER_NAME": "a.example b.example"},
        capture_output=True,
        text=True,
        check=True,
    )


def test_first_start_makes_secrets_and_the_second_keeps_them(setup_script, tmp_path):
    first = _setup(setup_script)
    assert first.stdout.count("made ") == 3
    files = [tmp_path / name for name in ("secrets/db_password", "tls/cert.pem")]
    before = [file.read_bytes() for file in files]
    assert len(bytes.fromhex(before[0].decode())) == 24
    assert (tmp_path / "tls/key.pem").stat().st_mode & 0o777 == 0o600
    second = _setup(setup_script)
    assert second.stdout == ""
    assert [file.read_bytes() for file in files] == before


def test_first_start_shows_no_secret(setup_script, tmp_path):
    shown = _setup(setup_script)
    secret = (tmp_path / "secrets/db_password").read_text().strip()
    assert secret not in shown.stdout + shown.stderr

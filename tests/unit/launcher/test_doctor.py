import shutil

import pytest

from launcher import doctor, python_env
from launcher.pg_cluster import find_binaries

VARIABLES = ("DATABASE_URL", "PGHOST", "PGUSER", "PGPORT", "CHROMIUM", "ODOO_HOME")


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_missing_parts_are_listed_with_the_command_that_brings_them(
    only_programs, monkeypatch, paths, capsys
):
    python = only_programs("python3", "echo 3 11 x86_64 cpython; exit 1")
    monkeypatch.setattr(python_env, "SYSTEM_PYTHON", str(python))
    monkeypatch.setattr(python_env.sys, "executable", str(python))
    monkeypatch.setattr(doctor, "find_binaries", lambda: None)
    monkeypatch.setattr(doctor.system, "is_root", lambda: False)
    assert doctor.run(paths) == 1
    shown = capsys.readouterr().out
    for package in ("python3-venv", "postgresql", "chromium", "git"):
        assert f"sudo apt-get install -y {package}" in shown


@pytest.mark.skipif(not find_binaries(), reason="no PostgreSQL on this machine")
def test_complete_machine_is_well(monkeypatch, tmp_path, paths, capsys):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    assert doctor.run(paths) == 0
    assert "MISS" not in capsys.readouterr().out


def test_unreachable_database_server_is_found(monkeypatch, paths, capsys):
    monkeypatch.setenv("DATABASE_URL", "postgresql://crm:secret@127.0.0.1:1/crm")
    assert doctor.run(paths) == 1
    shown = capsys.readouterr().out
    assert "does not answer" in shown
    assert "secret" not in shown


def test_key_that_others_can_read_and_full_disk_are_found(monkeypatch, paths, capsys):
    paths.secret_key.write_text("key\n")
    paths.secret_key.chmod(0o644)
    usage = shutil.disk_usage(paths.cache)._replace(free=1_000_000_000)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: usage)
    assert doctor.run(paths) == 1
    shown = capsys.readouterr().out
    assert f"chmod 600 {paths.secret_key}" in shown
    assert "1.0 GB free" in shown

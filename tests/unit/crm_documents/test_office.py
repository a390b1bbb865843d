"""LibreOffice is run on a leash: time, group, environment, folder."""

import os
import stat
import time
from pathlib import Path

import psutil
import pytest

from odoo.addons.crm_documents.providers import office

FAKE = """#!/bin/sh
{body}
"""
WRITES = """
for last; do :; done
while [ $# -gt 0 ]; do [ "$1" = --outdir ] && out=$2; shift; done
mkdir -p "$out"
"""


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Give a function that installs a program in the place of LibreOffice."""

    def install(body):
        path = tmp_path / "soffice"
        path.write_text(FAKE.format(body=body))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("CRM_LIBREOFFICE", str(path))

    return install


def reason(content=b"x", **kw):
    with pytest.raises(office.OfficeError) as error:
        office.convert_docx(content, **kw)
    return error.value.reason


def test_absent(monkeypatch):
    monkeypatch.setenv("CRM_LIBREOFFICE", "")
    assert office.find_office() is None
    assert reason() == "absent"
    monkeypatch.setenv("CRM_LIBREOFFICE", "/nowhere/soffice")
    assert reason() == "absent"


def test_a_server_without_room_is_no_crash(program, tmp_path, monkeypatch):
    program("exit 0")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    assert reason() == "failed"


def test_the_result_is_given_back(program):
    program(WRITES + 'echo "%PDF-1.7 $(cat "$last")" > "$out/document.pdf"')
    assert office.convert_docx(b"hello").startswith(b"%PDF-1.7 hello")


def test_it_sees_nothing_of_the_server(program, monkeypatch):
    monkeypatch.setenv("CRM_SECRET_KEY", "very-secret")
    monkeypatch.setenv("PGPASSWORD", "very-secret")
    program(
        WRITES + '(echo "%PDF-"; env; ls "$HOME/profile/user") > "$out/document.pdf"'
    )
    said = office.convert_docx(b"x").decode()
    assert "very-secret" not in said
    assert "http_proxy=http://127.0.0.1:9" in said
    assert "registrymodifications.xcu" in said


def test_it_has_no_network_where_the_system_allows_to_cut_it(program):
    if not office._network_cutter():
        pytest.skip("this system does not let a program give up its network")
    program(WRITES + '(echo "%PDF-"; cat /proc/net/dev) > "$out/document.pdf"')
    said = office.convert_docx(b"x").decode()
    assert "lo:" in said and "eth" not in said


def test_a_slow_program_is_killed_with_its_children(program, tmp_path):
    mark = tmp_path / "child"
    program(f'sleep 300 & echo $! > "{mark}"; sleep 300')
    start = time.monotonic()
    assert reason(timeout_seconds=2) == "timeout"
    assert time.monotonic() - start < 20
    child = int(mark.read_text())
    deadline = time.monotonic() + 10
    while psutil.pid_exists(child) and time.monotonic() < deadline:
        if psutil.Process(child).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.1)
    else:
        assert not psutil.pid_exists(child)


def test_nothing_stays_in_the_temporary_folder(program, tmp_path, monkeypatch):
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    program("exit 1")
    assert reason() == "failed"
    assert os.listdir(folder) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("exit 0", "failed"),
        (WRITES + 'echo "<html>" > "$out/document.pdf"', "failed"),
        (
            WRITES + 'head -c 41000000 /dev/zero > "$out/document.pdf"',
            "too_large",
        ),
    ],
)
def test_what_is_no_usable_pdf(program, body, expected):
    program(body)
    assert reason() == expected


def test_a_program_that_writes_without_end_is_stopped(program):
    program(WRITES + 'exec cat /dev/zero > "$out/document.pdf"')
    assert reason(timeout_seconds=60) in ("too_large", "failed")


def test_the_real_one():
    if not office.find_office():
        pytest.skip("LibreOffice is not installed here")
    from tests.unit.crm_documents.docx_of_tests import make_docx

    assert office.convert_docx(make_docx("Bonjour")).startswith(b"%PDF-")
    assert not list(Path("/tmp").glob("crm_office_*"))

"""The plugin that tells which lines ran, in a pytest of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from coverage import Coverage, CoverageData

from launcher.testing.pytest_run import LINES_FILE

ROOT = Path(__file__).resolve().parents[3]
MODULE = """\
def sign(number):
    if number < 0:
        return -1
    return 1
"""
TEST = """\
from addons.sums.lib import signs


def test_sign():
    assert signs.sign(7) == 1
"""


@pytest.fixture
def checkout(tmp_path):
    """A checkout with one addon: a module that a test uses, one that none does."""
    files = {
        "addons/sums/lib/signs.py": MODULE,
        "addons/sums/lib/unused.py": "NUMBER = 1\n",
        "addons/sums/tests/test_signs.py": TEST,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize("processes", ["0", "2"])
def test_lines_that_ran_are_known_and_those_that_did_not(
    checkout, processes, monkeypatch
):
    data = checkout / "lines"
    command = [sys.executable, "-m", "pytest", "-q", "-n", processes, "-p", "no:odoo"]
    done = subprocess.run(
        [*command, "-p", "launcher.testing.line_probe", "--import-mode=importlib"],
        cwd=checkout,
        env={
            **os.environ,
            "PYTHONPATH": f"{checkout}{os.pathsep}{ROOT}",
            LINES_FILE: str(data),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    ran = {}
    for file in checkout.glob("lines.*"):
        part = CoverageData(str(file))
        part.read()
        for name in part.measured_files():
            ran.setdefault(name, set()).update(part.lines(name))
    assert ran["addons/sums/lib/signs.py"] == {1, 2, 4}
    assert ran["addons/sums/lib/unused.py"] == set()
    monkeypatch.chdir(checkout)
    report = Coverage(str(data), config_file=str(ROOT / "pyproject.toml"))
    report.combine()
    report.json_report(outfile="report.json")
    counted = json.loads(Path("report.json").read_text())["files"]
    assert set(counted) == {"addons/sums/lib/signs.py", "addons/sums/lib/unused.py"}

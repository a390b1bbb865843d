"""Makes the launcher importable, and fakes the machine around it."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from launcher.paths import Paths  # noqa: E402


@pytest.fixture
def paths(tmp_path):
    """A checkout with a space in its path, its own state and cache."""
    root = tmp_path / "my checkout"
    root.mkdir()
    made = Paths(root=root, local=root / ".local", cache=tmp_path / "cache")
    made.prepare()
    return made


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder of fake programs, first on PATH: ``programs(name, shell_script)``."""
    folder = tmp_path / "fake-bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def add(name: str, script: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return add


@pytest.fixture
def only_programs(tmp_path, monkeypatch, programs):
    """Like ``programs``, with nothing else on PATH but the shell's own commands."""
    monkeypatch.setenv("PATH", str(tmp_path / "fake-bin"))
    return programs

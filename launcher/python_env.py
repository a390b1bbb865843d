"""The virtual environment with exact pins, shared by all checkouts of the user."""

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from . import proc, system
from .console import Trouble
from .locks import locked
from .paths import COLD_BYTES, Paths

SYSTEM_PYTHON = "/usr/bin/python3"
_FACTS = (
    "import sys, platform;"
    "print(*sys.version_info[:2], platform.machine(), sys.implementation.name);"
    "import ensurepip, venv"
)


@dataclass(frozen=True)
class Venv:
    """A ready virtual environment."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        return next((self.folder / "lib").glob("python3*/site-packages"))

    def program(self, name: str) -> Path:
        """A program that a package installed (ruff, pytest, ...)."""
        return self.folder / "bin" / name

    def env(self) -> dict[str, str]:
        """The environment for programs that run in it."""
        env = {k: v for k, v in os.environ.items() if k != "PYTHONHOME"}
        env["VIRTUAL_ENV"] = str(self.folder)
        env["PATH"] = f"{self.folder / 'bin'}{os.pathsep}{env.get('PATH', '')}"
        env["PYTHONUNBUFFERED"] = "1"
        return env


@dataclass(frozen=True)
class _Python:
    program: str
    minor: int
    facts: str
    has_venv: bool


def ensure_venv(paths: Paths, dev: bool) -> Venv:
    """The virtual environment of these pins; made when it is not there yet.

    :param dev: with the tools for tests and checks
    """
    python = _choose_python()
    names = ["requirements.txt", *(["requirements-dev.txt"] if dev else [])]
    files = [paths.root / name for name in names]
    key = make_key(python, files)
    venv = Venv(paths.cache / "venv" / key)
    mark = venv.folder / "complete"
    if mark.exists():
        return venv
    paths.need_writable_cache()
    with locked(paths.cache / "venv" / f"{key}.lock"):
        if not mark.exists():
            paths.need_space(paths.cache, COLD_BYTES)
            _build(venv, python, files, paths.logs / "pip.log")
            mark.write_text(f"{python.facts}\n")
    return venv


def find_python() -> "_Python":
    """The system's Python when it will do, since other users can run it too."""
    found = [_look_at(program) for program in (SYSTEM_PYTHON, sys.executable)]
    fitting = [python for python in found if python and python.minor >= 10]
    complete = [python for python in fitting if python.has_venv]
    for python in (*complete, *fitting):
        return python
    raise Trouble(
        "No Python 3.10 or newer was found.",
        "Install python3 and python3-venv, then run ./crm again.",
    )


def _choose_python() -> "_Python":
    python = find_python()
    if not python.has_venv:
        system.install_packages(["python3-venv"], "The venv module of Python")
        python = find_python()
    if not python.has_venv:
        raise Trouble(
            f"{python.program} has no working venv module.",
            "Install python3-venv, then run ./crm again.",
        )
    return python


def _look_at(program: str) -> _Python | None:
    if not program or not os.access(program, os.X_OK):
        return None
    result = proc.run([program, "-c", _FACTS], check=False)
    words = result.stdout.split()
    if len(words) < 4 or words[0] != "3":
        return None
    return _Python(program, int(words[1]), " ".join(words), result.returncode == 0)


def make_key(python: _Python, files: list[Path]) -> str:
    digest = hashlib.sha256(f"{python.program} {python.facts}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _build(venv: Venv, python: _Python, files: list[Path], log: Path) -> None:
    """Make it in place: an interrupted run goes on where it stopped."""
    log.unlink(missing_ok=True)
    try:
        if proc.run([venv.python, "-m", "pip", "-V"], check=False).returncode:
            shutil.rmtree(venv.folder, ignore_errors=True)
            raise FileNotFoundError
    except FileNotFoundError:
        _run_or_trouble([python.program, "-m", "venv", venv.folder], log)
    _declare_odoo(venv)
    # Isolated: packages that PYTHONPATH adds are not those of this environment.
    pip = [venv.python, "-I", "-m", "pip", "--disable-pip-version-check"]
    wanted = [word for file in files for word in ("-r", file)]
    _run_or_trouble([*pip, "install", "--no-input", *wanted], log)
    # It disturbs Odoo (deprecation noise, broken parallel rendering): pypdf is used.
    proc.run([*pip, "uninstall", "-y", "PyPDF2"], check=False)
    _run_or_trouble([*pip, "check"], log)


def _declare_odoo(venv: Venv) -> None:
    """Tell pip that Odoo is there: packages of OCA addons depend on it.

    Odoo itself comes through PYTHONPATH. A copy of its own metadata would pull
    PyPDF2 and a source build of psycopg2.
    """
    folder = venv.site_packages / "odoo-19.0.dist-info"
    folder.mkdir(exist_ok=True)
    (folder / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n"
    )
    (folder / "INSTALLER").write_text("crm-suite\n")
    (folder / "RECORD").write_text("")


def _run_or_trouble(args: list, log: Path) -> None:
    try:
        proc.run(args, log=log)
    except proc.CommandError as error:
        raise _explain(error, log) from error


def _explain(error: proc.CommandError, log: Path) -> Trouble:
    text = error.output
    if "No space left" in text:
        return Trouble(
            "The disk filled up while Python packages were being installed.",
            "Free about 3 GB and run ./crm again: it resumes.",
        )
    if any(sign in text for sign in _NO_NETWORK):
        return Trouble(
            "The Python packages could not be downloaded: no network, or the "
            "package index does not answer.",
            f"Check the connection (and pip's proxy settings), then run ./crm "
            f"again: it resumes. Details: {log}",
        )
    return Trouble(
        f"The Python packages could not be installed: {error.last_line}",
        f"Details: {log}",
    )


_NO_NETWORK = (
    "Temporary failure in name resolution",
    "Failed to establish a new connection",
    "NewConnectionError",
    "Network is unreachable",
    "Max retries exceeded",
    "Read timed out",
    "No matching distribution found",
)

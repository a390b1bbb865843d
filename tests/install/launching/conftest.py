"""A small world for the launcher: copied checkout, made-up Odoo, real PostgreSQL."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from launcher import core_template, pg_cluster, python_env  # noqa: E402

MANIFEST = "{'name': %r, 'depends': %r, 'license': 'LGPL-3'}"


class World:
    """A checkout of its own with its own state and cache."""

    def __init__(self, folder: Path):
        self.checkout = folder / "a checkout"
        self.local = folder / "state"
        self.cache = folder / "cache"
        self.odoo_home = folder / "odoo-home"
        self.running: list[subprocess.Popen] = []
        self._copy_checkout()
        self._make_odoo()
        self._make_venv()
        self.add_addon("demo_base", ["mail"])
        self.add_addon("demo_top", ["demo_base"])
        self.port = free_port()

    def _copy_checkout(self):
        skip = shutil.ignore_patterns("__pycache__")
        for name in ("launcher", "config", "tests/standins"):
            shutil.copytree(ROOT / name, self.checkout / name, ignore=skip)
        for name in ("crm", "requirements.txt", "requirements-dev.txt"):
            shutil.copy2(ROOT / name, self.checkout / name)
        (self.checkout / "addons").mkdir()

    def _make_odoo(self):
        addons = self.odoo_home / "odoo" / "addons"
        for name in ("base", "web", "mail", *core_template.BASE_MODULES):
            (addons / name).mkdir(parents=True)
        package = self.odoo_home / "odoo"
        (package / "release.py").write_text("version_info = (19, 0, 0)\n")
        shutil.copy(Path(__file__).with_name("fake_odoo.py"), package / "cli.py")

    def _make_venv(self):
        python = python_env.find_python()
        key = python_env.make_key(python, [self.checkout / "requirements.txt"])
        venv = self.cache / "crm-suite" / "venv" / key
        version = f"python3.{python.minor}"
        (venv / "lib" / version / "site-packages").mkdir(parents=True)
        (venv / "bin").mkdir()
        (venv / "bin" / "python").symlink_to(Path(python.program).resolve())
        (venv / "complete").touch()

    def add_addon(self, name: str, depends: list[str]) -> Path:
        folder = self.checkout / "addons" / name
        folder.mkdir()
        (folder / "__manifest__.py").write_text(MANIFEST % (name, depends))
        (folder / "__init__.py").touch()
        return folder

    def env(self, **more: str) -> dict[str, str]:
        kept = ("PATH", "HOME", "LANG", "USER")
        env = {name: os.environ[name] for name in kept if name in os.environ}
        env |= {"CRM_LOCAL": str(self.local), "XDG_CACHE_HOME": str(self.cache)}
        return env | {"ODOO_HOME": str(self.odoo_home)} | more

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.checkout / "crm"), *arguments]

    def run(self, *arguments: str, text_input: str | None = None, **env: str):
        """Run a command to its end; stdout, stderr and returncode are set."""
        return subprocess.run(
            self.command(*arguments),
            env=self.env(**env),
            input=text_input,
            capture_output=True,
            text=True,
            timeout=50,
        )

    def up_arguments(self) -> list[str]:
        return ["up", "--modules", "demo_top", "--port", str(self.port)]

    def start_up(self, **env: str) -> "RunningUp":
        return RunningUp(self, self.env(**env))

    def calls(self) -> list[dict]:
        """What Odoo was asked to install and upgrade."""
        file = self.local / "calls.jsonl"
        return [json.loads(row) for row in file.read_text().splitlines()]

    def processes(self) -> dict[int, str]:
        """Command line by process id of whatever runs and belongs to this world."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes()
                environ = (folder / "environ").read_bytes()
            except OSError:
                continue
            mark = os.fsencode(self.local.parent)
            if (
                command
                and mark in command + environ
                and int(folder.name) != os.getpid()
            ):
                shown = command.replace(b"\0", b" ").decode()
                found[int(folder.name)] = shown[:200]
        return found

    def assert_nothing_runs(self):
        deadline = time.monotonic() + 3
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not left

    def end_foreground(self):
        """End what a failed test has left in the foreground."""
        for popen in self.running:
            if popen.poll() is None:
                popen.send_signal(signal.SIGTERM)
                popen.wait(20)

    def close(self):
        self.end_foreground()
        self.run("stop")
        # As root the database may live outside of our folder.
        self.run("reset", "--all", "--yes")


class RunningUp:
    """A ``./crm up`` in the foreground whose lines are read as they come."""

    def __init__(self, world: World, env: dict[str, str]):
        self.lines: list[str] = []
        self.popen = subprocess.Popen(
            world.command(*world.up_arguments()),
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # As under a shell: a session and process group of its own.
            start_new_session=True,
            # A run in the background ("command &") ignores interruptions.
            preexec_fn=_hear_interruptions,
        )
        world.running.append(self.popen)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.popen.stdout:
            self.lines.append(line.rstrip())

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, words: str, seconds: float = 40):
        deadline = time.monotonic() + seconds
        while words not in self.text:
            assert self.popen.poll() is None, f"ended early:\n{self.text}"
            assert time.monotonic() < deadline, f"no '{words}' in:\n{self.text}"
            time.sleep(0.02)

    def interrupt(self, number: int = signal.SIGINT) -> int:
        """Send a signal, return the exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        code = self.popen.wait(40)
        self._reader.join(5)
        return code


def _hear_interruptions() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_world(folder: Path) -> World:
    if not pg_cluster.find_binaries():
        pytest.skip("no PostgreSQL server programs on this machine")
    return World(folder)


@pytest.fixture
def world(tmp_path):
    """A world where nothing was ever started."""
    made = make_world(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_world(tmp_path_factory):
    made = make_world(tmp_path_factory.mktemp("used"))
    up = made.start_up()
    up.wait_for("Ctrl-C")
    up.interrupt()
    yield made
    made.close()


@pytest.fixture
def used_world(shared_world):
    """A world that was started once; shared, so compare before and after."""
    yield shared_world
    shared_world.end_foreground()

"""The first command of the README, on the real Odoo, in a folder of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from launcher import system
from tests.e2e.running_site import Rpc

ROOT = Path(__file__).resolve().parents[2]
CRM = [sys.executable, str(ROOT / "crm")]


@pytest.fixture(scope="module")
def scratch(workspace):
    """State of a newcomer, with the caches of this user; stopped at the end."""
    local = workspace.folder / "smoke"
    env = {**os.environ, "CRM_LOCAL": str(local)}
    for name in ("DATABASE_URL", "PGHOST", "PGPORT", "PGUSER", "PGPASSWORD"):
        env.pop(name, None)
    subprocess.run([*CRM, "reset", "--all", "--yes"], env=env, check=False)
    yield local, env
    subprocess.run([*CRM, "stop"], env=env, check=False)
    subprocess.run([*CRM, "reset", "--all", "--yes"], env=env, check=False)


def crm(env, *args) -> str:
    """Run a command of the launcher; return what it printed."""
    done = subprocess.run(
        [*CRM, *args],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def processes_of(local: Path) -> list[str]:
    """Command lines of running programs that mention a folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, UnicodeDecodeError):
            continue
        if str(local) in command:
            found.append(command)
    return found


def test_up_log_in_stop(scratch):
    local, env = scratch
    port = system.free_port(18300)
    printed = crm(env, "up", "--detach", "--port", str(port))
    url = f"http://127.0.0.1:{port}"
    assert f"localhost:{port}" in printed
    assert "sophie" in printed
    page = requests.get(
        f"{url}/web/login", headers={"Accept-Language": "fr"}, timeout=60
    )
    assert "Mot de passe" in page.text
    sophie = Rpc(url, "crm", "sophie", "sophie-demo")
    assert sophie.uid
    assert sophie.call("crm.lead", "search_count", []) > 10
    assert str(port) in crm(env, "status")
    # Again, with nothing changed: in seconds.
    crm(env, "stop")
    assert processes_of(local) == []
    started_at = time.monotonic()
    crm(env, "up", "--detach", "--port", str(port))
    assert time.monotonic() - started_at < 30
    crm(env, "stop")
    assert processes_of(local) == []

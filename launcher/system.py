"""The machine: its packages, its users, its free ports."""

import os
import pwd
import socket
import sys
import time
from pathlib import Path

from . import proc
from .console import Trouble, say

# A minimal PATH (cron, some containers) lacks the administrator's programs.
_EXTRA_PATH = ("/usr/local/sbin", "/usr/sbin", "/sbin")


def is_root() -> bool:
    return os.geteuid() == 0


def install_packages(packages: list[str], why: str) -> None:
    """Install distribution packages, with the rights that we have.

    :param why: what they are for, completes "... is needed for"
    :raise Trouble: with the exact command when we may not or cannot
    """
    names = " ".join(packages)
    command = f"apt-get install -y {names}"
    remedy = f"Run: {command if is_root() else 'sudo ' + command}"
    if not proc.find_program("apt-get"):
        raise Trouble(
            f"{why} is missing on this machine and there is no apt-get here.",
            f"Install the equivalent of {names} with your package manager.",
        )
    prefix = _administrator_prefix(why, remedy)
    say(f"    installing {names} ({why})")
    try:
        _apt_get(prefix, packages)
    except proc.CommandError as error:
        raise Trouble(
            f"apt-get could not install {names}: {error.last_line}", remedy
        ) from error


def _administrator_prefix(why: str, remedy: str) -> list[str]:
    if is_root():
        return []
    sudo = proc.find_program("sudo")
    if sudo and proc.run([sudo, "-n", "true"], check=False).returncode == 0:
        return [sudo, "-n"]
    raise Trouble(
        f"{why} is missing on this machine and we may not install packages.", remedy
    )


def _apt_get(prefix: list[str], packages: list[str]) -> None:
    base = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    install = [*base, "install", "-y", "--no-install-recommends", *packages]
    # Another apt may be at work on a machine that has just started.
    for attempt in range(3):
        try:
            proc.run([*base, "update"])
            proc.run(install)
            return
        except proc.CommandError as error:
            busy = "lock" in error.output.lower()
            if not busy or attempt == 2:
                raise
            time.sleep(10)


def find_user(*names: str) -> proc.User | None:
    """The first of these system users that exists."""
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return proc.User(name, entry.pw_uid, entry.pw_gid)
    return None


def can_reach(user: proc.User, folder: Path) -> bool:
    """Whether this user may enter the folder through all its parents."""
    probe = folder
    while not probe.exists():
        probe = probe.parent
    result = proc.run(["test", "-x", str(probe)], user=user, check=False)
    return result.returncode == 0


def is_port_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(wanted: int | None = None, host: str = "127.0.0.1") -> int:
    """``wanted`` or the next free one after it; any free port without wish."""
    if wanted:
        for port in range(wanted, min(wanted + 100, 65536)):
            if is_port_free(port, host):
                return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def complete_path() -> None:
    """Let sbin folders be searched too (useradd, service programs)."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    missing = [folder for folder in _EXTRA_PATH if folder not in folders]
    os.environ["PATH"] = os.pathsep.join([*folders, *missing])


def python_version_text() -> str:
    return ".".join(str(part) for part in sys.version_info[:3])


def install_postgresql() -> None:
    """Install the server programs without the distribution's own cluster.

    Debian starts a cluster of its own on installation; ours is private, so a
    setting (removed again) asks it not to.
    """
    setting = Path("/etc/postgresql-common/createcluster.d/crm-suite.conf")
    shy = is_root() and not setting.parent.exists()
    if shy:
        setting.parent.mkdir(parents=True)
        setting.write_text("create_main_cluster = false\n")
    try:
        install_packages(["postgresql"], "PostgreSQL")
    finally:
        if shy:
            setting.unlink(missing_ok=True)

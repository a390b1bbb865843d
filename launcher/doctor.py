"""``./crm doctor``: what is missing on this machine, and the exact remedy."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from . import debian_odoo, proc, python_env, system
from .chromium import find_chromium
from .console import Trouble, say
from .paths import COLD_BYTES, Paths
from .pg_cluster import find_binaries, read_major
from .postgres import find_postgres, read_address


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    :param remedy: what to do, empty when all is well
    :param is_needed: without it ./crm up does not work
    """

    subject: str
    text: str
    remedy: str = ""
    is_needed: bool = True


def run(paths: Paths) -> int:
    """Print the findings; 0 when ./crm up can work."""
    findings = [check(paths) for check in CHECKS]
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        mark = "ok  " if not finding.remedy else "MISS" if finding.is_needed else "warn"
        say(f"{mark}  {finding.subject:<{width}}  {finding.text}")
        if finding.remedy:
            say(f"      {'':<{width}}  -> {finding.remedy}")
    return int(any(f.remedy and f.is_needed for f in findings))


def _apt(package: str) -> str:
    command = f"apt-get install -y {package}"
    if system.is_root():
        return f"{command} (./crm up does it by itself)"
    return f"sudo {command}"


def _check_python(paths: Paths) -> Finding:
    text = f"launcher runs on {system.python_version_text()}"
    try:
        python = python_env.find_python()
    except Trouble as trouble:
        return Finding("Python", trouble.sentence, trouble.remedy)
    if not python.has_venv:
        missing = f"{python.program} has no venv module"
        return Finding("Python", missing, _apt("python3-venv"))
    return Finding("Python", f"{python.program} (3.{python.minor}); {text}")


def _check_postgres(paths: Paths) -> Finding:
    subject = "PostgreSQL"
    if read_address(os.environ):
        server = find_postgres(paths)
        try:
            server.open()
        except Trouble as trouble:
            return Finding(subject, trouble.sentence, trouble.remedy)
        return Finding(subject, f"{server.major} at {server.address.host}")
    binaries = find_binaries()
    if not binaries:
        return Finding(subject, "no server 13 or newer", _apt("postgresql"))
    return Finding(subject, f"{read_major(binaries)} in {binaries}")


def _check_chromium(paths: Paths) -> Finding:
    found = find_chromium()
    if found:
        return Finding("Chromium", found)
    text = "absent: invoices cannot be printed, browser tests cannot run"
    return Finding("Chromium", text, _apt("chromium"))


def _check_odoo(paths: Paths) -> Finding:
    home = os.environ.get("ODOO_HOME")
    if home:
        return Finding("Odoo 19", f"ODOO_HOME={home}")
    mark = paths.cache / "odoo" / "selected"
    if mark.is_file():
        return Finding("Odoo 19", f"fetched ({mark.read_text().strip()})")
    reasons = []
    try:
        mirror, release = debian_odoo.find_mirror(debian_odoo.read_codename())
        return Finding("Odoo 19", f"not fetched yet; apt mirror known for {release}")
    except (debian_odoo.Unavailable, proc.CommandError, OSError) as error:
        reasons.append(str(error))
    if proc.find_program("git"):
        return Finding("Odoo 19", "not fetched yet; git will clone it")
    return Finding("Odoo 19", reasons[0], f"{_apt('git')}, or set ODOO_HOME")


def _check_space(paths: Paths) -> Finding:
    free_bytes = shutil.disk_usage(paths.cache).free
    text = f"{free_bytes / 1e9:.1f} GB free at {paths.cache}"
    if free_bytes < COLD_BYTES:
        return Finding("Disk", text, "Free 3 GB or set XDG_CACHE_HOME elsewhere.")
    return Finding("Disk", text)


def _check_memory(paths: Paths) -> Finding:
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    text = f"{total / 1e9:.1f} GB"
    if total < 1.8e9:
        return Finding("Memory", text, "2 GB are needed to be at ease.", False)
    return Finding("Memory", text)


def _check_key(paths: Paths) -> Finding:
    if os.environ.get("CRM_SECRET_KEY"):
        return Finding("Secret key", "CRM_SECRET_KEY is set")
    path = paths.secret_key
    if not path.exists():
        return Finding("Secret key", "made by the first ./crm up")
    if path.stat().st_mode & 0o077:
        return Finding("Secret key", "others can read it", f"Run: chmod 600 {path}")
    return Finding("Secret key", f"{path} (keep a copy elsewhere)")


def _check_port(paths: Paths) -> Finding:
    if system.is_port_free(8069):
        return Finding("Port 8069", "free")
    return Finding("Port 8069", "taken: ./crm up takes the next free one")


CHECKS: tuple[Callable[[Paths], Finding], ...] = (
    _check_python,
    _check_postgres,
    _check_odoo,
    _check_chromium,
    _check_space,
    _check_memory,
    _check_port,
    _check_key,
)

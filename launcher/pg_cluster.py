"""A PostgreSQL cluster of our own: unix socket only, never as root."""

import os
import re
import shutil
import time
from pathlib import Path

from . import proc, system
from .console import Trouble
from .paths import Paths

MINIMUM_MAJOR = 13
# The kernel's limit for a socket's path is 107 bytes; the file name takes 14.
_SOCKET_FOLDER_MAX = 85
# Ours connect through a folder that only we can enter: no password needed.
_SAFE_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "checkpoint_timeout": "15min",
    "max_wal_size": "1GB",
    "log_min_messages": "warning",
    "timezone": "UTC",
}
# A crash may lose the data; tests make it again.
_FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "512MB",
    # Statistics of rows that tests have rolled back mislead the planner: searches of
    # a chart of accounts loaded afterwards took half a minute each.
    "autovacuum": "off",
}


def find_binaries() -> Path | None:
    """The folder of the newest server programs that will do, or None."""
    candidates: list[Path] = []
    pg_config = proc.find_program("pg_config")
    if pg_config:
        shown = proc.run([pg_config, "--bindir"], check=False).stdout.strip()
        candidates += [Path(shown)] if shown else []
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(debian, key=_folder_version, reverse=True)
    on_path = proc.find_program("initdb")
    candidates += [Path(on_path).resolve().parent] if on_path else []
    return next((folder for folder in candidates if _will_do(folder)), None)


def _folder_version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _will_do(folder: Path) -> bool:
    if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return False
    return (read_major(folder) or 0) >= MINIMUM_MAJOR


def read_major(folder: Path) -> int | None:
    """The major version of the server programs in a folder."""
    result = proc.run([folder / "postgres", "--version"], check=False)
    match = re.search(r"(\d+)", result.stdout)
    return int(match.group(1)) if match else None


class Cluster:
    """A data folder and the server that runs on it.

    :param folder: ours, holds the locks
    :param home: holds data, socket and log; belongs to the server's user
    """

    role = "odoo"
    port = 5432

    def __init__(self, paths: Paths, test_mode: bool, binaries: Path):
        self.test_mode = test_mode
        self.binaries = binaries
        name = "test" if test_mode else "up"
        self.folder = paths.local / "pg" / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.user = _server_user() if system.is_root() else None
        self.home = self._choose_home(paths.checkout_key, name)
        self.data = self.home / "data"
        self.log = self.home / "log"
        self.socket_folder = self._choose_socket_folder(paths.checkout_key, name)

    def _choose_home(self, key: str, name: str) -> Path:
        if not self.user or system.can_reach(self.user, self.folder):
            return self.folder
        # The checkout is in a private folder (root's home): a place all can reach.
        return Path("/var/tmp") / f"crm-suite-{key}" / name  # noqa: S108

    def _choose_socket_folder(self, key: str, name: str) -> Path:
        own = self.home / "sock"
        if len(os.fsencode(own)) <= _SOCKET_FOLDER_MAX:
            return own
        return Path("/tmp") / f"crm-suite-{key}-{name}"  # noqa: S108

    # -- state ----------------------------------------------------------------------

    def is_running(self) -> bool:
        """Whether the server runs."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return False
        if proc.birth_of(pid):
            return self._pg_ctl("status", check=False).returncode == 0
        # Killed, and nobody has waited for it: PostgreSQL itself would take such a
        # process for a running one and refuse to start.
        pid_file.unlink(missing_ok=True)
        (self.socket_folder / f".s.PGSQL.{self.port}.lock").unlink(missing_ok=True)
        return False

    def ensure_running(self) -> None:
        """Create it if need be, start it unless it runs."""
        self._make_folders()
        if not self._is_complete():
            self._create()
        self._check_version()
        if self.is_running():
            return
        deadline = time.monotonic() + 10
        while True:
            try:
                self._start()
                return
            except proc.CommandError as error:
                # The last processes of a killed server take a moment to go.
                is_early = "still in use" in proc.tail(self.log, 600)
                if is_early and time.monotonic() < deadline:
                    time.sleep(0.3)
                    continue
                raise Trouble(
                    f"The private PostgreSQL does not start: {self._why(error)}",
                    f"Details: {self.log}. ./crm reset --all makes a new, empty one.",
                ) from error

    def _start(self) -> None:
        # Cut in two it could leave a server nobody knows of.
        with proc.interruption.held_back():
            wait = ("-w", "-t", "60")
            self._pg_ctl("start", *wait, "-l", self.log, "-o", self._flags())

    def stop(self) -> None:
        """Stop it, connections included."""
        if self.is_running():
            self._pg_ctl("stop", "-w", "-m", "fast", "-t", "30", check=False)
        if self.is_running():
            self._pg_ctl("stop", "-w", "-m", "immediate", check=False)

    def remove(self) -> None:
        """Stop it and forget all its data."""
        self.stop()
        for folder in (self.data, self.socket_folder):
            shutil.rmtree(folder, ignore_errors=True)
        self._complete_mark.unlink(missing_ok=True)
        self.log.unlink(missing_ok=True)
        if self.home != self.folder:
            shutil.rmtree(self.home, ignore_errors=True)
            try:
                self.home.parent.rmdir()
            except OSError:
                # The cluster of the tests is in it, or it was never made.
                pass

    # -- making it ------------------------------------------------------------------

    @property
    def _complete_mark(self) -> Path:
        return self.home / "complete"

    def _is_complete(self) -> bool:
        return self._complete_mark.exists() and (self.data / "PG_VERSION").exists()

    def _make_folders(self) -> None:
        for folder in (self.home, self.socket_folder):
            folder.mkdir(parents=True, exist_ok=True)
            if folder.is_symlink() or folder.stat().st_uid not in self._our_ids():
                raise Trouble(
                    f"{folder} belongs to somebody else.",
                    "Remove it, or move the checkout to a folder with a shorter path.",
                )
            if self.user:
                os.chown(folder, self.user.uid, self.user.gid)
            folder.chmod(0o700)

    def _our_ids(self) -> set[int]:
        return {os.geteuid(), *([self.user.uid] if self.user else [])}

    def _create(self) -> None:
        """initdb; what an interrupted earlier one left is removed first."""
        shutil.rmtree(self.data, ignore_errors=True)
        options = ["-U", self.role, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        command = [self.binaries / "initdb", "-D", self.data, *options]
        try:
            proc.run([*command, "--no-sync"], user=self.user, cwd=self._cwd)
        except proc.CommandError as error:
            raise Trouble(
                f"The private PostgreSQL cannot be created: {error.last_line}",
                "Free some disk space or check the rights of the folder "
                f"{self.home}, then run ./crm again.",
            ) from error
        self._complete_mark.touch()

    def _check_version(self) -> None:
        written = int((self.data / "PG_VERSION").read_text().strip())
        running = read_major(self.binaries)
        if written != running:
            raise Trouble(
                f"The database was made by PostgreSQL {written}, and this machine "
                f"now has {running}.",
                f"Install postgresql-{written} again and make a ./crm backup, or "
                "start afresh with ./crm reset.",
            )

    def _flags(self) -> str:
        settings = dict(_SAFE_SETTINGS)
        if self.test_mode:
            settings |= _FAST_SETTINGS
        settings["port"] = str(self.port)
        settings["unix_socket_directories"] = _quote_list_item(self.socket_folder)
        return " ".join(f"-c {name}={_quote(v)}" for name, v in settings.items())

    @property
    def _cwd(self) -> Path:
        return self.home

    def _pg_ctl(self, *args: str | Path, check: bool = True):
        command = [self.binaries / "pg_ctl", "-D", self.data, *args]
        quiet = self.home / "pg_ctl.log"
        if args[0] == "start":
            # The server inherits the outputs: a pipe would never close.
            quiet.unlink(missing_ok=True)
            return proc.run(command, user=self.user, cwd=self._cwd, log=quiet)
        return proc.run(command, user=self.user, cwd=self._cwd, check=check)

    def _why(self, error: proc.CommandError) -> str:
        lines = [line for line in proc.tail(self.log).splitlines() if "FATAL" in line]
        return lines[-1] if lines else error.last_line


def _server_user() -> proc.User:
    user = system.find_user("postgres", "nobody")
    if not user:
        raise Trouble(
            "PostgreSQL refuses to run as root and there is no user for it.",
            "Run: useradd --system postgres",
        )
    return user


def _quote(value: str) -> str:
    """For the shell that pg_ctl starts the server with."""
    return "'" + value.replace("'", "'\\''") + "'"


def _quote_list_item(path: Path) -> str:
    """For a setting that is a list: spaces and commas are quoted."""
    return '"' + str(path).replace('"', '""') + '"'

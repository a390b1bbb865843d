"""Odoo as a program: one-off runs and the server itself."""

import http.client
import os
import subprocess
import time
from pathlib import Path

from . import proc
from .console import Trouble
from .odoo_conf import ServerSettings, write_conf
from .odoo_source import OdooSource
from .paths import Paths
from .postgres import Postgres
from .python_env import Venv
from .secret_key import ensure_secret_key


class OdooServer:
    """Everything needed to run Odoo on one database server."""

    def __init__(
        self,
        paths: Paths,
        venv: Venv,
        odoo: OdooSource,
        postgres: Postgres,
        data_dir: Path | None = None,
    ):
        self.paths = paths
        self.venv = venv
        self.odoo = odoo
        self.postgres = postgres
        self.data_dir = data_dir or paths.data_dir
        # Passed on to every run: address of the stand-ins, ...
        self.extra_env: dict[str, str] = {}

    @property
    def addons_path(self) -> list[Path]:
        packaged = self.venv.site_packages / "odoo" / "addons"
        own = [folder for folder in (packaged, self.paths.addons) if folder.is_dir()]
        return [*self.odoo.addons_path, *own]

    def filestore(self, database: str) -> Path:
        return self.data_dir / "filestore" / database

    def env(self) -> dict[str, str]:
        env = self.postgres.env(self.odoo.env(self.venv.env()))
        if not env.get("CRM_SECRET_KEY") and not env.get("CRM_SECRET_KEY_FILE"):
            ensure_secret_key(self.paths.secret_key)
            env["CRM_SECRET_KEY_FILE"] = str(self.paths.secret_key)
        return env | self.extra_env

    def write_conf(self, name: str, settings: ServerSettings) -> Path:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        target = self.paths.local / name
        return write_conf(
            target, self.paths, self.addons_path, self.postgres, settings, self.data_dir
        )

    def command(self, conf: Path, *args: str, subcommand: str = "server") -> list[str]:
        script = self.paths.root / "launcher" / "program" / "odoo"
        program = [str(self.venv.python), str(script), subcommand, "-c", str(conf)]
        return [*program, *args]

    # -- one-off runs ---------------------------------------------------------------

    def change_addons(
        self,
        database: str,
        *,
        install: list[str] | None = None,
        upgrade: list[str] | None = None,
        languages: str = "",
    ) -> None:
        """Install and upgrade addons; nothing else comes along by itself."""
        args = ["--stop-after-init", "--no-http", "--skip-auto-install"]
        args += ["--max-cron-threads=0"]
        if install:
            args.append(f"--init={','.join(install)}")
        if upgrade:
            args += [f"--update={','.join(upgrade)}", "--i18n-overwrite"]
        if languages:
            args.append(f"--load-language={languages}")
        conf = self.write_conf("odoo-change.conf", ServerSettings(database))
        log = self.paths.logs / "odoo-install.log"
        self._run_logged(self.command(conf, *args), log, "installing addons")

    def run_script(self, database: str, script: str, log_name: str) -> str:
        """Run Python in Odoo's shell, return what it printed after MARK lines."""
        conf = self.write_conf("odoo-change.conf", ServerSettings(database))
        log = self.paths.logs / log_name
        log.unlink(missing_ok=True)
        command = self.command(conf, f"--logfile={log}", subcommand="shell")
        try:
            done = proc.run(
                command, env=self.env(), cwd=self.paths.local, text_input=script
            )
        except proc.CommandError as error:
            raise Trouble(
                f"Odoo failed: {error.last_line}", f"Details: {log}"
            ) from error
        return done.stdout

    def run_subcommand(self, subcommand: str, database: str, log: Path) -> None:
        """Run one of Odoo's own subcommands (neutralize, ...)."""
        conf = self.write_conf("odoo-change.conf", ServerSettings(database))
        command = self.command(conf, "-d", database, subcommand=subcommand)
        self._run_logged(command, log, f"running {subcommand}")

    def _run_logged(self, command: list[str], log: Path, what: str) -> None:
        log.unlink(missing_ok=True)
        env = self.env()
        if self.postgres.cluster:
            # The name or the hash that says "done" is written after all the rest,
            # so a crash loses either nothing or the whole run, which starts again.
            env["PGOPTIONS"] = "-c synchronous_commit=off"
        try:
            proc.run(command, env=env, cwd=self.paths.local, log=log)
        except proc.CommandError as error:
            if "No space left on device" in error.output:
                raise Trouble(
                    f"The disk filled up while {what}.",
                    "Free some space and run ./crm again: it resumes.",
                ) from error
            raise Trouble(
                f"Odoo failed while {what}: {error.last_line}", f"Details: {log}"
            ) from error

    def shell(self, database: str) -> int:
        """An interactive Odoo shell."""
        conf = self.write_conf("odoo-change.conf", ServerSettings(database))
        command = self.command(conf, "--log-level=warn", subcommand="shell")
        return proc.interactive(command, env=self.env(), cwd=self.paths.local)

    # -- the server -----------------------------------------------------------------

    def start(self, settings: ServerSettings) -> "RunningServer":
        conf = self.write_conf("odoo.conf", settings)
        args = []
        if settings.mail_host:
            args += [
                f"--smtp={settings.mail_host}",
                f"--smtp-port={settings.mail_port}",
            ]
        if settings.workers and not settings.production:
            args.append(f"--workers={settings.workers}")
        to_terminal = settings.production
        log = self.paths.logs / "odoo.log"
        stream = None if to_terminal else _open_log(log)
        try:
            child = proc.start(
                self.command(conf, *args),
                env=self.env(),
                cwd=self.paths.local,
                stdout=stream,
                stderr=subprocess.STDOUT if stream else None,
            )
        finally:
            if stream:
                stream.close()
        child.name = "odoo"
        return RunningServer(child, settings, log)


def _open_log(log: Path):
    if log.exists():
        log.replace(log.with_name("odoo.previous.log"))
    return log.open("ab")


class RunningServer:
    """A started server."""

    def __init__(self, child: proc.Child, settings: ServerSettings, log: Path):
        self.child = child
        self.settings = settings
        self.log = log

    def wait_ready(self, timeout_seconds: float = 300) -> None:
        """Return when the login page answers; :raise Trouble: when it never does."""
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            if not self.child.is_running():
                raise self.explain_end()
            if answers(self.settings):
                return
            time.sleep(0.15)
        raise Trouble(
            f"The server did not answer within {timeout_seconds:.0f} s.",
            f"Details: {self.log}",
        )

    def explain_end(self) -> Trouble:
        """Why the server is gone."""
        text = "" if self.settings.production else proc.tail(self.log)
        if "Address already in use" in text:
            return Trouble(
                f"Port {self.settings.http_port} was taken by another program.",
                "Run ./crm up again, or choose one with --port.",
            )
        code = self.child.popen.returncode
        error = proc.CommandError(["odoo"], code, text)
        return Trouble(f"The server ended: {error.last_line}", f"Details: {self.log}")

    def stop(self) -> None:
        self.child.stop(grace_seconds=20)


def answers(settings: ServerSettings, timeout_seconds: float = 60) -> bool:
    """Whether the login page comes."""
    connection = http.client.HTTPConnection(
        settings.local_host, settings.http_port, timeout=timeout_seconds
    )
    try:
        connection.request("GET", "/web/login", headers={"Accept-Language": "fr"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def default_workers() -> int:
    """2 per core plus one, as far as the memory carries (0.5 GB each)."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    by_memory = int(pages / 5e8) - 1
    return max(1, min(2 * (os.cpu_count() or 1) + 1, by_memory))

"""What the stages with a server share: Odoo, PostgreSQL, folders, configuration."""

import base64
import configparser
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .. import proc
from ..addons import Addon, find_addons
from ..odoo_source import OdooSource, ensure_odoo
from ..paths import Paths
from ..postgres import Postgres, ensure_postgres
from ..python_env import Venv
from ..server import OdooServer

# A key that protects nothing: test databases hold toy secrets only.
TEST_KEY = base64.urlsafe_b64encode(hashlib.sha256(b"crm suite tests").digest())
# Leaves that need everything else; tested on a template of their own.
LEAVES = ("crm_demo", "crm_suite")


class StageFailure(Exception):
    """A stage cannot go on. :param text: what its failing case shows"""

    def __init__(self, name: str, text: str):
        super().__init__(text)
        self.name = name
        self.text = text


@dataclass(frozen=True)
class Workspace:
    """A place to run Odoo in, under `.local/test`."""

    paths: Paths
    venv: Venv
    odoo: OdooSource
    postgres: Postgres

    @property
    def folder(self) -> Path:
        return self.paths.local / "test"

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def addon_roots(self) -> list[Path]:
        """Folders of our addons, those that only tests use included."""
        own = [self.paths.addons, self.paths.root / "tests" / "addons"]
        return [folder for folder in own if folder.is_dir()]

    @cached_property
    def addons(self) -> dict[str, Addon]:
        """Every addon of ours by name."""
        return find_addons(self.addon_roots)

    @property
    def server(self) -> OdooServer:
        """Odoo as `./crm up` runs it, on the databases of the tests."""
        return OdooServer(
            self.paths, self.venv, self.odoo, self.postgres, self.data_dir
        )

    def database(self, name: str) -> str:
        """The full name of a database of this checkout."""
        return f"crmtest_{self.paths.checkout_key[:6]}_{name}"

    def filestore(self, database: str) -> Path:
        return self.data_dir / "filestore" / database

    def write_conf(
        self,
        name: str,
        options: Mapping[str, object] | None = None,
        channels: str = "root:0",
    ) -> Path:
        """Write a configuration file of Odoo for tests.

        :param channels: capacity of the job runner; none by default
        """
        address = self.postgres.address
        packaged = self.venv.site_packages / "odoo" / "addons"
        roots = [*self.odoo.addons_path, packaged, *self.addon_roots]
        values = {
            "addons_path": ",".join(str(root) for root in roots),
            "data_dir": str(self.data_dir),
            "db_host": address.host,
            "db_port": address.port,
            "db_user": address.user,
            "server_wide_modules": "base,rpc,web,queue_job",
            "http_interface": "127.0.0.1",
            "list_db": False,
            "max_cron_threads": 0,
            "limit_time_cpu": 600,
            "limit_time_real": 1200,
            **(options or {}),
        }
        parser = configparser.ConfigParser(interpolation=None)
        parser["options"] = {key: str(value) for key, value in values.items()}
        parser["queue_job"] = {"channels": channels}
        path = self.folder / f"{name}.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as stream:
            parser.write(stream)
        return path

    def env(self) -> dict[str, str]:
        """The environment of every process of a test."""
        env = self.postgres.env(self.odoo.env(self.venv.env()))
        env["PATH"] = f"{self.postgres.binaries}{os.pathsep}{env['PATH']}"
        env["CRM_SECRET_KEY"] = TEST_KEY.decode()
        env["TZ"] = "UTC"
        env.pop("CRM_SECRET_KEY_FILE", None)
        env.pop("CRM_STANDIN_STRIPE_URL", None)
        return env

    def run_odoo(
        self, args: Sequence[object], log: Path, coverage: Path | None = None
    ) -> None:
        """Run Odoo to its end. :raise StageFailure: with the end of the log

        :param coverage: file that receives which of our lines ran
        """
        tool = []
        if coverage:
            config = self.paths.root / "pyproject.toml"
            tool = ["coverage", "run", f"--rcfile={config}", "--source=addons"]
            tool += [f"--data-file={coverage}", "-m"]
        self._run([*tool, "odoo", *args], log)

    def run_inside(self, script: str, args: Sequence[object], log: Path) -> None:
        """Run a script of launcher/testing/inside."""
        self._run([f"launcher.testing.inside.{script}", *args], log)

    def _run(self, args: Sequence[object], log: Path) -> None:
        command = [self.venv.python, "-m", *(str(arg) for arg in args)]
        command += [f"--logfile={log}"]
        output = log.with_suffix(".out")
        output.unlink(missing_ok=True)
        try:
            proc.run(command, cwd=self.paths.root, env=self.env(), log=output)
        except proc.CommandError as error:
            text = f"{error}\n{proc.tail(log)}\n{proc.tail(output)}"
            raise StageFailure(str(args[0]), text) from error

    # -- databases with their files -------------------------------------------------

    def drop(self, database: str) -> None:
        """Remove a database and its files."""
        self.postgres.dropdb(database)
        shutil.rmtree(self.filestore(database), ignore_errors=True)

    def clone(self, source: str, database: str) -> None:
        """Copy a database; its files, never rewritten, become hard links."""
        self.drop(database)
        self.postgres.clone(source, database)
        files = self.filestore(source)
        if files.is_dir():
            copy = self.filestore(database)
            shutil.copytree(files, copy, copy_function=os.link)

    def rename(self, database: str, name: str) -> None:
        """Give a database and its files another name."""
        sql = f'ALTER DATABASE "{database}" RENAME TO "{name}"'
        self.postgres.psql(sql, "postgres")
        if self.filestore(database).is_dir():
            self.filestore(database).rename(self.filestore(name))

    def databases(self) -> list[str]:
        """Names of the databases of this checkout's tests."""
        rows = self.postgres.psql("SELECT datname FROM pg_database", "postgres")
        prefix = self.database("")
        return [name for name in rows.splitlines() if name.startswith(prefix)]


@contextmanager
def open_workspace(paths: Paths, venv: Venv) -> Iterator[Workspace]:
    """Yield a workspace; PostgreSQL stops at the end unless others use it."""
    odoo = ensure_odoo(paths)
    with ensure_postgres(paths, test_mode=True) as postgres:
        workspace = Workspace(paths, venv, odoo, postgres)
        workspace.logs.mkdir(parents=True, exist_ok=True)
        yield workspace

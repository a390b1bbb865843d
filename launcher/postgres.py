"""The database server: the one the environment names, or a private one of ours."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from . import proc, system
from .console import Trouble
from .locks import HeldLock, locked, try_lock
from .paths import WARM_BYTES, Paths
from .pg_cluster import Cluster, find_binaries

_PG_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGUSER", "PGPORT")
# Names of databases and extensions are ours or checked, never free text.
_NAME_CHARACTERS = set("abcdefghijklmnopqrstuvwxyz0123456789_-")


@dataclass(frozen=True)
class Address:
    """How to reach a server.

    :param host: name, address or folder of the socket
    :param database: the database that the address itself names, if any
    """

    host: str
    port: int
    user: str
    password: str = ""
    database: str = ""
    ssl_mode: str = ""


class Postgres:
    """A database server that answers. Use as a context manager or call close()."""

    def __init__(self, address: Address, binaries: Path, cluster: Cluster | None):
        self.address = address
        self.binaries = binaries
        self.cluster = cluster
        self._in_use: HeldLock | None = None

    def __enter__(self) -> "Postgres":
        return self

    def __exit__(self, *_args) -> None:
        self.close()

    # -- life of the private cluster ------------------------------------------------

    def open(self) -> None:
        """Count ourselves among the users; the first one starts the cluster."""
        if not self.cluster:
            self._check_answer()
            return
        with locked(self.cluster.folder / "transition.lock"):
            self._in_use = try_lock(self.cluster.folder / "users.lock", shared=True)
            assert self._in_use, "exclusive only for an instant, inside transition"
            self.cluster.ensure_running()

    def close(self) -> None:
        """The last user stops the cluster."""
        if not self.cluster or not self._in_use:
            return
        with locked(self.cluster.folder / "transition.lock"):
            if self._in_use.to_exclusive():
                self.cluster.stop()
            self._in_use.close()
            self._in_use = None

    def _check_answer(self) -> None:
        try:
            version = int(self.psql("SHOW server_version_num", "postgres"))
        except proc.CommandError as error:
            raise Trouble(
                f"PostgreSQL does not answer as configured: {error.last_line}",
                "Correct DATABASE_URL or the PG* variables, or unset them all to "
                "get a private server.",
            ) from error
        if version < 130000:
            raise Trouble(
                f"PostgreSQL {version // 10000} is too old for Odoo 19.",
                "Use PostgreSQL 13 or newer, or unset DATABASE_URL and PG*.",
            )

    # -- commands -------------------------------------------------------------------

    def env(self, base: dict[str, str] | None = None) -> dict[str, str]:
        """``base`` (default: ours) with the PG* variables of this server."""
        env = dict(os.environ if base is None else base)
        for name in [*_PG_VARIABLES, "DATABASE_URL", "PGDATABASE", "PGPASSWORD"]:
            env.pop(name, None)
        address = self.address
        env |= {"PGHOST": address.host, "PGPORT": str(address.port)}
        env |= {"PGUSER": address.user}
        if address.password:
            env["PGPASSWORD"] = address.password
        if address.ssl_mode:
            env["PGSSLMODE"] = address.ssl_mode
        return env

    def _run(self, name: str, *args: str | Path, **options):
        return proc.run([self.program(name), *args], env=self.env(), **options)

    def program(self, name: str) -> str:
        """The path of a PostgreSQL client program."""
        own = self.binaries / name
        return str(own) if own.exists() else name

    def psql(self, sql: str, database: str) -> str:
        """Run SQL, return the bare rows (columns separated by a tab)."""
        options = ["-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
        done = self._run("psql", *options, "-d", database, text_input=sql)
        return done.stdout.rstrip("\n")

    @property
    def major(self) -> int:
        """Major version of the server."""
        return int(self.psql("SHOW server_version_num", "postgres")) // 10000

    def exists(self, database: str) -> bool:
        rows = self.psql("SELECT datname FROM pg_database", "postgres")
        return database in rows.splitlines()

    def createdb(self, database: str, template: str | None = None) -> None:
        """A new database; empty ones are ready for Odoo (extensions, encoding)."""
        check_name(database)
        args = ["-T", template] if template else ["-T", "template0", "-E", "UTF8"]
        self._run("createdb", *args, database)
        if not template:
            self._add_extensions(database)

    def _add_extensions(self, database: str) -> None:
        """Fast and accent-blind search; both need contrib modules to be there."""
        for sql in (
            "CREATE EXTENSION IF NOT EXISTS pg_trgm",
            "CREATE EXTENSION IF NOT EXISTS unaccent",
            # Odoo uses it in indexes, and only when it is marked so.
            "ALTER FUNCTION unaccent(text) IMMUTABLE",
        ):
            try:
                self.psql(sql, database)
            except proc.CommandError:
                return

    def clone(self, source: str, database: str) -> None:
        """Copy a database that nobody is connected to."""
        self.createdb(database, template=source)

    def dropdb(self, database: str) -> None:
        """Drop it, connections included; no complaint when it is not there."""
        self._run("dropdb", "--if-exists", "--force", check_name(database))

    def dump(self, database: str, file: Path, snapshot: str | None = None) -> None:
        """Write a compressed dump (custom format)."""
        options = [f"--snapshot={snapshot}"] if snapshot else []
        base = ["-Fc", "-Z", "3", "--no-owner", "--no-acl"]
        self._run("pg_dump", *base, *options, "-f", file, database)

    def restore(self, file: Path, database: str) -> None:
        """Create the database from a dump."""
        self.createdb(database)
        options = ["--no-owner", "--no-acl", "-j", "2", "--exit-on-error"]
        try:
            # The extensions are there already, and only owners may comment them.
            listing = self._run("pg_restore", "-l", file).stdout
            kept = [row for row in listing.splitlines() if " EXTENSION " not in row]
            order = file.with_name(f"{file.name}.{database}.list")
            order.write_text("\n".join(kept) + "\n")
            try:
                self._run("pg_restore", *options, "-L", order, "-d", database, file)
            finally:
                order.unlink()
        except BaseException:
            self.dropdb(database)
            raise


def check_name(database: str) -> str:
    """The name when it is one for a database; :raise Trouble: otherwise."""
    plain = database and set(database) <= _NAME_CHARACTERS
    if not plain or not database[0].isalpha() or len(database) > 63:
        raise Trouble(
            f"'{database}' cannot be the name of a database.",
            "Use lower-case letters, digits, - and _, beginning with a letter.",
        )
    if database in ("postgres", "template0", "template1"):
        raise Trouble(f"'{database}' belongs to PostgreSQL.", "Choose another name.")
    return database


def read_address(env: dict[str, str] | os._Environ) -> Address | None:
    """The server that DATABASE_URL or PG* name, None when they name none."""
    url = env.get("DATABASE_URL")
    if url:
        address = _parse_url(url)
    elif any(env.get(name) for name in _PG_VARIABLES):
        address = Address(
            host=env.get("PGHOST") or "/var/run/postgresql",
            port=int(env.get("PGPORT") or 5432),
            user=env.get("PGUSER") or os.environ.get("USER") or "odoo",
            password=env.get("PGPASSWORD", ""),
            database=env.get("PGDATABASE", ""),
            ssl_mode=env.get("PGSSLMODE", ""),
        )
    else:
        return None
    if address.user == "postgres":
        raise Trouble(
            "Odoo refuses to work as the database user 'postgres'.",
            "Create a role of its own (createuser --createdb odoo) and name it in "
            "DATABASE_URL or PGUSER.",
        )
    return address


def _parse_url(url: str) -> Address:
    parts = urlsplit(url)
    try:
        port = parts.port or 5432
    except ValueError:
        port = 0
    if parts.scheme not in ("postgres", "postgresql") or not parts.username or not port:
        raise Trouble(
            "DATABASE_URL is not understood.",
            "Write it as postgresql://user:password@host:5432/database.",
        )
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return Address(
        host=unquote(query.get("host", "")) or parts.hostname or "localhost",
        port=port,
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        database=parts.path.lstrip("/"),
        ssl_mode=query.get("sslmode", ""),
    )


def find_postgres(paths: Paths, test_mode: bool = False) -> Postgres:
    """The server to use, not opened yet.

    :param test_mode: a cluster apart that trades safety for speed; running tests
        never touches what ``./crm up`` uses
    """
    address = read_address(os.environ)
    if address:
        server = Postgres(address, find_binaries() or Path("/usr/bin"), None)
        _need_client(server)
        return server
    paths.need_space(paths.local, WARM_BYTES)
    cluster = Cluster(paths, test_mode, _own_binaries())
    own = Address(str(cluster.socket_folder), cluster.port, cluster.role)
    return Postgres(own, cluster.binaries, cluster)


def ensure_postgres(paths: Paths, test_mode: bool = False) -> Postgres:
    """A server that answers; close() it when done. See find_postgres()."""
    server = find_postgres(paths, test_mode)
    try:
        server.open()
    except BaseException:
        server.close()
        raise
    return server


def _own_binaries() -> Path:
    found = find_binaries()
    if not found:
        system.install_postgresql()
        found = find_binaries()
    if not found:
        raise Trouble(
            "No PostgreSQL 13 or newer was found on this machine.",
            "Install the package postgresql, or set DATABASE_URL.",
        )
    return found


def _need_client(server: Postgres) -> None:
    if not shutil.which(server.program("psql")):
        system.install_packages(["postgresql-client"], "The PostgreSQL client")


def terminal(server: Postgres, database: str) -> int:
    """An interactive psql."""
    program = server.program("psql")
    try:
        return proc.interactive([program, "-d", database], env=server.env())
    except subprocess.SubprocessError as error:
        raise Trouble(f"psql could not be started: {error}") from error

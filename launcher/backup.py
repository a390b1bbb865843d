"""Backups: one archive with the database, its files and what to compare them with."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import proc, secret_key
from .console import Trouble, human_seconds, say
from .postgres import check_name
from .server import OdooServer

_FORMAT = 1
# Rows per table of the public schema, in one statement of one snapshot.
_COUNT_SQL = """
SELECT table_name,
       (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I',
        table_schema, table_name), false, true, '')))[1]::text
  FROM information_schema.tables
 WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
 ORDER BY table_name
"""
_FILES_SQL = "SELECT DISTINCT store_fname FROM ir_attachment WHERE store_fname <> ''"


def write_backup(server: OdooServer, database: str, file_name: str) -> int:
    """Write the archive; the file appears whole or not at all."""
    target = Path(file_name).absolute()
    if not target.parent.is_dir():
        raise Trouble(f"There is no folder {target.parent}.", "Create it first.")
    started_at = time.monotonic()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as name:
        folder = Path(name)
        dump = folder / "db.dump"
        # Counts and dump see the same instant, whatever the server does meanwhile.
        with _snapshot(server, database) as (snapshot, counts):
            server.postgres.dump(database, dump, snapshot)
        manifest = {
            "format": _FORMAT,
            "database": database,
            "odoo": server.odoo.build,
            "postgresql": server.postgres.major,
            "made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "secret_keys": secret_key.fingerprints(server.paths.secret_key),
            "rows": counts,
        }
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))
        partial = folder / "archive"
        _pack(partial, folder, server.filestore(database))
        partial.chmod(0o600)
        partial.replace(target)
    rows = sum(counts.values())
    say(
        f"{target}: {len(counts)} tables, {rows} rows, "
        f"{target.stat().st_size / 1e6:.1f} MB in "
        f"{human_seconds(time.monotonic() - started_at)}."
    )
    _say_key(server)
    return 0


def _say_key(server: OdooServer) -> None:
    if server.paths.secret_key.exists():
        say(
            "The secret key is not in it, on purpose. Keep a copy elsewhere: "
            f"{server.paths.secret_key}"
        )
    else:
        say("The secret key (CRM_SECRET_KEY) is not in it: keep it elsewhere.")


@contextmanager
def _snapshot(
    server: OdooServer, database: str
) -> Iterator[tuple[str, dict[str, int]]]:
    """Hold a transaction open; yields its snapshot and the rows per table."""
    options = ["-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
    child = proc.start(
        [server.postgres.program("psql"), *options, "-d", database],
        env=server.postgres.env(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        sql = (
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n"
            f"SELECT pg_export_snapshot();\n{_COUNT_SQL};\n\\echo end\n"
        )
        child.popen.stdin.write(sql.encode())
        child.popen.stdin.flush()
        lines = list(_read_until_end(child.popen))
        if not lines:
            reason = child.popen.stderr.read().decode(errors="replace")
            raise proc.CommandError(["psql"], 1, reason)
        counts = dict(line.split("\t") for line in lines[1:])
        yield lines[0], {table: int(count) for table, count in counts.items()}
    finally:
        child.popen.stdin.close()
        child.stop(grace_seconds=5)
        child.popen.stdout.close()
        child.popen.stderr.close()


def _read_until_end(popen: subprocess.Popen) -> Iterator[str]:
    for raw in popen.stdout:
        line = raw.decode().rstrip("\n")
        if line == "end":
            return
        yield line


def _pack(archive: Path, folder: Path, filestore: Path) -> None:
    # Fast compression: the dump is compressed already, pictures are too.
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        tar.add(folder / "manifest.json", "manifest.json")
        tar.add(folder / "db.dump", "db.dump")
        if filestore.is_dir():
            tar.add(filestore, "filestore")


# -- restoring ----------------------------------------------------------------------


def restore_backup(
    server: OdooServer, file_name: str, name: str | None, neutralize: bool
) -> int:
    """Make a new database of an archive; 0 when it equals what was saved."""
    archive = Path(file_name).absolute()
    with _unpacked(server, archive) as folder:
        manifest = json.loads((folder / "manifest.json").read_text())
        stamp = time.strftime("%Y%m%d_%H%M%S")
        database = check_name(name or f"{manifest['database'][:40]}_{stamp}")
        if server.postgres.exists(database):
            raise Trouble(
                f"The database {database} exists already.",
                "Restore into another name (--db), nothing is ever overwritten.",
            )
        server.postgres.restore(folder / "db.dump", database)
        try:
            differences = _complete(server, database, folder, manifest)
            if neutralize:
                _neutralize(server, database)
        except BaseException:
            server.postgres.dropdb(database)
            shutil.rmtree(server.filestore(database), ignore_errors=True)
            raise
    _warn_about_key(server, manifest)
    if differences:
        for line in differences:
            say(line)
        say(f"The database {database} is NOT equal to what was saved.")
        return 1
    tables = len(manifest["rows"])
    rows = sum(manifest["rows"].values())
    say(f"Database {database}: {tables} tables, {rows} rows, all as saved.")
    say(f"Open it with ./crm up --db {database}")
    return 0


@contextmanager
def _unpacked(server: OdooServer, archive: Path) -> Iterator[Path]:
    if not archive.is_file():
        raise Trouble(f"There is no file {archive}.", "Check the name.")
    server.paths.need_space(server.paths.local, 3 * archive.stat().st_size)
    parent = server.paths.local
    with tempfile.TemporaryDirectory(dir=parent, prefix="restore-") as name:
        folder = Path(name)
        try:
            with tarfile.open(archive) as tar:
                _extract(tar, folder)
            is_ours = (folder / "manifest.json").is_file()
        except (tarfile.TarError, EOFError, OSError) as error:
            raise Trouble(
                f"{archive} is damaged or no backup: {error}.", "Use another backup."
            ) from error
        if not is_ours:
            raise Trouble(f"{archive} is not a backup of ours.", "Use another file.")
        yield folder


def _extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Only plain files inside the folder, whatever the archive says."""
    for member in tar:
        parts = Path(member.name).parts
        if (
            not (member.isfile() or member.isdir())
            or ".." in parts
            or parts[:1] == ("/",)
        ):
            raise tarfile.TarError(f"unexpected entry {member.name}")
        member.mode = 0o700 if member.isdir() else 0o600
        member.uid, member.gid = os.getuid(), os.getgid()
        tar.extract(member, folder)


def _complete(
    server: OdooServer, database: str, folder: Path, manifest: dict
) -> list[str]:
    """Bring the files and return every difference with what was saved."""
    target = server.filestore(database)
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if (folder / "filestore").is_dir():
        (folder / "filestore").rename(target)
    rows = server.postgres.psql(_COUNT_SQL, database).splitlines()
    counts = {table: int(n) for table, n in (row.split("\t") for row in rows)}
    saved = manifest["rows"]
    differences = [
        f"Table {table}: {saved.get(table, 'no table')} saved, "
        f"{counts.get(table, 'no table')} restored"
        for table in sorted({*saved, *counts})
        if saved.get(table) != counts.get(table)
    ]
    names = server.postgres.psql(_FILES_SQL, database).split()
    missing = [name for name in names if not (target / name).is_file()]
    differences += [f"File {name} is missing" for name in missing[:10]]
    return differences


def _neutralize(server: OdooServer, database: str) -> None:
    conf_log = server.paths.logs / "neutralize.log"
    conf_log.unlink(missing_ok=True)
    server.run_subcommand("neutralize", database, conf_log)


def _warn_about_key(server: OdooServer, manifest: dict) -> None:
    saved = manifest.get("secret_keys") or []
    if saved and saved[0] not in secret_key.fingerprints(server.paths.secret_key):
        say(
            "The secrets in it were encrypted with another key: put that key into "
            f"{server.paths.secret_key}, or type the secrets again."
        )

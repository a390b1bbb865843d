"""The database of ``./crm up``: created whole or not at all, then kept up to date."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from .addons import Addon, Wanted, find_addons, hash_addon, resolve
from .console import Trouble
from .core_template import copy_files, create_core_database
from .postgres import check_name
from .server import OdooServer

__all__ = ["Changes", "copy_files", "create_core_database", "make_ready", "resolve_all"]

_HASH = "crm_launcher.hash."
_BUILD = "crm_launcher.odoo"
_PENDING = ("to install", "to upgrade", "to remove")


@dataclass(frozen=True)
class Changes:
    """What an existing database needs to hold what is on disk."""

    install: list[str]
    upgrade: list[str]

    def __bool__(self) -> bool:
        return bool(self.install or self.upgrade)

    def describe(self, doing: bool = False) -> str:
        ending = "ing" if doing else "ed"
        parts = []
        if self.install:
            parts.append(f"install{ending} {', '.join(self.install)}")
        if self.upgrade:
            verb = "upgrading" if doing else "upgraded"
            parts.append(f"{verb} {', '.join(self.upgrade)}")
        return "; ".join(parts) or "nothing has changed"


def resolve_all(server: OdooServer, names: list[str]) -> Wanted:
    """The addons to install with everything they need."""
    packaged = server.venv.site_packages / "odoo" / "addons"
    known = find_addons([server.paths.addons, packaged])
    return resolve(names, known, server.odoo.addons_path)


def make_ready(
    server: OdooServer,
    database: str,
    names: list[str],
    tell: Callable[[str], None],
    finish: Callable[[str], None] = lambda database: None,
) -> str:
    """Create or update the database; returns what was done, in words.

    :param finish: called with the name of a new database before it counts as made
    """
    check_name(database)
    wanted = resolve_all(server, names)
    state = _look_at(server, database)
    if state == "odoo":
        return _update(server, database, wanted, tell)
    if state == "foreign":
        raise Trouble(
            f"The database {database} exists and is not one of Odoo.",
            "Choose another name with --db.",
        )
    if state == "empty":
        server.postgres.dropdb(database)
    _create(server, database, wanted, tell, finish)
    return f"created with {', '.join(names)}"


def _look_at(server: OdooServer, database: str) -> str:
    """``absent``, ``empty`` (made in advance by a host), ``odoo`` or ``foreign``."""
    if not server.postgres.exists(database):
        return "absent"
    tables = server.postgres.psql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database
    ).split()
    if "ir_module_module" in tables:
        return "odoo"
    return "foreign" if tables else "empty"


# -- creating -----------------------------------------------------------------------


def _create(
    server: OdooServer,
    database: str,
    wanted: Wanted,
    tell: Callable[[str], None],
    finish: Callable[[str], None],
) -> None:
    """Under a working name, renamed at the end: an interrupted run leaves nothing
    that looks finished."""
    making = f"{database[:55]}-making"
    server.postgres.dropdb(making)
    packaged, ours = _split(server, wanted)
    core = [*wanted.core, *(addon.name for addon in packaged)]
    try:
        cached = create_core_database(server, making, core, french=True)
        tell(f"Odoo's own addons: {'from the cache' if cached else 'installed'}")
        hashes = _hash_all(wanted)
        if ours:
            server.change_addons(making, install=[addon.name for addon in ours])
        _remember(server, making, hashes)
        finish(making)
        _rename(server, making, database)
    finally:
        _drop(server, making)


def _split(server: OdooServer, wanted: Wanted) -> tuple[list[Addon], list[Addon]]:
    """The addons that come as packages, and those of this checkout."""
    own = [a for a in wanted.ours if a.folder.parent == server.paths.addons]
    return [a for a in wanted.ours if a not in own], own


def _rename(server: OdooServer, making: str, database: str) -> None:
    source, target = server.filestore(making), server.filestore(database)
    shutil.rmtree(target, ignore_errors=True)
    if source.is_dir():
        source.rename(target)
    server.postgres.psql(
        f'ALTER DATABASE "{making}" RENAME TO "{database}"', "postgres"
    )


def _drop(server: OdooServer, database: str) -> None:
    server.postgres.dropdb(database)
    shutil.rmtree(server.filestore(database), ignore_errors=True)


# -- updating -----------------------------------------------------------------------


def _update(
    server: OdooServer, database: str, wanted: Wanted, tell: Callable[[str], None]
) -> str:
    # Before the upgrade: what is edited meanwhile counts as changed next time.
    hashes = _hash_all(wanted)
    changes = find_changes(server, database, wanted, hashes)
    if changes:
        tell(changes.describe(doing=True))
        server.change_addons(database, install=changes.install, upgrade=changes.upgrade)
        _remember(server, database, hashes)
    return changes.describe()


def find_changes(
    server: OdooServer, database: str, wanted: Wanted, hashes: dict[str, str]
) -> Changes:
    """Compare the database with the files."""
    states = _read_states(server, database)
    known = _read_known(server, database)
    if known.get(_BUILD) not in (None, server.odoo.build):
        # Another Odoo: everything that stands on base follows.
        return Changes(_missing(wanted, states), ["base"])
    upgrade = [
        addon.name
        for addon in wanted.ours
        if states.get(addon.name) in ("installed", "to upgrade")
        and known.get(_HASH + addon.name) != hashes[addon.name]
    ]
    # What an interrupted upgrade has left half done.
    upgrade += [
        name
        for name, state in sorted(states.items())
        if state in _PENDING[1:] and name not in upgrade
    ]
    return Changes(_missing(wanted, states), upgrade)


def _missing(wanted: Wanted, states: dict[str, str]) -> list[str]:
    names = [*wanted.core, *(addon.name for addon in wanted.ours)]
    return [
        name
        for name in names
        if states.get(name) not in ("installed", "to upgrade", "to remove")
    ]


def _read_states(server: OdooServer, database: str) -> dict[str, str]:
    rows = server.postgres.psql(
        "SELECT name, state FROM ir_module_module WHERE state IN"
        " ('installed', 'to install', 'to upgrade', 'to remove')",
        database,
    )
    return dict(row.split("\t") for row in rows.splitlines())


def _read_known(server: OdooServer, database: str) -> dict[str, str]:
    rows = server.postgres.psql(
        "SELECT key, value FROM ir_config_parameter WHERE key LIKE 'crm_launcher.%'",
        database,
    )
    return dict(row.split("\t") for row in rows.splitlines())


def _hash_all(wanted: Wanted) -> dict[str, str]:
    return {addon.name: hash_addon(addon.folder) for addon in wanted.ours}


def _remember(server: OdooServer, database: str, hashes: dict[str, str]) -> None:
    """Store what the database holds now."""
    values = {_HASH + name: value for name, value in hashes.items()}
    write_parameters(server, database, values | {_BUILD: server.odoo.build})


def write_parameters(server: OdooServer, database: str, values: dict[str, str]) -> None:
    """Set system parameters (keys and values are ours: no quote in them)."""
    now = "now() AT TIME ZONE 'UTC'"
    rows = ", ".join(
        f"('{key}', '{value}', 1, 1, {now}, {now})"
        for key, value in sorted(values.items())
    )
    server.postgres.psql(
        "INSERT INTO ir_config_parameter"  # noqa: S608
        " (key, value, create_uid, write_uid, create_date, write_date)"
        f" VALUES {rows}"
        " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
        database,
    )

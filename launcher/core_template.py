"""Databases with only Odoo's own addons, kept as dumps in the user's cache."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from .locks import locked
from .paths import ROOT
from .server import OdooServer

# What every database gets beside the needs of our addons. Odoo would install
# these by itself, but with a crowd of others that call outside services
# (lead enrichment, SMS, snail mail): those stay a choice of the customer.
BASE_MODULES = (
    "account_edi_ubl_cii",
    "auth_signup",
    "auth_totp",
    "auth_totp_mail",
    "base_import",
    "l10n_fr_account",
    "privacy_lookup",
    "rpc",
    "web_tour",
)
LANGUAGES = "fr_FR"
# Raised when what is done below changes.
_FORMAT = "1"
_FRENCH_SQL = Path(__file__).with_name("french.sql")


def create_core_database(
    server: OdooServer, database: str, modules: Iterable[str], *, french: bool
) -> bool:
    """A new database with these addons of Odoo and the OCA; True when from the cache.

    :param french: company in France, euro, French accounts and users; without it,
        as the tests of Odoo expect it (French is loaded in both cases)
    """
    wanted = sorted({*modules, *BASE_MODULES})
    key = _make_key(server, wanted, french)
    folder = server.paths.cache / "templates" / key
    if not os.access(server.paths.cache, os.W_OK):
        _install(server, database, wanted, french)
        return False
    with locked(server.paths.cache / "templates" / f"{key}.lock"):
        cached = (folder / "complete").exists()
        if not cached:
            _install(server, database, wanted, french)
            _save(server, database, folder)
    if cached:
        server.postgres.restore(folder / "db.dump", database)
        copy_files(folder / "filestore", server.filestore(database))
    return cached


def _make_key(server: OdooServer, modules: list[str], french: bool) -> str:
    pins = (ROOT / "requirements.txt").read_bytes()
    digest = hashlib.sha256(pins)
    for part in (server.odoo.build, *modules, str(french), LANGUAGES, _FORMAT):
        digest.update(part.encode() + b"\0")
    digest.update(_FRENCH_SQL.read_bytes())
    # Newer servers read dumps of older ones, not the other way round.
    digest.update(str(server.postgres.major).encode())
    return digest.hexdigest()[:16]


def _install(
    server: OdooServer, database: str, modules: list[str], french: bool
) -> None:
    server.postgres.dropdb(database)
    shutil.rmtree(server.filestore(database), ignore_errors=True)
    server.postgres.createdb(database)
    try:
        if french:
            server.change_addons(database, install=["base"], languages=LANGUAGES)
            server.postgres.psql(_FRENCH_SQL.read_text(), database)
        server.change_addons(database, install=modules, languages=LANGUAGES)
    except BaseException:
        server.postgres.dropdb(database)
        raise


def _save(server: OdooServer, database: str, folder: Path) -> None:
    partial = folder.with_name(folder.name + ".partial")
    for leftover in (partial, folder):
        shutil.rmtree(leftover, ignore_errors=True)
    partial.mkdir(parents=True)
    server.postgres.dump(database, partial / "db.dump")
    copy_files(server.filestore(database), partial / "filestore")
    (partial / "complete").touch()
    partial.rename(folder)


def copy_files(source: Path, target: Path) -> None:
    """Copy a filestore; its files are never rewritten, so links will do."""
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> None:
    try:
        Path(target).hardlink_to(source)
    except OSError:
        # Another disk, or another owner where links are protected.
        shutil.copy2(source, target)

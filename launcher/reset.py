"""``./crm reset``: starting afresh."""

import argparse
import shutil

from .console import Trouble, say
from .options import default_database
from .paths import Paths
from .pg_cluster import Cluster, find_binaries
from .postgres import check_name, ensure_postgres
from .runstate import only_one


def run(args: argparse.Namespace, paths: Paths) -> int:
    """Delete the database and its files; the next ./crm up makes new ones."""
    with only_one(paths):
        if args.cache:
            _confirm(args, f"everything downloaded ({paths.cache})")
            shutil.rmtree(paths.cache, ignore_errors=True)
            say("The cache is empty.")
        if args.all:
            _confirm(args, f"all databases, files and the secret key in {paths.local}")
            _reset_all(paths)
            say("The state of this checkout is deleted.")
        if not args.all and not args.cache:
            _reset_database(args, paths)
    return 0


def _confirm(args: argparse.Namespace, what: str) -> None:
    if args.yes:
        return
    try:
        answer = input(f"Delete {what}? Type yes: ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in ("yes", "y", "oui", "o"):
        raise Trouble("Nothing was deleted.", "Add --yes to skip the question.")


def _reset_database(args: argparse.Namespace, paths: Paths) -> None:
    database = check_name(args.db or default_database())
    _confirm(args, f"the database {database} with its files")
    with ensure_postgres(paths) as server:
        server.dropdb(database)
    shutil.rmtree(paths.data_dir / "filestore" / database, ignore_errors=True)
    say(f"The database {database} is deleted.")


def _reset_all(paths: Paths) -> None:
    binaries = find_binaries()
    for test_mode in (False, True):
        if binaries:
            Cluster(paths, test_mode, binaries).remove()
    for entry in paths.local.iterdir():
        # The lock we hold lives there.
        if entry == paths.run:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)

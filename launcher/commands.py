"""What each command does; cli.py only chooses."""

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from . import backup, detach, doctor, postgres, reset, secret_key, up
from .console import Steps, Trouble, human_seconds, say
from .odoo_source import ensure_odoo
from .options import default_database, read_options
from .paths import Paths
from .pg_cluster import Cluster, find_binaries
from .postgres import Postgres, check_name, ensure_postgres, read_address
from .python_env import ensure_venv
from .runstate import RunFile
from .server import OdooServer
from .testing.node import ensure_node

NOT_RUNNING = 3


def register(subparsers) -> None:
    """Declare the commands and their options."""
    for name, run, add_options in (
        ("up", run_up, _add_up_options),
        ("serve", run_serve, _add_server_options),
        ("install", run_install, _add_install_options),
        ("stop", run_stop, None),
        ("status", run_status, None),
        ("shell", run_shell, _add_database_option),
        ("psql", run_psql, _add_database_option),
        ("backup", run_backup, _add_backup_options),
        ("restore", run_restore, _add_restore_options),
        ("rotate-secrets", run_rotate, _add_rotate_options),
        ("doctor", run_doctor, None),
        ("reset", reset.run, _add_reset_options),
    ):
        parser = subparsers.add_parser(name, description=run.__doc__)
        parser.set_defaults(run=run)
        if add_options:
            add_options(parser)


def _add_database_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--db", metavar="NAME", help="database (default: crm)")


def _add_server_options(parser: argparse.ArgumentParser) -> None:
    _add_database_option(parser)
    parser.add_argument("--port", type=int, help="default: 8069, or the next free one")
    parser.add_argument("--bind", metavar="ADDRESS", help="default: 127.0.0.1")
    parser.add_argument("--workers", type=int, metavar="N", help="processes")
    parser.add_argument(
        "--modules", metavar="A,B", help="install these addons instead of the suite"
    )
    parser.set_defaults(empty=False)


def _add_up_options(parser: argparse.ArgumentParser) -> None:
    _add_server_options(parser)
    parser.add_argument("--empty", action="store_true", help="without the demo company")
    parser.add_argument("--detach", action="store_true", help="go on in the background")


def _add_install_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dev",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="with the tools for tests (default)",
    )


def _add_backup_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE")
    _add_database_option(parser)


def _add_restore_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--db", metavar="NAME", help="name of the new database")
    parser.add_argument(
        "--neutralize",
        action="store_true",
        help="cut it off from the outside world (mails, payments, connections)",
    )


def _add_rotate_options(parser: argparse.ArgumentParser) -> None:
    _add_database_option(parser)
    parser.add_argument(
        "--forget-old",
        action="store_true",
        help="remove the former keys afterwards: older backups lose their secrets",
    )


def _add_reset_options(parser: argparse.ArgumentParser) -> None:
    _add_database_option(parser)
    parser.add_argument("--all", action="store_true", help="all state of this checkout")
    parser.add_argument("--cache", action="store_true", help="all that was downloaded")
    parser.add_argument("--yes", action="store_true", help="do not ask")


# -- running ------------------------------------------------------------------------


def run_up(args: argparse.Namespace, paths: Paths) -> int:
    """Start the suite with its demo company, from nothing if need be."""
    options = read_options(args, production=False)
    if args.detach and not detach.is_detached():
        if _is_up(paths):
            return up.run_up(paths, options)
        return detach.run_detached(paths, args.arguments)
    return up.run_up(paths, options)


def run_serve(args: argparse.Namespace, paths: Paths) -> int:
    """Production server in the foreground, on the database server of DATABASE_URL."""
    return up.run_up(paths, read_options(args, production=True))


def run_install(args: argparse.Namespace, paths: Paths) -> int:
    """Fetch Odoo and the Python packages, start nothing."""
    steps = Steps(3 if args.dev else 2)
    with steps.step("Python environment") as step:
        step.note = ensure_venv(paths, dev=False).folder.name
    if args.dev:
        with steps.step("Tools for tests") as step:
            tools = ensure_venv(paths, dev=True)
            ensure_node(paths, tools)
            step.note = tools.folder.name
    with steps.step("Odoo 19") as step:
        step.note = ensure_odoo(paths).build
    return 0


def _is_up(paths: Paths) -> bool:
    return RunFile(paths).is_taken()


def run_stop(args: argparse.Namespace, paths: Paths) -> int:
    """End what ./crm up has started."""
    run_file = RunFile(paths)
    if run_file.is_taken():
        started_at = time.monotonic()
        run_file.stop_running()
        say(f"Stopped in {human_seconds(time.monotonic() - started_at)}.")
        return 0
    ended = run_file.end_leftovers()
    ended += ["PostgreSQL"] if _end_forgotten_cluster(paths) else []
    say(f"Ended what was left: {', '.join(ended)}." if ended else "Nothing is running.")
    return 0


def _end_forgotten_cluster(paths: Paths) -> bool:
    """Stop a database server whose launcher was killed."""
    binaries = find_binaries()
    if not binaries or read_address(os.environ):
        return False
    if not (paths.local / "pg" / "up").is_dir():
        return False
    cluster = Cluster(paths, False, binaries)
    if not cluster.is_running():
        return False
    server = ensure_postgres(paths)
    server.close()
    return not cluster.is_running()


def run_status(args: argparse.Namespace, paths: Paths) -> int:
    """Say what runs; exit code 0 when the server runs, 3 when not."""
    run_file = RunFile(paths)
    state = run_file.read()
    if not run_file.is_taken():
        say("Not running. Start it with ./crm up.")
        return NOT_RUNNING
    if not state or not state.ready:
        say("Starting, not ready yet.")
        return 0
    age = human_seconds(time.time() - state.started_at)
    say(f"Running for {age} (process {state.pid}).")
    for line in state.summary[1:]:
        say(line)
    say(f"Address:       {state.url}")
    return 0


# -- looking inside -----------------------------------------------------------------


@contextmanager
def open_server(paths: Paths) -> Iterator[OdooServer]:
    """Odoo and its database server, without a running server."""
    venv = ensure_venv(paths, dev=False)
    odoo = ensure_odoo(paths)
    with ensure_postgres(paths) as server:
        yield OdooServer(paths, venv, odoo, server)


def _database(args: argparse.Namespace, server: Postgres) -> str:
    database = check_name(args.db or default_database())
    if not server.exists(database):
        raise Trouble(
            f"There is no database {database}.",
            "Make it with ./crm up, or name another one with --db.",
        )
    return database


def run_shell(args: argparse.Namespace, paths: Paths) -> int:
    """A Python shell with Odoo's environment (env); env.cr.commit() keeps changes."""
    with open_server(paths) as server:
        return server.shell(_database(args, server.postgres))


def run_psql(args: argparse.Namespace, paths: Paths) -> int:
    """A terminal on the database."""
    with ensure_postgres(paths) as server:
        return postgres.terminal(server, _database(args, server))


def run_doctor(args: argparse.Namespace, paths: Paths) -> int:
    """Say what is missing on this machine and how to get it; installs nothing."""
    return doctor.run(paths)


# -- keeping data safe --------------------------------------------------------------


def run_backup(args: argparse.Namespace, paths: Paths) -> int:
    """Write database and files into one archive; works while the server runs."""
    with open_server(paths) as server:
        return backup.write_backup(server, _database(args, server.postgres), args.file)


def run_restore(args: argparse.Namespace, paths: Paths) -> int:
    """Make a new database of a backup and compare it with what was saved."""
    with open_server(paths) as server:
        return backup.restore_backup(server, args.file, args.db, args.neutralize)


def run_rotate(args: argparse.Namespace, paths: Paths) -> int:
    """Encrypt every stored secret again with a new key."""
    if not paths.secret_key.exists():
        raise Trouble(
            f"There is no key of ours to rotate ({paths.secret_key}).",
            "Where CRM_SECRET_KEY is set: put a new key first, a comma, the old key.",
        )
    with open_server(paths) as server:
        database = _database(args, server.postgres)
        secret_key.add_key(paths.secret_key)
        printed = server.run_script(database, _ROTATE, "rotate.log")
        done = next((x for x in printed.splitlines() if x.startswith("sealed ")), "")
        say(f"Database {database}: {done}.")
        if args.forget_old:
            count = secret_key.forget_former_keys(paths.secret_key)
            say(f"{count} former key(s) forgotten.")
        else:
            say("Former keys stay in the file: other databases and backups need them.")
        say(f"Copy {paths.secret_key} to a safe place.")
    return 0


_ROTATE = """
result = env["crm.secret"]._rotate_all()
env.cr.commit()
print("sealed {sealed}, unreadable {unreadable}".format(**result))
if result["unreadable"]:
    raise SystemExit("Error: some secrets cannot be read with any known key")
"""

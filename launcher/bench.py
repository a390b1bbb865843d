"""`./crm bench [name]`: repeatable measurements, printed as tables."""

import argparse

from . import proc
from .chromium import find_chromium
from .console import say
from .paths import Paths, find_paths
from .python_env import ensure_venv
from .testing.workspace import open_workspace


def _names(paths: Paths) -> list[str]:
    """Names of the benches: the files of bench/ that do not begin with _."""
    files = sorted((paths.root / "bench").glob("*.py"))
    return [file.stem for file in files if not file.stem.startswith("_")]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", help="of bench/<name>.py; all without")
    parser.add_argument("--list", action="store_true", help="only say which exist")


def run(args: argparse.Namespace) -> int:
    """Run the benches one after the other; 1 when one of them fails.

    Each is a program of its own in the project's Python, run from the checkout
    with Odoo on its path and PG* set; what it prints is its result.
    """
    paths = find_paths()
    known = _names(paths)
    if args.list:
        say("\n".join(known))
        return 0
    unknown = sorted(set(args.names) - set(known))
    if unknown or not known:
        say(f"No bench named {', '.join(unknown)}." if unknown else "No bench yet.")
        say(f"There are: {', '.join(known) or 'none'}.")
        return 1
    paths.prepare()
    venv = ensure_venv(paths, dev=True)
    failed = []
    # Open for all of them, so that PostgreSQL starts once.
    with open_workspace(paths, venv) as workspace:
        env = workspace.env()
        if chromium := find_chromium():
            env["CHROMIUM"] = chromium
        for name in args.names or known:
            say(f"== {name}")
            module = [venv.python, "-m", f"bench.{name}"]
            if proc.interactive(module, env=env, cwd=paths.root):
                failed.append(name)
    if failed:
        say(f"failed: {', '.join(failed)}")
    return 1 if failed else 0

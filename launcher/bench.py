"""`./crm bench [name]`: repeatable measurements, printed as tables."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from . import proc, system
from .console import Trouble, say
from .options import DEFAULT_DATABASE
from .paths import Paths, find_paths
from .python_env import ensure_venv

FIRST_PORT = 8169


def _names(paths: Paths) -> list[str]:
    """Names of the benches: the programs of bench/, not what they share."""
    files = sorted((paths.root / "bench").glob("*.py"))
    return [file.stem for file in files if "__main__" in file.read_text()]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", help="of bench/<name>.py; all without")
    parser.add_argument("--list", action="store_true", help="only say which exist")


def run(args: argparse.Namespace) -> int:
    """Run the benches one after the other; 1 when one of them fails."""
    paths = find_paths()
    known = _names(paths)
    if args.list:
        say("\n".join(known))
        return 0
    unknown = sorted(set(args.names) - set(known))
    if unknown:
        raise Trouble(
            f"There is no bench named {', '.join(unknown)}.",
            f"There are: {', '.join(known)}.",
        )
    paths.prepare()
    venv = ensure_venv(paths, dev=True)
    failed = []
    with _scratch_server(paths) as env:
        for name in args.names or known:
            say(f"== {name}")
            program = [venv.python, paths.root / "bench" / f"{name}.py"]
            if proc.interactive(program, env={**venv.env(), **env}, cwd=paths.root):
                failed.append(name)
    if failed:
        say(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


@contextmanager
def _scratch_server(paths: Paths) -> Iterator[dict[str, str]]:
    """The demo company on a server of its own; yields what benches read."""
    local = paths.local / "bench"
    env = {**os.environ, "CRM_LOCAL": str(local)}
    crm = [sys.executable, paths.root / "crm"]
    port = system.free_port(FIRST_PORT)
    up = [*crm, "up", "--detach", "--port", str(port), "--db", DEFAULT_DATABASE]
    say("starting a scratch server with the demo company ...")
    try:
        proc.run(up, env=env)
        ports = json.loads((local / "run" / "ports.json").read_text())
        yield {
            "CRM_BENCH_URL": f"http://127.0.0.1:{port}",
            "CRM_BENCH_DB": DEFAULT_DATABASE,
            "CRM_BENCH_CONF": str(local / "odoo.conf"),
            "CRM_STANDIN_STRIPE_URL": f"http://127.0.0.1:{ports['stripe']}",
            "CRM_STANDIN_OPENAI_URL": f"http://127.0.0.1:{ports['llm']}/v1",
        }
    except proc.CommandError as error:
        raise Trouble(
            f"The scratch server did not start: {error.last_line}",
            f"Details: {local / 'log'}",
        ) from error
    finally:
        proc.run([*crm, "stop"], env=env, check=False)

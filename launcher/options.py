"""What ``./crm up`` and ``./crm serve`` are asked for, by arguments and environment."""

import argparse
import os
from dataclasses import dataclass

from .console import Trouble
from .postgres import read_address
from .server import default_workers

DEFAULT_DATABASE = "crm"
SUITE = "crm_suite"
DEMO = "crm_demo"


@dataclass
class Options:
    """What the command line and the environment ask for.

    :param production: no private database server, no stand-ins
    """

    database: str
    port: int | None
    bind: str
    workers: int
    demo: bool
    modules: list[str]
    production: bool = False

    @property
    def is_open_to_others(self) -> bool:
        """Whether more than this machine can reach the server."""
        return self.production or not is_loopback(self.bind)

    @property
    def names(self) -> list[str]:
        if self.modules:
            return self.modules
        return [SUITE, *([DEMO] if self.demo else [])]


def is_loopback(host: str) -> bool:
    return host == "localhost" or host.startswith("127.") or host == "::1"


def default_database() -> str:
    address = read_address(os.environ)
    named = address.database if address else ""
    return os.environ.get("CRM_DB") or named or DEFAULT_DATABASE


def read_options(args: argparse.Namespace, production: bool) -> Options:
    env = os.environ
    bind = args.bind or env.get("CRM_HTTP_INTERFACE") or "127.0.0.1"
    port = args.port or read_number("CRM_PORT")
    workers = read_number("CRM_WORKERS") if args.workers is None else args.workers
    if workers is None:
        workers = default_workers() if production else 0
    demo = env.get("CRM_DEMO") == "1" if production else not args.empty
    modules = [name for name in (args.modules or "").split(",") if name]
    database = args.db or default_database()
    return Options(database, port, bind, workers, demo, modules, production)


def read_number(name: str) -> int | None:
    """A number out of the environment."""
    text = os.environ.get(name, "")
    if not text:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise Trouble(f"{name} is not a number ({text}).", "Correct it.") from error

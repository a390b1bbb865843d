"""Opens a database the way the server does, without a server."""

import argparse
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config


def make_parser(description: str) -> argparse.ArgumentParser:
    """Return a parser that knows the configuration file and the database."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("-c", "--config", required=True)
    parser.add_argument("-d", "--database", required=True)
    parser.add_argument("--logfile", required=True)
    return parser


def configure(options: argparse.Namespace) -> None:
    """Load Odoo's configuration and its server-wide addons."""
    config.parse_config(
        [
            f"--config={options.config}",
            f"--database={options.database}",
            f"--logfile={options.logfile}",
            "--skip-auto-install",
        ],
        setup_logging=True,
    )
    threading.current_thread().dbname = options.database
    load_server_wide_modules()


@contextmanager
def environment(database: str) -> Iterator[api.Environment]:
    """Yield a superuser environment; the transaction is committed at the end."""
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})

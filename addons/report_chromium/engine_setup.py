"""The engine of this server process and where its settings come from.

The environment variable ``CHROMIUM`` names the program; the other settings are
options of the configuration file (``chromium_jobs = 4`` ...), all with a default.
"""

import logging
import os
from functools import cache

from odoo.tools import config

from .providers.engine import Engine, EngineSettings, find_program

_logger = logging.getLogger(__name__)

DEFAULT_TIMEOUT_SECONDS = 60.0
MEGABYTE = 1 << 20


def _read_number(name: str, default: float) -> float:
    """A positive number of the configuration file, or the default."""
    given = config.get(name)
    if given in (None, False, ""):
        return default
    try:
        number = float(given)
    except ValueError:
        number = 0.0
    if number <= 0:
        _logger.warning("Option %s is no positive number: %s", name, given)
        return default
    return number


def read_program() -> str:
    """The wanted program, empty when any Chromium of the machine will do."""
    return os.environ.get("CHROMIUM") or config.get("chromium_program") or ""


def find_chromium() -> str | None:
    """The Chromium that prints, None when there is none."""
    return find_program(read_program())


def read_timeout_seconds() -> float:
    """How long one document may take."""
    return _read_number("chromium_timeout_seconds", DEFAULT_TIMEOUT_SECONDS)


@cache
def get_engine() -> Engine:
    """The engine of this process; its browser starts with the first document."""
    default = EngineSettings()
    memory_mb = _read_number(
        "chromium_max_memory_mb", default.max_memory_bytes / MEGABYTE
    )
    return Engine(
        EngineSettings(
            program=read_program(),
            jobs=int(_read_number("chromium_jobs", default.jobs)),
            max_documents=int(
                _read_number("chromium_max_documents", default.max_documents)
            ),
            max_memory_bytes=int(memory_mb * MEGABYTE),
            idle_seconds=_read_number("chromium_idle_seconds", default.idle_seconds),
        )
    )

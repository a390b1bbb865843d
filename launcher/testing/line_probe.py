"""Pytest plugin: which lines of our addons ran, at little cost.

A tracer slows all Python down, Odoo's too. Probes put into the code of our own modules
when they are imported do not. What they saw is kept in a data file of coverage.py,
which merges and reports it.
"""

import atexit
import os
from pathlib import Path

import slipcover
from coverage import CoverageData

from .pytest_run import LINES_FILE

ADDONS = Path("addons")

# -1: code that runs is never exchanged for code without probes
_probes = slipcover.Slipcover(d_miss_threshold=-1)


def _start() -> None:
    """Put probes into what is imported from now on."""
    matcher = slipcover.FileMatcher(sources=[ADDONS], omit=["*/tests/*"])
    slipcover.ImportManager(_probes, matcher).__enter__()
    # pytest-odoo has pytest rewrite the assertions of all addons
    slipcover.wrap_pytest(_probes, matcher)
    atexit.register(_save, os.environ[LINES_FILE])


def _save(name: str) -> None:
    """Write what ran; a file that nobody imported counts as one that did not run."""
    found = _probes.get_coverage()["files"]
    data = CoverageData(f"{name}.{os.getpid()}")
    data.add_lines({file: lines["executed_lines"] for file, lines in found.items()})
    data.touch_files(str(file) for file in ADDONS.rglob("*.py"))
    data.write()


_start()

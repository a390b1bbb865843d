"""Pytest plugin: what Odoo's own runner does beside running tests.

It names each test in the server's log, prepares the parameters of JavaScript
suites, leaves alone test classes that a module only imports, and gives each process
files of its own.
"""

import inspect
import logging
import os
import shutil
import unittest
from contextlib import contextmanager
from pathlib import Path

import pytest_odoo

from odoo.tools import config

from launcher.testing.logs import TEST_LOGGER


@contextmanager
def own_filestore(original: str, database: str):
    """Copy the files of the template (as links) for the database of a process.

    pytest-odoo lets all processes share them, and has no hook for it; then the
    cleaning of one removes what another has just written.
    """
    if original == database:
        yield
        return
    source, target = (Path(config.filestore(name)) for name in (original, database))
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, copy_function=os.link)
    try:
        yield
    finally:
        shutil.rmtree(target, ignore_errors=True)


pytest_odoo._shared_filestore = own_filestore


def pytest_pycollect_makeitem(collector, name, obj):
    """Keep a base class of somebody else from running where it is imported."""
    is_test = inspect.isclass(obj) and issubclass(obj, unittest.TestCase)
    if is_test and obj.__module__ != collector.obj.__name__:
        return []
    return None


def pytest_runtest_setup(item) -> None:
    if item.cls and not hasattr(item.cls, "_test_params"):
        # Filters of a JavaScript suite; none were asked for.
        item.cls._test_params = []
    logging.getLogger(TEST_LOGGER).info(item.nodeid)

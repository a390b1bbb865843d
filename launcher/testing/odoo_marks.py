"""Pytest plugin: what Odoo's own runner does beside running tests.

It names each test in the server's log, prepares the parameters of JavaScript
suites, and leaves alone test classes that a module only imports.
"""

import inspect
import logging
import unittest

from launcher.testing.logs import TEST_LOGGER


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

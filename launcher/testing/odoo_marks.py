"""Pytest plugin: writes the name of each test in the server log before it runs."""

import logging

from launcher.testing.logs import TEST_LOGGER


def pytest_runtest_setup(item) -> None:
    logging.getLogger(TEST_LOGGER).info(item.nodeid)

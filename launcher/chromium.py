"""The browser of the end-to-end tests and of printed documents."""

import os

from . import proc, system

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """``CHROMIUM`` if set, else the machine's browser, else None."""
    wanted = os.environ.get("CHROMIUM")
    if wanted and os.access(wanted, os.X_OK):
        return wanted
    return proc.find_program(*_NAMES)


def ensure_chromium() -> str:
    """The path of a Chromium, installed through the distribution when absent."""
    found = find_chromium()
    if not found:
        system.install_packages(["chromium"], "Chromium")
        found = find_chromium()
    assert found, "the package holds the program"
    return found

"""The browser that prints documents and plays the end-to-end tests."""

import os

from . import proc, system
from .console import Trouble

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


def provide_printing(is_production: bool) -> str:
    """Make sure that PDF documents can be printed, say with what.

    :param is_production: what is missing there stops nobody: the server says so to
        its administrators, and the launcher here
    :raise Trouble: Chromium is missing and we may not install it
    """
    if not is_production:
        return ensure_chromium()
    try:
        return ensure_chromium()
    except Trouble as trouble:
        return f"MISSING, documents will lack header and footer. {trouble.remedy}"

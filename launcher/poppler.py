"""Poppler, which judges the signatures of our PDF files in the tests."""

from . import proc, system


def ensure_pdfsig() -> str:
    """The path of ``pdfsig``, installed through the distribution when absent."""
    found = proc.find_program("pdfsig")
    if not found:
        system.install_packages(["poppler-utils"], "Poppler")
        found = proc.find_program("pdfsig")
    assert found, "the package holds the program"
    return found

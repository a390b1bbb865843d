"""Warnings, errors and tracebacks of a server log are found, with their test."""

import re

import pytest

from launcher.testing import logs

LOG = """\
Running as user 'root' is a security risk.
2026-03-02 08:30:00,001 11 INFO db crm.test: test_billing.py::test_pay
2026-03-02 08:30:00,002 12 INFO db crm.test: test_base.py::test_secret
2026-03-02 08:30:01,000 11 INFO db odoo.modules.loading: loading
2026-03-02 08:30:02,000 11 WARNING db odoo.addons.mail: no sender
2026-03-02 08:30:03,000 12 ERROR db odoo.http: it broke
Traceback (most recent call last):
  File "x.py", line 1, in f
ValueError: no
2026-03-02 08:30:04,000 12 INFO db odoo.http: fine
"""


def test_bad_lines_are_found_with_their_test_and_traceback():
    warning, error = logs.find_bad(LOG, [])
    assert (warning.line, warning.level, warning.test) == (
        5,
        "WARNING",
        "test_billing.py::test_pay",
    )
    assert error.test == "test_base.py::test_secret"
    assert "ValueError: no" in error.show()
    assert "fine" not in error.show()


def test_a_traceback_at_any_level_is_bad():
    log = LOG.replace("ERROR", "INFO").replace("WARNING", "INFO")
    (entry,) = logs.find_bad(log, [])
    assert entry.logger == "odoo.http"


def test_a_traceback_before_the_first_message_is_bad():
    log = "Traceback (most recent call last):\nImportError: odoo\n" + LOG
    assert len(logs.find_bad(log, [])) == 3


def test_the_allow_list_matches_level_logger_and_message():
    allowed = [re.compile(r"WARNING odoo\.addons\.mail: no sender")]
    assert [entry.level for entry in logs.find_bad(LOG, allowed)] == ["ERROR"]


def test_an_allowed_line_needs_a_reason(tmp_path):
    path = tmp_path / "allowed.txt"
    path.write_text("# comment\n\nsome pattern  # because\n")
    assert len(logs.read_allowed(path)) == 1
    path.write_text("some pattern\n")
    with pytest.raises(ValueError, match="no reason"):
        logs.read_allowed(path)


def test_the_list_of_the_project_can_be_read():
    logs.read_allowed()

"""Counts add up, and JUnit files survive a round trip."""

from launcher.testing import report

RESULT = report.StageResult(
    "lint",
    [
        report.Case("ruff", 0.1),
        report.Case("pylint", 2.0, failure="a.py:1: \x1b[31mbad\x1b[0m\n<x> & y"),
        report.Case("eslint", skipped="no script yet"),
    ],
    12.3,
)


def test_the_summary_adds_the_stages():
    assert RESULT.counts == (1, 1, 1)
    assert report.summary([RESULT, RESULT]) == "2 passed, 2 failed, 2 skipped"
    assert "FAILED" in RESULT.line


def test_junit_round_trip(tmp_path):
    path = tmp_path / "lint.xml"
    report.write_junit(path, RESULT)
    passed, failed, skipped = report.read_junit(path)
    assert (passed.name, passed.failure, passed.skipped) == ("lint::ruff", "", "")
    assert failed.failure == "a.py:1: bad\n<x> & y"
    assert skipped.skipped == "no script yet"


def test_no_stage_at_all_is_no_success():
    assert report.summary([]) == "0 passed, 0 failed, 0 skipped"

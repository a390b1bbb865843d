"""Runs pytest for a stage and turns what happened into a result."""

import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .. import proc
from ..paths import Paths
from ..python_env import Venv
from . import report

OK, FAILED, NOTHING_COLLECTED = 0, 1, 5
# Where each process writes which lines ran, with its number behind.
LINES_FILE = "CRM_LINES_FILE"


def run_pytest(
    name: str,
    paths: Paths,
    venv: Venv,
    args: Sequence[object],
    *,
    env: Mapping[str, str] | None = None,
    may_be_empty: bool = False,
) -> report.StageResult:
    """Run pytest in the project's Python.

    :param name: of the stage; names the JUnit file and the log
    :param may_be_empty: no test at all is fine (a filter was given)
    """
    folder = paths.local / "test"
    junit, log = folder / "junit" / f"{name}.xml", folder / "log" / f"{name}.txt"
    for path in (junit, log):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
    command = [venv.python, "-m", "pytest", "-q", "--color=no", "--tb=short"]
    command.append(f"--junitxml={junit}")
    started_at = time.monotonic()
    done = proc.run(
        [*command, *args],
        cwd=paths.root,
        env=env or venv.env(),
        log=log,
        check=False,
    )
    result = report.StageResult(name, seconds=time.monotonic() - started_at)
    if junit.exists():
        result.cases = report.read_junit(junit)
    trouble = _trouble(done.returncode, result, may_be_empty)
    if trouble:
        text = f"{trouble}\n{proc.tail(log)}"
        result.cases.append(report.Case("pytest", failure=text))
    return result


def _trouble(code: int, result: report.StageResult, may_be_empty: bool) -> str:
    """What the JUnit file does not tell, empty when it tells everything."""
    if code == NOTHING_COLLECTED:
        return "" if may_be_empty else "no test was found"
    if code == OK and not result.failures:
        return ""
    if code == FAILED and result.failures:
        return ""
    return f"pytest ended with code {code}"


def filter_args(words: str | None) -> list[str]:
    """The `-k` option, when words are given."""
    return ["-k", words] if words else []


def coverage_args(paths: Paths, stage: str) -> tuple[list[str], dict[str, str]]:
    """Options and environment that record which of our lines ran."""
    data = coverage_folder(paths) / f"data.{stage}"
    data.parent.mkdir(parents=True, exist_ok=True)
    for old in data.parent.glob(f"{data.name}*"):
        old.unlink()
    # each process writes a file of its own
    return ["-p", "launcher.testing.line_probe"], {LINES_FILE: str(data)}


def add_coverage(paths: Paths, stage: str, data: Path) -> None:
    """Count what was recorded elsewhere, when a template was made."""
    if data.exists():
        shutil.copy(data, coverage_folder(paths) / f"data.{stage}")


def coverage_folder(paths: Paths) -> Path:
    """Where the coverage data of all stages meet."""
    return paths.local / "test" / "coverage"

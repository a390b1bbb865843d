"""Tests without Odoo or database, seconds: `lib/`, `providers/`, operations."""

from ..paths import Paths
from ..python_env import Venv
from . import report
from .pytest_run import coverage_args, filter_args, run_pytest

# tests/ops tries the proxy, the backup and the containers' files.
FOLDERS = ("tests/unit", "tests/ops")
# A unit test takes milliseconds: one that hangs shows where and ends the run.
HANG = ("-o", "faulthandler_timeout=60", "-o", "faulthandler_exit_on_timeout=true")

PARALLEL = ("-n", "2")


def run_unit(
    paths: Paths, venv: Venv, *, targets: list[str], words: str | None
) -> report.StageResult:
    """Run tests/unit and tests/ops, or the parts that are asked for.

    :param targets: paths under them; all when empty
    """
    options, variables = coverage_args(paths, "unit")
    return run_pytest(
        "unit",
        paths,
        venv,
        [*HANG, *PARALLEL, *options, *filter_args(words), *(targets or FOLDERS)],
        env={**venv.env(), **variables},
        may_be_empty=bool(words),
    )

"""Journeys in a browser against a real server (tests/e2e)."""

from ..chromium import ensure_chromium
from . import report
from .logs import check_logs
from .pytest_run import filter_args, run_pytest
from .workspace import Workspace

PROCESSES = 2


def run_e2e(
    workspace: Workspace, *, targets: list[str], words: str | None
) -> report.StageResult:
    """Run tests/e2e; the fixtures there start what they need.

    First the files marked `alone`, whose seconds are a promise to the user, then the
    others in two processes: they wait more than they compute.
    """
    for old in workspace.logs.glob("e2e_*.log"):
        old.unlink()
    paths = [*filter_args(words), *(targets or ["tests/e2e"])]
    is_one_file = len(targets) == 1 and targets[0].split("::")[0].endswith(".py")
    if is_one_file:
        runs = {"e2e": []}
    else:
        others = ["-m", "not alone", "-n", str(PROCESSES), "--dist", "loadfile"]
        runs = {"e2e_alone": ["-m", "alone"], "e2e": others}
    merged = report.StageResult("e2e")
    for name, options in runs.items():
        result = run_pytest(
            name,
            workspace.paths,
            workspace.venv,
            [*options, *paths],
            env={**workspace.env(), "CHROMIUM": ensure_chromium()},
            may_be_empty=bool(words or targets),
        )
        merged.cases += result.cases
        merged.seconds += result.seconds
    logs = sorted(workspace.logs.glob("e2e_*.log"))
    merged.cases.append(report.Case("server log", failure=check_logs(logs)))
    return merged

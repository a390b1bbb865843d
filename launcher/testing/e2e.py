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
    """Run tests/e2e; the fixtures there start what they need."""
    env = {**workspace.env(), "CHROMIUM": ensure_chromium()}
    for old in workspace.logs.glob("e2e*.log"):
        old.unlink()
    result = run_pytest(
        "e2e",
        workspace.paths,
        workspace.venv,
        [*_processes(targets), *filter_args(words), *(targets or ["tests/e2e"])],
        env=env,
        may_be_empty=bool(words),
    )
    logs = sorted(workspace.logs.glob("e2e*.log"))
    result.cases.append(report.Case("server log", failure=check_logs(logs)))
    return result


def _processes(targets: list[str]) -> list[str]:
    """Two processes, a file each: journeys wait more than they compute."""
    if len(targets) == 1 and targets[0].split("::")[0].endswith(".py"):
        return []
    return ["-n", str(PROCESSES), "--dist", "loadfile"]

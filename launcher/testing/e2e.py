"""Journeys in a browser against a real server (tests/e2e)."""

from ..chromium import ensure_chromium
from . import report
from .logs import check_logs
from .pytest_run import filter_args, run_pytest
from .workspace import Workspace


def run_e2e(
    workspace: Workspace, *, targets: list[str], words: str | None
) -> report.StageResult:
    """Run tests/e2e; the fixtures there start what they need."""
    env = {**workspace.env(), "CHROMIUM": ensure_chromium()}
    log = workspace.logs / "e2e.log"
    log.unlink(missing_ok=True)
    result = run_pytest(
        "e2e",
        workspace.paths,
        workspace.venv,
        [*filter_args(words), *(targets or ["tests/e2e"])],
        env=env,
        may_be_empty=bool(words),
    )
    result.cases.append(report.Case("server log", failure=check_logs([log])))
    return result

"""Install matrix: each addon alone, two at a time (tests/install)."""

from . import report
from .pytest_run import filter_args, run_pytest
from .template import ensure_bare, ensure_core
from .workspace import Workspace


def run_install(
    workspace: Workspace, *, targets: list[str], words: str | None
) -> report.StageResult:
    """Run tests/install."""
    ensure_bare(workspace)
    ensure_core(workspace)
    parallel = ["-n", "2", "--dist", "worksteal"]
    return run_pytest(
        "install",
        workspace.paths,
        workspace.venv,
        [*parallel, *filter_args(words), *(targets or ["tests/install"])],
        env=workspace.env(),
        may_be_empty=bool(words),
    )

"""Addon tests inside Odoo, two processes, each on its own copy of a template."""

from pathlib import Path

from . import report
from .logs import check_logs
from .pytest_run import add_coverage, coverage_args, filter_args, run_pytest
from .template import (
    COVERAGE,
    Templates,
    check_installed,
    ensure_leaves,
    exports_folder,
    leaf_addons,
)
from .workspace import LEAVES, StageFailure, Workspace

PROCESSES = 2


def run_addons(
    workspace: Workspace, templates: Templates, *, targets: list[str], words: str | None
) -> report.StageResult:
    """Run the tests of our addons: the suite, then the leaves on top of it.

    :param targets: folders or test files of addons; all of them when empty
    """
    chosen = _choose(workspace, targets)
    suite = {n: paths for n, paths in chosen.items() if n not in LEAVES}
    leaves = {n: paths for n, paths in chosen.items() if n in LEAVES}
    results = []
    if suite:
        results.append(_run(workspace, "addons", templates.suite, suite, words))
    if leaves:
        try:
            database = ensure_leaves(workspace, templates)
            results.append(_run(workspace, "leaves", database, leaves, words))
            results[-1].cases += check_installed(
                workspace, database, leaf_addons(workspace)
            )
        except StageFailure as failure:
            case = report.Case(failure.name, failure=failure.text)
            results.append(report.StageResult("leaves", [case]))
    return _merge(results)


def _choose(workspace: Workspace, targets: list[str]) -> dict[str, list[Path]]:
    """Addon -> what to run of it, for addons that have tests."""
    chosen: dict[str, list[Path]] = {}
    wanted = [(workspace.paths.root / target).resolve() for target in targets]
    for name, addon in workspace.addons.items():
        folder = addon.folder
        inside = [path for path in wanted if path == folder or folder in path.parents]
        tests = [path if path != folder else folder / "tests" for path in inside]
        if not targets:
            tests = [folder / "tests"]
        if tests and (folder / "tests").is_dir():
            chosen[name] = tests
    return chosen


def _run(
    workspace: Workspace,
    stage: str,
    template: str,
    tests: dict[str, list[Path]],
    words: str | None,
) -> report.StageResult:
    database = workspace.database("run")
    workspace.clone(template, database)
    log = workspace.logs / f"{stage}.log"
    log.unlink(missing_ok=True)
    conf = workspace.write_conf("addons", {"logfile": log, "db_name": database})
    paths = [path for group in tests.values() for path in group]
    options, variables = coverage_args(workspace.paths, stage)
    add_coverage(
        workspace.paths,
        f"{stage}_install",
        exports_folder(workspace, template) / COVERAGE,
    )
    try:
        result = run_pytest(
            stage,
            workspace.paths,
            workspace.venv,
            [
                *("-p", "odoo", "-p", "launcher.testing.odoo_marks"),
                *("--import-mode=prepend", f"--odoo-config={conf}", "--odoo-http"),
                *("--odoo-log-level=info", *_processes(paths)),
                *options,
                *filter_args(words),
                *paths,
            ],
            env={**workspace.env(), **variables},
            may_be_empty=bool(words),
        )
    finally:
        workspace.drop(database)
    result.cases.append(report.Case("server log", failure=check_logs([log])))
    return result


def _processes(paths: list[Path]) -> list[str]:
    """Two processes, unless there is one file to run."""
    if len(paths) == 1 and paths[0].is_file():
        return []
    return ["-n", str(PROCESSES), "--dist", "loadscope"]


def _merge(results: list[report.StageResult]) -> report.StageResult:
    merged = report.StageResult("addons")
    for result in results:
        merged.cases += result.cases
        merged.seconds += result.seconds
    return merged

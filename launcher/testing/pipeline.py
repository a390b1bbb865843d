"""The order of the stages, and what is printed about them."""

import argparse
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from .. import lint
from ..chromium import ensure_chromium
from ..console import Trouble, human_seconds, say
from ..paths import Paths, find_paths
from ..poppler import ensure_pdfsig
from ..python_env import Venv, ensure_venv
from . import STAGES, coverage, report
from .addons import run_addons
from .e2e import run_e2e
from .install import run_install
from .template import (
    Templates,
    check_installed,
    ensure_templates,
    suite_addons,
)
from .unit import run_unit
from .workspace import StageFailure, Workspace, open_workspace

# Stages that copy a template; without one they cannot run.
ON_TEMPLATES = {"addons", "e2e"}


class Pipeline:
    """One run of `./crm test`.

    :param targets: stage -> paths to run of it (empty: all of it)
    :param words: pytest's `-k`, when given
    """

    def __init__(self, paths: Paths, targets: dict[str, list[str]], words: str | None):
        self.paths = paths
        self.targets = targets
        self.words = words
        self.results: list[report.StageResult] = []
        self.venv: Venv
        self._workspace: Workspace | None = None
        self._templates: Templates | None = None
        self._exit = ExitStack()

    @property
    def is_whole(self) -> bool:
        """Whether every test of every stage runs."""
        asked = set(self.targets) == set(STAGES)
        return asked and not self.words and not any(self.targets.values())

    def run(self, *, fail_fast: bool) -> int:
        """Run the stages; return the exit code."""
        started_at = time.monotonic()
        with self._exit:
            is_ready = self._stage("setup", self._setup)
            for name in self.targets if is_ready else ():
                if fail_fast and any(result.failures for result in self.results):
                    break
                if name in ON_TEMPLATES and not self._has_templates():
                    continue
                self._stage(name, getattr(self, f"_{name}"))
                if name == "addons" and {"unit", "addons"} <= set(self.targets):
                    self._coverage()
        say(f"{'total':<10} {'':<7} {human_seconds(time.monotonic() - started_at):>12}")
        say(report.summary(self.results))
        failed = any(result.failures for result in self.results)
        return 1 if failed or not self.results else 0

    def _stage(self, name: str, function: Callable[[], report.StageResult]) -> bool:
        """Run one stage, show and keep its result; True when nothing failed."""
        started_at = time.monotonic()
        try:
            result = function()
        except StageFailure as failure:
            case = report.Case(failure.name, failure=failure.text)
            result = report.StageResult(name, [case])
        except Trouble as trouble:
            text = f"{trouble.sentence}\n-> {trouble.remedy}"
            result = report.StageResult(name, [report.Case(name, failure=text)])
        result.name = name
        result.seconds = time.monotonic() - started_at
        self.results.append(result)
        junit = self.paths.local / "test" / "junit" / f"{name}.xml"
        report.write_junit(junit, result)
        report.show(result)
        return not result.failures

    # -- stages ---------------------------------------------------------------------

    def _setup(self) -> report.StageResult:
        self.paths.prepare()
        self.venv = ensure_venv(self.paths, dev=True)
        if ON_TEMPLATES & set(self.targets):
            # Without a browser Odoo would skip its browser tests in silence.
            ensure_chromium()
        if {"unit", *ON_TEMPLATES} & set(self.targets):
            # The second judge of signed files.
            ensure_pdfsig()
        return report.StageResult("setup", note=self.venv.folder.name)

    def _lint(self) -> report.StageResult:
        return lint.run_checks(self.paths, self.venv)

    def _unit(self) -> report.StageResult:
        targets = self.targets["unit"]
        return run_unit(self.paths, self.venv, targets=targets, words=self.words)

    @property
    def workspace(self) -> Workspace:
        """The workspace, opened by the first stage that needs it."""
        if self._workspace is None:
            opened = open_workspace(self.paths, self.venv)
            self._workspace = self._exit.enter_context(opened)
        return self._workspace

    def _has_templates(self) -> bool:
        """Build the templates once; a failed build is not tried again."""
        if "template" not in (result.name for result in self.results):
            self._stage("template", self._build)
        return self._templates is not None

    def _build(self) -> report.StageResult:
        self._templates = ensure_templates(self.workspace)
        suite = self._templates.suite
        addons = suite_addons(self.workspace)
        cases = check_installed(self.workspace, suite, addons)
        return report.StageResult("template", cases, note=suite)

    def _addons(self) -> report.StageResult:
        options = {"targets": self.targets["addons"], "words": self.words}
        return run_addons(self.workspace, self._templates, **options)

    def _install(self) -> report.StageResult:
        options = {"targets": self.targets["install"], "words": self.words}
        return run_install(self.workspace, **options)

    def _e2e(self) -> report.StageResult:
        options = {"targets": self.targets["e2e"], "words": self.words}
        return run_e2e(self.workspace, **options)

    def _coverage(self) -> None:
        """Judge coverage when all the tests that count have run."""
        if self.words or self.targets["unit"] or self.targets["addons"]:
            return
        started_at = time.monotonic()
        addons = coverage.combine(self.paths, self.venv)
        result = report.StageResult("coverage", coverage.judge(addons))
        result.note = coverage.describe(addons)
        result.seconds = time.monotonic() - started_at
        self.results.append(result)
        report.show(result)


def choose_targets(args: argparse.Namespace, root: Path) -> dict[str, list[str]]:
    """Stage -> paths to run of it, in the order of the stages.

    :raise Trouble: for a path that no stage runs
    """
    chosen: dict[str, list[str]] = {}
    for target in args.targets:
        for stage, path in _stages_of(target, root):
            chosen.setdefault(stage, []).append(path)
    asked = [name for name in STAGES if getattr(args, name)]
    if not args.targets:
        if not asked:
            asked = list(STAGES)
            if args.words:
                asked = ["unit", "addons", "e2e"]
        return {name: [] for name in asked}
    if asked:
        chosen = {name: chosen.get(name, []) for name in asked}
    return {name: chosen[name] for name in STAGES if name in chosen}


def _stages_of(target: str, root: Path) -> list[tuple[str, str]]:
    path = (Path.cwd() / target.split("::")[0]).resolve()
    if not path.exists():
        path = (root / target.split("::")[0]).resolve()
    if not path.exists() or root not in path.parents:
        raise Trouble(f"There is nothing to test at {target}.", "Check the path.")
    inside = path.relative_to(root)
    name = target.replace(target.split("::")[0], inside.as_posix(), 1)
    first, *rest = inside.parts
    if first == "tests" and rest and rest[0] in STAGES:
        return [(rest[0], name)]
    if inside.parts[:2] == ("tests", "ops"):
        return [("unit", name)]
    addon = rest[:1] if first == "addons" else rest[1:2]
    if first == "addons" and addon or inside.parts[:2] == ("tests", "addons") and addon:
        unit = Path("tests") / "unit" / addon[0]
        has_unit = len(inside.parts) == 2 and (root / unit).is_dir()
        pure = [("unit", unit.as_posix())] if has_unit else []
        return [*pure, ("addons", name)]
    raise Trouble(
        f"No stage tests {target}.",
        "Give addons/<name>, or a path under tests/unit, tests/install or tests/e2e.",
    )


def run_pipeline(args: argparse.Namespace) -> int:
    """Run what the command line asks for."""
    paths = find_paths()
    targets = choose_targets(args, paths.root)
    return Pipeline(paths, targets, args.words).run(fail_fast=args.fail_fast)

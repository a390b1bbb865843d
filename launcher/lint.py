"""`./crm lint`: every check that reads the sources only, side by side."""

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import proc
from .console import human_seconds, say
from .paths import Paths, find_paths
from .python_env import Venv, ensure_venv
from .testing import report, rules
from .testing.node import ensure_node

NODE_SUFFIXES = {".js", ".mjs", ".json", ".xml", ".yaml", ".yml", ".scss", ".css"}


@dataclass(frozen=True)
class Project:
    """What the checks read.

    :param fix: repair what can be repaired instead of only complaining
    """

    paths: Paths
    venv: Venv
    files: list[Path]
    fix: bool

    @property
    def addons(self) -> list[Path]:
        """Our addons and the ones that only tests use."""
        roots = (self.paths.addons, self.paths.root / "tests" / "addons")
        return sorted(
            manifest.parent
            for root in roots
            for manifest in root.glob("*/__manifest__.py")
        )

    def named(self, suffixes: set[str]) -> list[str]:
        """Relative names of the files with one of these suffixes."""
        root = self.paths.root
        return [
            path.relative_to(root).as_posix()
            for path in self.files
            if path.suffix in suffixes and not rules.SKIPPED.search(path.as_posix())
        ]

    def call(self, args: list) -> str:
        """Run a checker; return what it complains about."""
        answer = proc.run(args, cwd=self.paths.root, env=self.venv.env(), check=False)
        complaint = (answer.stderr or b"").decode(errors="replace")
        if answer.returncode == 0:
            return ""
        return (answer.stdout + complaint).strip() or f"exit code {answer.returncode}"


def _ruff(project: Project) -> str:
    fix = ["--fix"] if project.fix else []
    ruff = project.venv.program("ruff")
    return project.call([ruff, "check", "--quiet", *fix, ".", "crm"])


def _format(project: Project) -> str:
    ruff = project.venv.program("ruff")
    check = [] if project.fix else ["--check"]
    return project.call([ruff, "format", *check, ".", "crm"])


def _pylint(project: Project) -> str:
    if not project.addons:
        return ""
    pylint = [project.venv.python, "-m", "pylint", "--rcfile=pyproject.toml", "-j2"]
    return project.call([*pylint, *project.addons])


def _prettier(project: Project) -> str:
    node = ensure_node(project.paths, project.venv)
    names = project.named(NODE_SUFFIXES)
    if not names:
        return ""
    plugin = node.packages / "node_modules/@prettier/plugin-xml/src/plugin.js"
    mode = "--write" if project.fix else "--check"
    command = node.command("prettier", "bin/prettier.cjs")
    options = [mode, "--log-level=warn", f"--plugin={plugin}", "--ignore-unknown"]
    return project.call([*command, *options, *names])


def _eslint(project: Project) -> str:
    node = ensure_node(project.paths, project.venv)
    names = [name for name in project.named({".js"}) if "/static/" in name]
    if not names:
        return ""
    fix = ["--fix"] if project.fix else []
    command = node.command("eslint", "bin/eslint.js")
    return project.call([*command, "--max-warnings=0", *fix, *names])


def _catalogues(project: Project) -> str:
    shipped = [a for a in project.addons if a.parent == project.paths.addons]
    if not shipped:
        return ""
    module = ["-m", "launcher.testing.catalogues"]
    return project.call([project.venv.python, *module, *shipped])


def _rules(project: Project) -> str:
    findings = rules.check_project(project.paths.root, project.files)
    return "\n".join(str(finding) for finding in findings)


CHECKS: dict[str, Callable[[Project], str]] = {
    "ruff": _ruff,
    "format": _format,
    "pylint": _pylint,
    "prettier": _prettier,
    "eslint": _eslint,
    "catalogues": _catalogues,
    "rules": _rules,
}
# Both rewrite the same files: one after the other when repairing.
FIXERS = ("ruff", "format", "prettier", "eslint")


def run_checks(
    paths: Paths, venv: Venv, names: list[str] | None = None, *, fix: bool = False
) -> report.StageResult:
    """Run the checks (all of them without names), one thread each."""
    project = Project(paths, venv, rules.project_files(paths.root), fix)
    names = names or list(CHECKS)
    started_at = time.monotonic()

    def check(name: str) -> report.Case:
        began_at = time.monotonic()
        complaint = CHECKS[name](project)
        return report.Case(name, time.monotonic() - began_at, complaint)

    cases = []
    if fix:
        cases += [check(name) for name in FIXERS if name in names]
        names = [name for name in names if name not in FIXERS]
    with ThreadPoolExecutor(max_workers=4) as pool:
        cases += pool.map(check, names)
    return report.StageResult("lint", cases, time.monotonic() - started_at)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "checks",
        nargs="*",
        choices=[[], *CHECKS],
        metavar="check",
        help=f"only these: {', '.join(CHECKS)}",
    )
    parser.add_argument(
        "--fix", action="store_true", help="repair what can be repaired"
    )


def run(args: argparse.Namespace) -> int:
    """Print each check with its time; 1 when one of them complains."""
    paths = find_paths()
    paths.prepare()
    venv = ensure_venv(paths, dev=True)
    result = run_checks(paths, venv, list(args.checks), fix=args.fix)
    for case in result.cases:
        state = "FAILED" if case.failure else "ok"
        say(f"{case.name:<12} {state:<7} {human_seconds(case.seconds):>8}")
    for case in result.failures:
        say(f"\n--- {case.name}\n{case.failure}")
    return 1 if result.failures else 0

"""Which lines of each addon ran in unit and addon tests together."""

import json
import re
from dataclasses import dataclass

from .. import proc
from ..paths import Paths
from ..python_env import Venv
from . import report
from .pytest_run import coverage_folder

MINIMUM_PCT = 80


@dataclass
class Lines:
    """Lines of an addon that can run, and those that did."""

    total: int = 0
    covered: int = 0

    @property
    def pct(self) -> float:
        return 100 * self.covered / self.total if self.total else 100.0


def combine(paths: Paths, venv: Venv) -> dict[str, Lines]:
    """Merge the data of all stages; write XML and JSON; return lines per addon."""
    folder = coverage_folder(paths)
    data = sorted(path for path in folder.glob("data.*"))
    if not data:
        return {}
    config = f"--rcfile={paths.root / 'pyproject.toml'}"
    env = {**venv.env(), "COVERAGE_FILE": str(folder / "combined")}
    tool = [venv.python, "-m", "coverage"]
    proc.run(
        [*tool, "combine", config, "--keep", "--quiet", *data],
        cwd=paths.root,
        env=env,
    )
    for kind in ("xml", "json"):
        output = folder / f"coverage.{kind}"
        proc.run(
            [*tool, kind, config, "--quiet", "-o", output], cwd=paths.root, env=env
        )
    return per_addon(json.loads((folder / "coverage.json").read_text()))


def per_addon(summary: dict) -> dict[str, Lines]:
    """Add the files of a coverage report up, addon by addon."""
    addons: dict[str, Lines] = {}
    for name, file in summary["files"].items():
        match = re.match(r"addons/([^/]+)/", name)
        if match:
            lines = addons.setdefault(match[1], Lines())
            lines.total += file["summary"]["num_statements"]
            lines.covered += file["summary"]["covered_lines"]
    return dict(sorted(addons.items()))


def judge(addons: dict[str, Lines]) -> list[report.Case]:
    """One case per addon, failed below the minimum."""
    cases = []
    for name, lines in addons.items():
        missing = f"{lines.pct:.1f} % of {lines.total} lines, {MINIMUM_PCT} % needed"
        failure = missing if lines.pct < MINIMUM_PCT else ""
        cases.append(report.Case(f"coverage of {name}", failure=failure))
    return cases


def describe(addons: dict[str, Lines]) -> str:
    """The figures in a few words."""
    return ", ".join(f"{name} {lines.pct:.0f} %" for name, lines in addons.items())

"""Results of a stage: counted, printed on one line, written as JUnit."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

from ..console import human_seconds, say

# What XML 1.0 cannot hold (colours of the terminal, for example).
UNPRINTABLE = re.compile("\x1b\\[[0-9;]*m|[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Case:
    """One check: passed unless it says why not."""

    name: str
    seconds: float = 0.0
    failure: str = ""
    skipped: str = ""


@dataclass
class StageResult:
    """What became of a stage.

    :param note: a few words behind the counts ("coverage 91 %")
    """

    name: str
    cases: list[Case] = field(default_factory=list)
    seconds: float = 0.0
    note: str = ""

    @property
    def failures(self) -> list[Case]:
        return [case for case in self.cases if case.failure]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Passed, failed, skipped."""
        failed = len(self.failures)
        skipped = sum(1 for case in self.cases if case.skipped)
        return len(self.cases) - failed - skipped, failed, skipped

    @property
    def line(self) -> str:
        passed, failed, skipped = self.counts
        state = "FAILED" if failed else "ok"
        counts = f"{passed} passed, {failed} failed, {skipped} skipped"
        note = f"  ({self.note})" if self.note else ""
        spent = human_seconds(self.seconds)
        return f"{self.name:<10} {state:<7} {spent:>12}  {counts}{note}"


def show(result: StageResult) -> None:
    """Print the failures of a stage, then its line."""
    for case in result.failures:
        say(f"--- {result.name}: {case.name}")
        say("\n".join(f"    {line}" for line in case.failure.rstrip().splitlines()))
    say(result.line)


def summary(results: list[StageResult]) -> str:
    """The last line, the one CI reads."""
    counts = [result.counts for result in results]
    passed, failed, skipped = (sum(count[i] for count in counts) for i in range(3))
    return f"{passed} passed, {failed} failed, {skipped} skipped"


def write_junit(path: Path, result: StageResult) -> None:
    """Write the JUnit file of a stage that pytest does not run."""
    _passed, failed, skipped = result.counts
    suite = ET.Element(
        "testsuite",
        name=result.name,
        tests=str(len(result.cases)),
        failures=str(failed),
        errors="0",
        skipped=str(skipped),
        time=f"{result.seconds:.3f}",
    )
    for case in result.cases:
        node = ET.SubElement(
            suite,
            "testcase",
            classname=result.name,
            name=case.name,
            time=f"{case.seconds:.3f}",
        )
        if case.failure:
            first = UNPRINTABLE.sub("", case.failure).strip()
            ET.SubElement(node, "failure", message=first.splitlines()[0]).text = first
        elif case.skipped:
            ET.SubElement(node, "skipped", message=case.skipped)
    root = ET.Element("testsuites")
    root.append(suite)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def read_junit(path: Path) -> list[Case]:
    """Return the cases of a JUnit file that pytest has written."""
    cases = []
    for node in ET.parse(path).getroot().iter("testcase"):  # noqa: S314 - our file
        bad = [child for child in node if child.tag in ("failure", "error")]
        skipped = node.find("skipped")
        failure = "\n".join(
            child.text or child.get("message", "failed") for child in bad
        )
        cases.append(
            Case(
                name=f"{node.get('classname', '')}::{node.get('name', '')}",
                seconds=float(node.get("time", 0)),
                failure=failure,
                skipped="" if skipped is None else skipped.get("message", "skipped"),
            )
        )
    return cases

"""Server logs of the tests: any warning, error or traceback is a failure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ALLOWED = Path(__file__).with_name("allowed_log_lines.txt")
# 2026-03-02 08:30:00,123 4711 WARNING db odoo.addons.mail: something
ENTRY = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ (?P<pid>\d+) (?P<level>[A-Z]+) "
    r"(?P<database>\S+) (?P<logger>[^ :]+): (?P<message>.*)"
)
BAD_LEVELS = {"WARNING", "ERROR", "CRITICAL"}
TRACEBACK = "Traceback (most recent call last)"
# Written by our pytest plugin before each test, so that a line finds its test.
TEST_LOGGER = "crm.test"
SHOWN_LINES = 25


@dataclass
class Entry:
    """One message of the log with the lines that follow it.

    :param test: the test that was running in that process, when known
    """

    line: int
    level: str
    logger: str
    text: str
    test: str = ""

    @property
    def is_bad(self) -> bool:
        return self.level in BAD_LEVELS or TRACEBACK in self.text

    def show(self) -> str:
        lines = self.text.splitlines()
        if len(lines) > SHOWN_LINES:
            lines = [*lines[:3], "...", *lines[3 - SHOWN_LINES :]]
        during = f" during {self.test}" if self.test else ""
        head = f"line {self.line}{during}: {self.level} {self.logger}"
        return "\n".join([head, *(f"    {line}" for line in lines)])


def read_entries(text: str) -> Iterator[Entry]:
    """Split a log in messages; lines before the first one are one message."""
    running: dict[str, str] = {}
    entry = Entry(1, "", "", "")
    for number, line in enumerate(text.splitlines(), start=1):
        match = ENTRY.match(line)
        if not match:
            entry.text += f"\n{line}" if entry.text else line
            continue
        if entry.text:
            yield entry
        pid, message = match["pid"], match["message"]
        if match["logger"] == TEST_LOGGER:
            running[pid] = message
        entry = Entry(
            number, match["level"], match["logger"], message, running.get(pid, "")
        )
    if entry.text:
        yield entry


def read_allowed(path: Path = ALLOWED) -> list[re.Pattern]:
    """Return the patterns of the allow-list: `pattern  # reason` on each line."""
    patterns = []
    for line in path.read_text(encoding="utf-8").splitlines():
        pattern, separator, reason = line.partition("  # ")
        if not pattern.strip() or pattern.startswith("#"):
            continue
        if not separator or not reason.strip():
            raise ValueError(f"{path.name}: no reason given for {pattern!r}")
        patterns.append(re.compile(pattern.strip()))
    return patterns


def find_bad(text: str, allowed: list[re.Pattern]) -> list[Entry]:
    """Return the messages that nobody expected.

    A pattern is searched in `LEVEL logger: message` with all following lines.
    """
    return [
        entry
        for entry in read_entries(text)
        if entry.is_bad
        and not any(
            pattern.search(f"{entry.level} {entry.logger}: {entry.text}")
            for pattern in allowed
        )
    ]


def check_logs(paths: list[Path]) -> str:
    """Return what is wrong in these logs, empty when nothing is."""
    allowed = read_allowed()
    troubles = []
    for path in paths:
        if path.exists():
            text = path.read_text(encoding="utf-8", errors="replace")
            troubles += [
                f"{path.name} {entry.show()}" for entry in find_bad(text, allowed)
            ]
    return "\n".join(troubles)

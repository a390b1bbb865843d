"""What the user sees: numbered steps with their time, and troubles in one sentence."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Trouble(Exception):
    """A bad situation the user can do something about.

    :param sentence: what happened, one plain sentence
    :param remedy: what to do now, as exactly as possible
    """

    def __init__(self, sentence: str, remedy: str = ""):
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy

    def show(self) -> None:
        """Print the trouble on the error output."""
        print(self.sentence, file=sys.stderr)
        if self.remedy:
            print(f"  -> {self.remedy}", file=sys.stderr)
        sys.stderr.flush()


def say(text: str = "") -> None:
    """Print one line at once, also when the output is a file or a pipe."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # The reader (`./crm status | head`) is gone: nobody to talk to.
        sys.stdout = open("/dev/null", "w")  # noqa: SIM115


def human_seconds(seconds: float) -> str:
    """A duration as a person says it: '0.4 s', '12 s', '3 min 05 s'."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


class Steps:
    """Numbered steps, each with the time it took.

    ``with steps.step("Python environment") as step: step.note = "cached"``
    """

    def __init__(self, total: int):
        self.total = total
        self.number = 0
        self.note = ""
        self.started_at = time.monotonic()

    @property
    def elapsed_seconds(self) -> float:
        return time.monotonic() - self.started_at

    @contextmanager
    def step(self, title: str) -> Iterator["Steps"]:
        self.number += 1
        self.note = ""
        started_at = time.monotonic()
        prefix = f"[{self.number}/{self.total}]"
        say(f"{prefix} {title} ...")
        yield self
        spent = human_seconds(time.monotonic() - started_at)
        note = f": {self.note}" if self.note else ""
        say(f"{' ' * len(prefix)}   done in {spent}{note}")

    def detail(self, text: str) -> None:
        """One line of progress under the running step."""
        say(f"{' ' * len(f'[{self.number}/{self.total}]')}   {text}")

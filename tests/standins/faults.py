"""Trouble on demand: the next calls fail the way partners fail."""

import re
from dataclasses import dataclass

# slow: answers after `seconds`. cut: closes before any work. lost_answer: does the
# work, then cuts: the caller cannot know it worked. garbage: no JSON at all.
KINDS = ("401", "403", "429", "500", "503", "slow", "cut", "lost_answer", "garbage")


@dataclass
class Fault:
    """The ``count`` next calls that fit meet ``kind``; the first ``skip`` go through.

    :param path: regular expression searched in the path of the call
    :param method: empty for any
    :param seconds: how slow, or what ``Retry-After`` asks
    """

    kind: str
    count: int = 1
    path: str = ""
    method: str = ""
    skip: int = 0
    seconds: float = 2

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"Unknown kind of fault: {self.kind}")

    def fits(self, method, path):
        return (
            self.count > 0
            and self.method in ("", method)
            and bool(re.search(self.path, path))
        )


def take(lock, faults, method, path):
    """Use up and return the first fault that fits, None when there is none."""
    with lock:
        for fault in faults:
            if fault.fits(method, path):
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.count -= 1
                return fault
    return None

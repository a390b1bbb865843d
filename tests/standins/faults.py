"""Trouble on demand: the next calls fail the way partners fail."""

import re
from dataclasses import dataclass

# Does the work, then cuts: the caller cannot know it worked.
LOST_ANSWER = "lost_answer"
# slow: answers after `seconds`. timeout: never answers, cuts in the end. reset: cuts
# before any work. garbage: no JSON at all. empty: nothing at all. Refusals are named
# by each stand-in.
TRANSPORT = ("slow", "timeout", "reset", "garbage", "empty", LOST_ANSWER)


@dataclass
class Fault:
    """The ``count`` next calls that fit meet ``kind``; the first ``skip`` go through.

    :param path: regular expression searched in the path of the call
    :param method: empty for any
    :param key: of the account that calls, empty for any
    :param seconds: how slow, or what ``Retry-After`` asks
    """

    kind: str
    count: int = 1
    path: str = ""
    method: str = ""
    key: str = ""
    skip: int = 0
    seconds: float = 2

    def fits(self, method, path, key):
        return (
            self.count > 0
            and self.method in ("", method)
            and self.key in ("", key)
            and bool(re.search(self.path, path))
        )


def take(state, method, path, key=""):
    """Use up and return the first fault that fits, None when there is none."""
    with state.lock:
        for fault in state.faults:
            if fault.fits(method, path, key):
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.count -= 1
                return fault
    return None

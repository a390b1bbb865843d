"""Trouble on demand: the next calls fail the way DocuSign fails."""

from dataclasses import dataclass

from . import errors

KINDS = (
    "500",
    "403",
    "hourly_limit",
    "burst_limit",
    "polling_limit",
    "expired_token",
    "refused",
    "consent_required",
    "timeout",
    "garbage",
    "reset",
    "lost_answer",
)


@dataclass
class Fault:
    """``count`` next calls that fit meet ``kind``; the first ``skip`` go through.

    ``lost_answer`` does the work and cuts the connection: the caller cannot know.

    :param path: part of the path, empty for every call
    :param method: GET, POST or PUT, empty for all
    """

    kind: str
    count: int = 1
    path: str = ""
    method: str = ""
    skip: int = 0

    def concerns(self, method, path):
        return (
            self.count > 0
            and self.path in path
            and self.method in ("", method)
            and (self.kind == "consent_required") == path.startswith("/oauth/token")
        )


def take(state, method, path):
    """Return the kind of the first fault that applies and use it up."""
    with state.lock:
        for fault in state.faults:
            if fault.concerns(method, path) and fault.skip:
                fault.skip -= 1
            elif fault.concerns(method, path):
                fault.count -= 1
                return fault.kind
    return None


def error_for(kind, now):
    """Return the error a fault answers with, None when it does not answer so."""
    made = {
        "500": errors.server_trouble,
        "403": errors.no_permission,
        "hourly_limit": lambda: errors.hourly_limit(now - now % 3600 + 3600),
        "burst_limit": errors.burst_limit,
        "polling_limit": errors.polling_limit,
        "expired_token": errors.bad_token,
        "refused": lambda: errors.bad_parameter("Refused on purpose."),
    }.get(kind)
    return made and made()

"""Trouble on demand: the next calls fail the way partners fail."""

import socket
import struct
from dataclasses import dataclass

from .errors import ApiError, rate_limited, server_trouble

KINDS = (
    "500",
    "429",
    "403",
    "timeout",
    "garbage",
    "empty",
    "reset",
    "lost_answer",
)


@dataclass
class Fault:
    """``count`` next calls whose path starts with ``path`` meet ``kind``.

    The first ``skip`` of them go through: so the second page of a list fails.

    ``lost_answer`` executes the call, keeps its outcome for the idempotency
    key, and cuts the connection: the caller cannot know it worked.
    """

    kind: str
    count: int = 1
    path: str = "/v1/"
    secret_key: str = ""
    skip: int = 0

    def concerns(self, path, secret_key):
        return (
            self.count > 0
            and path.startswith(self.path)
            and self.secret_key in ("", secret_key)
        )


def take(state, path, secret_key):
    """Return the kind of the first fault that applies and use it up."""
    with state.lock:
        for fault in state.faults:
            if fault.concerns(path, secret_key) and fault.skip:
                fault.skip -= 1
            elif fault.concerns(path, secret_key):
                fault.count -= 1
                return fault.kind
    return None


def error_for(kind):
    if kind == "500":
        return server_trouble()
    if kind == "429":
        return rate_limited()
    if kind == "403":
        return ApiError(
            "The provided key does not have the required permissions for this "
            "endpoint.",
            status=403,
        )
    return None


def cut(connection):
    """Close so that the other side sees a connection reset, not an end."""
    linger = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()

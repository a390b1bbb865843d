"""Refusals on demand: the next calls fail the way DocuSign fails."""

from ..faults import TRANSPORT
from . import errors

REFUSALS = {
    "500": errors.server_trouble,
    "403": errors.no_permission,
    "burst_limit": errors.burst_limit,
    "polling_limit": errors.polling_limit,
    "expired_token": errors.bad_token,
    "refused": lambda: errors.bad_parameter("Refused on purpose."),
    "consent_required": lambda: errors.GrantError("consent_required"),
}
KINDS = (*REFUSALS, "hourly_limit", *TRANSPORT)
# Only the missing permission is told by the sign-in host.
TOKEN, NOT_TOKEN = "^/oauth/token", "^(?!/oauth/token)"


def error_for(kind, now):
    """Return the error a fault answers with, None when it does not answer so."""
    if kind == "hourly_limit":
        return errors.hourly_limit(now - now % 3600 + 3600)
    make = REFUSALS.get(kind)
    return make and make()

"""What an error of DocuSign means: its ``errorCode`` counts before the status.

Refusals for too many calls were sent as 400 for years, and bad requests as 401 or
404: https://developers.docusign.com/platform/resource-limits, read 2026-11.
"""

from __future__ import annotations

from typing import Any

from odoo.addons.crm_base.lib.errors import (
    AuthenticationError,
    ClientError,
    ConfigurationError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from odoo.addons.crm_base.lib.http_rules import error_for_status

CONSENT_REQUIRED = "consent_required"
POLLING_LIMIT = "HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED"
LONGEST_PAUSE_SECONDS = 3600.0
# Wait when the service does not say how long.
HOURLY_PAUSE_SECONDS = 900.0
BURST_PAUSE_SECONDS = 30.0

# The token is not accepted: a fresh one may be.
TOKEN_CODES = frozenset({"AUTHORIZATION_INVALID_TOKEN", "USER_AUTHENTICATION_FAILED"})

_KINDS: dict[str, type[ClientError]] = {
    "ACCOUNT_HAS_BEEN_SUSPENDED": ConfigurationError,
    "ACCOUNT_LACKS_PERMISSIONS": AuthenticationError,
    "AUTHORIZATION_INVALID_TOKEN": AuthenticationError,
    "BURST_APIINVOCATION_LIMIT_EXCEEDED": RateLimitedError,
    "DOCUMENT_DOES_NOT_EXIST": RefusedError,
    "EDIT_LOCK_ENVELOPE_LOCKED": UnavailableError,
    "ENVELOPE_ALLOWANCE_EXCEEDED": ConfigurationError,
    "ENVELOPE_DOES_NOT_EXIST": RefusedError,
    "HOURLY_APIINVOCATION_LIMIT_EXCEEDED": RateLimitedError,
    "INVALID_REQUEST_PARAMETER": RefusedError,
    "PARTNER_AUTHENTICATION_FAILED": AuthenticationError,
    "UNSPECIFIED_ERROR": UnavailableError,
    "USER_AUTHENTICATION_FAILED": AuthenticationError,
    "USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT": AuthenticationError,
    "USER_LACKS_PERMISSIONS": AuthenticationError,
    POLLING_LIMIT: RefusedError,
}
_GRANT_KINDS: dict[str, type[ClientError]] = {
    CONSENT_REQUIRED: AuthenticationError,
    "invalid_client": AuthenticationError,
    "invalid_grant": AuthenticationError,
    "invalid_scope": ConfigurationError,
    "unsupported_grant_type": ConfigurationError,
}


def error_from(
    status: int,
    body: Any,
    *,
    trace: str | None = None,
    delay_seconds: float | None = None,
) -> ClientError | None:
    """Return the error an answer means, None when it is a success.

    :param body: the decoded JSON, None when it is none
    :param trace: DocuSign's name of the request, for its support desk
    :param delay_seconds: wait the service asks for, when it does
    """
    if 200 <= status < 300:
        return None
    body = body if isinstance(body, dict) else {}
    code = str(body.get("errorCode") or "").upper()
    message = str(body.get("message") or "").strip()
    kind = _KINDS.get(code)
    if kind is None:
        found = error_for_status(status)
        kind = type(found)
        message = message or found.message
    facts = {"remote_code": code or None, "status": status, "request_id": trace}
    if issubclass(kind, UnavailableError):
        facts["delay_seconds"] = _pause(code, delay_seconds)
    return kind(_first_line(message) or "DocuSign gave no reason", **facts)


def _pause(code: str, asked: float | None) -> float | None:
    if asked is not None:
        return min(max(asked, 1.0), LONGEST_PAUSE_SECONDS)
    if code.startswith("HOURLY_"):
        return HOURLY_PAUSE_SECONDS
    return BURST_PAUSE_SECONDS if code.startswith("BURST_") else None


def grant_error_from(
    status: int, body: Any, *, trace: str | None = None
) -> ClientError | None:
    """Return the error of the sign-in host, None when it gave a token."""
    if 200 <= status < 300:
        return None
    body = body if isinstance(body, dict) else {}
    code = str(body.get("error") or "")
    kind = _GRANT_KINDS.get(code)
    if kind is None:
        return error_from(status, None, trace=trace)
    told = str(body.get("error_description") or "").strip()
    message = _first_line(told) or "DocuSign does not give access"
    return kind(message, remote_code=code, status=status, request_id=trace)


def _first_line(text: str) -> str:
    return text.splitlines()[0][:300] if text else ""

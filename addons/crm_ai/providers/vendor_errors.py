"""What went wrong at a vendor, in the words of our family of errors.

Sources: https://platform.openai.com/docs/guides/error-codes,
https://docs.anthropic.com/en/api/errors,
https://ai.google.dev/gemini-api/docs/troubleshooting (all checked 2026-11).
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, TypeVar

import anthropic
import httpx2
import openai

from odoo.addons.crm_base.lib.errors import (
    AuthenticationError,
    ClientError,
    ConfigurationError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from odoo.addons.crm_base.lib.http_rules import error_for_status, parse_retry_after

from .guarded_http import ForbiddenAddress, TooLarge

Result = TypeVar("Result")

# Codes of ours that callers may tell apart.
QUOTA = "quota"
TOO_LONG = "too_long"
MODEL_NOT_FOUND = "model_not_found"
STREAM_OPTIONS = "stream_options"

_LABEL = re.compile(r"[\w.:-]{1,60}$", re.ASCII)
# Vendors that have no code for it say it in the message only.
_TOO_LONG = re.compile(
    r"context.?(length|size|window)|too long|maximum.{0,20}tokens|exceed_context", re.I
)
_NO_MONEY = re.compile(
    r"credit balance|insufficient.?(quota|funds|credit)|billing", re.I
)
_NO_CREDIT = ("insufficient_quota", "billing_error", "billing_hard_limit_reached")
_BAD_KEY = re.compile(r"API_KEY_INVALID|api key not valid", re.I)
_BY_TYPE = {
    "rate_limit": RateLimitedError,
    "authentication_error": AuthenticationError,
    "permission_error": AuthenticationError,
    "invalid_request_error": RefusedError,
    "not_found_error": RefusedError,
    "request_too_large": RefusedError,
}


def error_of_answer(
    status: int, body: Any, headers: Mapping[str, str], request_id: str = ""
) -> ClientError:
    """Return what an answer that is no success means.

    :param body: decoded JSON, or anything else
    """
    facts = _facts(body)
    words = json.dumps(facts, ensure_ascii=False) if facts else ""
    request_id = request_id or headers.get("x-request-id") or headers.get("request-id")
    code = _code(facts)
    known = {"status": status, "request_id": request_id or None}
    if status == 402 or (status in (400, 403, 429) and _is_out_of_money(facts, words)):
        message = "the account has no credit left"
        return RefusedError(message, remote_code=QUOTA, **known)
    if status == 400 and _BAD_KEY.search(words):
        return AuthenticationError("the key is not valid", remote_code=code, **known)
    if status == 413 or (status in (400, 422) and _TOO_LONG.search(words)):
        return RefusedError("too much text", remote_code=TOO_LONG, **known)
    if status == 404 or code == "model_not_found":
        message = "the model or the address is not known"
        return RefusedError(message, remote_code=MODEL_NOT_FOUND, **known)
    if status in (400, 422) and "stream_options" in words:
        message = "this server does not count what it streams"
        return RefusedError(message, remote_code=STREAM_OPTIONS, **known)
    if status == 409:
        return UnavailableError("the service is busy", remote_code=code, **known)
    return error_for_status(
        status,
        delay_seconds=_delay(headers, facts),
        remote_code=code,
        request_id=request_id or None,
    ) or UnavailableError("the service failed", remote_code=code, **known)


def error_in_stream(body: Any, request_id: str = "") -> ClientError:
    """Return what an error told in the middle of an answer means."""
    facts = _facts(body)
    code = _code(facts)
    known = {"remote_code": code, "request_id": request_id or None}
    if _is_out_of_money(facts, json.dumps(facts, ensure_ascii=False)):
        return RefusedError("no credit left", **{**known, "remote_code": QUOTA})
    kind = next(
        (kind for name, kind in _BY_TYPE.items() if (code or "").startswith(name)),
        UnavailableError,
    )
    return kind("the service gave up in the middle", **known)


def _facts(body: Any) -> dict:
    """Return the error itself, however it is wrapped."""
    if isinstance(body, list) and body:  # Google's compatible door
        body = body[0]
    if isinstance(body, Mapping) and isinstance(body.get("error"), Mapping):
        body = body["error"]
    if isinstance(body, Mapping) and isinstance(body.get("error"), str):
        body = {"message": body["error"]}
    return dict(body) if isinstance(body, Mapping) else {}


def _code(facts: Mapping[str, Any]) -> str | None:
    for name in ("code", "type", "status"):
        value = facts.get(name)
        if isinstance(value, str) and _LABEL.match(value):
            return value
    return None


def _is_out_of_money(facts: Mapping[str, Any], words: str) -> bool:
    names = (facts.get("code"), facts.get("type"))
    if any(name in _NO_CREDIT for name in names):
        return True
    # Google: a limit per day will not come back within any delay of ours
    if "QuotaFailure" in words:
        return "PerDay" in words
    return bool(_NO_MONEY.search(str(facts.get("message") or "")))


def _delay(headers: Mapping[str, str], facts: Mapping[str, Any]) -> float | None:
    """Return the wait that is asked, in seconds."""
    with contextlib.suppress(TypeError, ValueError):
        return max(0.0, float(headers.get("retry-after-ms")) / 1000)
    delay = parse_retry_after(headers.get("retry-after"), datetime.now(timezone.utc))
    if delay is not None:
        return delay
    details = facts.get("details")
    for detail in details if isinstance(details, list) else []:
        text = detail.get("retryDelay") if isinstance(detail, Mapping) else None
        if found := re.fullmatch(r"([\d.]+)s", str(text)):
            return float(found[1])
    return None


def in_our_words(function: Callable[..., Result], *args: Any, **fields: Any) -> Result:
    """Call, and raise members of our family for whatever the libraries raise."""
    try:
        return function(*args, **fields)
    except ClientError:
        raise
    except Exception as error:
        problem = _translate(error)
        if problem is error:
            raise
    # out of the handler: the libraries' exceptions quote what was sent
    raise problem


def _translate(error: Exception) -> Exception:
    chain = _chain(error)
    if any(isinstance(one, ForbiddenAddress) for one in chain):
        return ConfigurationError("the address belongs to an internal network")
    if any(isinstance(one, TooLarge) for one in chain):
        return MalformedAnswerError("the answer is too large")
    if isinstance(error, openai.APIStatusError | anthropic.APIStatusError):
        response = error.response
        request_id = error.request_id or ""
        if response.is_success:
            return error_in_stream(error.body, request_id)
        return error_of_answer(
            response.status_code, error.body, response.headers, request_id
        )
    timeouts = (openai.APITimeoutError, anthropic.APITimeoutError)
    if isinstance(error, (*timeouts, httpx2.TimeoutException)):
        return UnavailableError("the service does not answer in time")
    network = (openai.APIConnectionError, anthropic.APIConnectionError)
    if isinstance(error, (*network, httpx2.TransportError)):
        names = {type(one).__name__ for one in chain}
        where = "reached" if "ConnectError" in names else "heard to the end"
        return UnavailableError(f"the service cannot be {where}")
    if isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol):
        return ConfigurationError("the address cannot be called")
    malformed = (
        openai.APIResponseValidationError,
        anthropic.APIResponseValidationError,
    )
    if isinstance(error, (*malformed, ValueError, UnicodeError)):
        return MalformedAnswerError(f"the answer is damaged ({type(error).__name__})")
    if isinstance(error, openai.APIError | anthropic.APIError):
        return error_in_stream(error.body)
    return error


def _chain(error: BaseException) -> list[BaseException]:
    found = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found

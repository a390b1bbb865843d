"""HTTP client for outside services, on ``requests``.

What it adds: no redirect, caps on time and size, internal addresses refused at the
moment of connecting, errors of one closed family, logs without bodies, headers or
query strings.
"""

from __future__ import annotations

import json as json_module
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests import exceptions as failures

from ..lib.errors import (
    ClientError,
    ConfigurationError,
    MalformedAnswerError,
    UnavailableError,
)
from ..lib.http_rules import HttpLimits, check_url, error_for_status, parse_retry_after
from ..lib.redaction import redact_text
from .guarded_connection import Adapter, Deadline, ForbiddenAddress

_logger = logging.getLogger(__name__)

REQUEST_ID_HEADERS = ("Request-Id", "X-Request-Id", "X-Amzn-RequestId", "CF-Ray")
_CHUNK_BYTES = 65_536


class _TooLarge(Exception):
    pass


_NETWORK = (OSError, urllib3.exceptions.HTTPError)
# What exceptions of the libraries mean; the first line that fits counts.
_MEANINGS = (
    (_TooLarge, MalformedAnswerError, "the answer is too large"),
    (failures.ContentDecodingError, MalformedAnswerError, "the answer is damaged"),
    (failures.SSLError, UnavailableError, "no trusted encrypted connection"),
    (failures.Timeout, UnavailableError, "the service does not answer in time"),
    (failures.InvalidURL, ConfigurationError, "the address cannot be called"),
    (failures.InvalidHeader, ConfigurationError, "a header cannot be sent"),
    (_NETWORK, UnavailableError, "the service cannot be reached"),
)


@dataclass(frozen=True)
class HttpAnswer:
    """A complete answer.

    :param headers: in the service's spelling; :meth:`header` ignores the case
    :param duration_ms: from the start of the call to the last byte
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    duration_ms: int

    def header(self, name: str) -> str | None:
        """Return a header whatever its case, None when absent."""
        wanted = name.lower()
        return next((v for k, v in self.headers.items() if k.lower() == wanted), None)

    @property
    def request_id(self) -> str | None:
        """The service's name for this request, None when it gives none."""
        return next(filter(None, map(self.header, REQUEST_ID_HEADERS)), None)

    def json(self) -> Any:
        """Return the decoded body.

        :raise MalformedAnswerError: the body is not JSON
        """
        try:
            return json_module.loads(self.body)
        except ValueError:
            facts = {"status": self.status, "request_id": self.request_id}
            raise MalformedAnswerError("the answer is not JSON", **facts) from None

    def error(self, remote_code: str | None = None) -> ClientError | None:
        """Return what the status means in the error family, None for 2xx.

        :param remote_code: the service's own code, decoded by the caller
        """
        now = datetime.now(timezone.utc)
        return error_for_status(
            self.status,
            delay_seconds=parse_retry_after(self.header("Retry-After"), now),
            remote_code=remote_code,
            request_id=self.request_id,
        )


class HttpClient:
    """Calls one service.

    :param base_url: scheme and host, with or without a path; paths are appended
    :param limits: time and size caps
    :param guard_private: refuse internal addresses (for addresses typed by users);
        then no proxy is used, because it would hide the real address
    :param headers: sent with every call
    :param user_agent: our name for the service
    :param redactor: applied to the address before it is logged
    :raise ConfigurationError: ``base_url`` is not an address that may be called
    """

    def __init__(
        self,
        base_url: str,
        *,
        limits: HttpLimits | None = None,
        guard_private: bool = True,
        headers: Mapping[str, str] | None = None,
        user_agent: str = "crm-suite",
        redactor: Callable[[str], str] = redact_text,
    ) -> None:
        self.base_url = check_url(
            base_url, allow_http=True, allow_private=not guard_private
        ).rstrip("/")
        self.limits = limits or HttpLimits()
        self._redactor = redactor
        self._session = session = requests.Session()
        host = urlsplit(self.base_url).hostname
        session.trust_env = not guard_private and host not in ("localhost", "127.0.0.1")
        session.auth = lambda request: request  # nothing from a .netrc file
        session.headers.update({"User-Agent": user_agent, **(headers or {})})
        timeout = (self.limits.connect_seconds, self.limits.read_seconds)
        for scheme in ("https://", "http://"):
            session.mount(scheme, Adapter(guard_private, timeout))

    def close(self) -> None:
        """Close the connections kept for the next call."""
        self._session.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        data: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> HttpAnswer:
        """Make one call and return its complete answer.

        :param path: appended to the base address
        :param json: body to encode as JSON
        :param data: body as bytes, or fields of a form
        :param check: raise for any status but 2xx; else the caller judges it with
            :meth:`HttpAnswer.error`
        :raise ClientError: a member of the family, according to what happened
        """
        url = f"{self.base_url}/{path.lstrip('/')}" if path else self.base_url
        content = {"json": json, "data": data, "params": params, "headers": headers}
        outcome, started = "failed", time.monotonic()
        try:
            answer = self._exchange(method, url, content, started)
            outcome = str(answer.status)
        except ClientError as error:
            outcome = type(error).__name__
            raise
        finally:
            _logger.info(
                "%s %s: %s in %d ms",
                method,
                self._redactor(url.split("?", 1)[0]),
                outcome,
                (time.monotonic() - started) * 1000,
            )
        if check and (error := answer.error()):
            raise error
        return answer

    def _exchange(
        self, method: str, url: str, content: dict[str, Any], started: float
    ) -> HttpAnswer:
        problem = None
        with Deadline(self.limits.total_seconds) as deadline:
            try:
                with self._session.request(
                    method, url, allow_redirects=False, stream=True, **content
                ) as response:
                    body = self._read_body(response)
            except Exception as error:
                problem = _translate(error)
        if deadline.expired:
            problem = UnavailableError("the service is too slow")
        if problem:
            # out of the handler: the library's exception quotes the query string
            raise problem
        duration_ms = int((time.monotonic() - started) * 1000)
        return HttpAnswer(
            response.status_code, dict(response.headers), body, duration_ms
        )

    def _read_body(self, response: requests.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK_BYTES):
            body += chunk
            if len(body) > self.limits.max_bytes:
                raise _TooLarge
        return bytes(body)


def _translate(error: Exception) -> Exception:
    """Return the member of our family for an exception of the libraries."""
    if _is_forbidden_address(error):
        return ConfigurationError("the address belongs to an internal network")
    for kinds, family, message in _MEANINGS:
        if isinstance(error, kinds):
            return family(f"{message} ({type(error).__name__.lstrip('_')})")
    return error


def _is_forbidden_address(error: BaseException | None) -> bool:
    while error and not isinstance(error, ForbiddenAddress):
        error = error.__cause__ or error.__context__
    return error is not None

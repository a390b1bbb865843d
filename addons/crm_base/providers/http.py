"""HTTP client for outside services, on ``requests``.

What it adds: no redirect, caps on time and size, internal addresses refused at the
moment of connecting (the socket goes to the very address that was checked, so a
name that changes its mind in between gains nothing), errors of one closed family,
logs without bodies, headers or query strings.
"""

from __future__ import annotations

import json as json_module
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests import exceptions as requests_errors
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from ..lib.errors import (
    ClientError,
    ConfigurationError,
    MalformedAnswerError,
    UnavailableError,
)
from ..lib.http_rules import (
    HttpLimits,
    check_url,
    error_for_status,
    is_public_address,
    parse_retry_after,
)
from ..lib.redaction import redact_text

_logger = logging.getLogger(__name__)

REQUEST_ID_HEADERS = ("Request-Id", "X-Request-Id", "X-Amzn-RequestId", "CF-Ray")
_CHUNK_BYTES = 65_536
# The call that this thread is making, for the connections it uses.
_current = threading.local()


class _ForbiddenAddress(Exception):
    """The name resolves to internal addresses only."""


class _TooLarge(Exception):
    """The answer is larger than the limit."""


@dataclass(frozen=True)
class HttpAnswer:
    """A complete answer.

    :param headers: names in the service's spelling; use :meth:`header` to look up
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
        except ValueError as error:
            raise MalformedAnswerError(
                "the answer is not JSON", status=self.status, request_id=self.request_id
            ) from error

    def error(self, remote_code: str | None = None) -> ClientError | None:
        """Return what the status means in the error family, None for 2xx.

        :param remote_code: the service's own code, decoded by the caller
        """
        delay = parse_retry_after(
            self.header("Retry-After"), datetime.now(timezone.utc)
        )
        return error_for_status(
            self.status,
            delay_seconds=delay,
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
    :param redactor: applied to the path before it is logged
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
        redactor: Callable[[str], str] | None = None,
    ) -> None:
        self.base_url = check_url(
            base_url, allow_http=True, allow_private=not guard_private
        ).rstrip("/")
        self.limits = limits or HttpLimits()
        self._redactor = redactor or redact_text
        self._session = self._make_session(guard_private)
        self._session.headers.update({"User-Agent": user_agent, **(headers or {})})

    def _make_session(self, guard_private: bool) -> requests.Session:
        session = requests.Session()
        host = urlsplit(self.base_url).hostname
        session.trust_env = not guard_private and host not in ("localhost", "127.0.0.1")
        # no credentials from a .netrc file
        session.auth = _no_auth
        adapter = _Adapter(guard_private)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def __enter__(self) -> HttpClient:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

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
        started = time.monotonic()
        outcome: str = "failed"
        try:
            with _Deadline(self.limits.total_seconds) as deadline:
                answer = self._exchange(
                    deadline, started, method, path, json, data, params, headers
                )
            outcome = str(answer.status)
        except Exception as error:
            outcome = type(error).__name__
            raise
        finally:
            _logger.info(
                "%s %s -> %s in %d ms",
                method,
                self._redactor(f"{self.base_url}/{path.lstrip('/')}".split("?", 1)[0]),
                outcome,
                (time.monotonic() - started) * 1000,
            )
        if check and (error := answer.error()):
            raise error
        return answer

    def _exchange(
        self, deadline, started, method, path, json, data, params, headers
    ) -> HttpAnswer:
        try:
            response = self._session.request(
                method,
                f"{self.base_url}/{path.lstrip('/')}" if path else self.base_url,
                json=json,
                data=data,
                params=params,
                headers=headers,
                timeout=(self.limits.connect_seconds, self.limits.read_seconds),
                allow_redirects=False,
                stream=True,
            )
            with response:
                body = self._read_body(response)
        except Exception as error:
            if deadline.expired:
                raise UnavailableError("the service is too slow") from None
            # "from None": these exceptions quote the address with its query string
            raise _translate(error) from None
        if deadline.expired:
            raise UnavailableError("the service is too slow")
        duration_ms = int((time.monotonic() - started) * 1000)
        return HttpAnswer(
            response.status_code, dict(response.headers), body, duration_ms
        )

    def _read_body(self, response: requests.Response) -> bytes:
        chunks, size = [], 0
        for chunk in response.iter_content(_CHUNK_BYTES):
            size += len(chunk)
            if size > self.limits.max_bytes:
                raise _TooLarge
            chunks.append(chunk)
        return b"".join(chunks)


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _translate(error: Exception) -> Exception:
    """Return the member of our family for an exception of requests or urllib3."""
    name = type(error).__name__
    if isinstance(error, _TooLarge):
        return MalformedAnswerError("the answer is too large")
    if _has_cause(error, _ForbiddenAddress):
        return ConfigurationError("the address belongs to an internal network")
    if isinstance(
        error,
        requests_errors.ContentDecodingError | urllib3.exceptions.DecodeError,
    ):
        return MalformedAnswerError("the answer cannot be decompressed")
    if isinstance(error, requests_errors.SSLError) or _has_cause(error, ssl.SSLError):
        return UnavailableError("no trusted encrypted connection to the service")
    if isinstance(error, requests_errors.Timeout):
        return UnavailableError(f"the service does not answer in time ({name})")
    if isinstance(
        error,
        requests_errors.InvalidURL
        | requests_errors.InvalidSchema
        | requests_errors.MissingSchema
        | requests_errors.InvalidHeader,
    ):
        return ConfigurationError(f"the request cannot be made ({name})")
    if isinstance(
        error,
        requests_errors.RequestException | urllib3.exceptions.HTTPError | OSError,
    ):
        return UnavailableError(f"the service cannot be reached ({name})")
    return error


def _has_cause(error: BaseException, kind: type[BaseException]) -> bool:
    """Look for an exception behind the wrappers of requests and urllib3."""
    seen: set[int] = set()
    todo: list[object] = [error]
    while todo:
        item = todo.pop()
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        if isinstance(item, kind):
            return True
        seen.add(id(item))
        todo += [item.__cause__, item.__context__, getattr(item, "reason", None)]
        todo += item.args
    return False


class _Deadline:
    """Cuts the connection of the current call when its time is over.

    Socket timeouts only bound each silence; a service that sends a byte from time
    to time would hold a worker for hours.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._connection: HTTPConnection | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        _current.deadline = self
        self._timer.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._timer.cancel()
        _current.deadline = None

    def watch(self, connection: HTTPConnection) -> None:
        self._connection = connection
        if self.expired:
            self._cut()

    def _cut(self) -> None:
        self.expired = True
        sock = getattr(self._connection, "sock", None)
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class _WatchedConnection:
    """Tells the deadline which connection carries the call."""

    def request(self, *args, **kwargs):
        if deadline := getattr(_current, "deadline", None):
            deadline.watch(self)
        return super().request(*args, **kwargs)


class _GuardedConnection(_WatchedConnection):
    """Connects to a public address of the host, and to that address only."""

    def _new_conn(self) -> socket.socket:
        try:
            found = socket.getaddrinfo(
                self._dns_host, self.port, type=socket.SOCK_STREAM
            )
        except (OSError, UnicodeError) as error:
            raise urllib3.exceptions.NameResolutionError(
                self.host, self, socket.gaierror(str(error))
            ) from error
        public = [info for info in found if is_public_address(info[4][0])]
        if not public:
            raise _ForbiddenAddress
        last_error: OSError | None = None
        for family, kind, protocol, _name, address in public:
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(self.timeout)
                sock.connect(address)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return sock
            except OSError as error:
                sock.close()
                last_error = error
        raise urllib3.exceptions.NewConnectionError(
            self, "no address of the host answers"
        ) from last_error


class _Http(_WatchedConnection, HTTPConnection):
    pass


class _Https(_WatchedConnection, HTTPSConnection):
    pass


class _GuardedHttp(_GuardedConnection, HTTPConnection):
    pass


class _GuardedHttps(_GuardedConnection, HTTPSConnection):
    pass


def _pool(base: type, connection: type) -> type:
    return type(connection.__name__ + "Pool", (base,), {"ConnectionCls": connection})


class _Adapter(HTTPAdapter):
    """Gives the session our connection classes; never retries by itself."""

    def __init__(self, guard_private: bool) -> None:
        http, https = (
            (_GuardedHttp, _GuardedHttps) if guard_private else (_Http, _Https)
        )
        self._pools = {
            "http": _pool(HTTPConnectionPool, http),
            "https": _pool(HTTPSConnectionPool, https),
        }
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args, **kwargs) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

"""The HTTP side of the vendors' libraries, under our rules.

The libraries speak through `httpx2`; this transport gives them what our own client
has (see `crm_base.providers.http`): internal addresses refused at the moment of
connecting, no redirect, no proxy, no .netrc, caps on time and size, no log of bodies.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import httpcore2
import httpx2

from odoo.addons.crm_base.lib.http_rules import HttpLimits, is_public_address

# At DEBUG they write what is asked, at INFO each address.
for _name in ("openai", "anthropic", "httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_MAX_BYTES = 20_000_000


class ForbiddenAddress(httpx2.TransportError):
    """The name resolves to internal addresses only."""


class TooLarge(httpx2.TransportError):
    """The answer is larger than any answer should be, or compressed unasked."""


class Clock:
    """When the call under way must be over; shared with its connections."""

    def __init__(self, total_seconds: float) -> None:
        self._total_seconds = total_seconds
        self._end = time.monotonic() + total_seconds

    def restart(self) -> None:
        self._end = time.monotonic() + self._total_seconds

    def cap(self, timeout: float | None) -> float:
        """Return the time a step may take. :raise httpcore2.ReadTimeout: none left"""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the whole call takes too long")
        return left if timeout is None else min(left, timeout)


class _Stream(httpcore2.NetworkStream):
    """A connection whose every step ends with the call."""

    def __init__(self, stream: httpcore2.NetworkStream, clock: Clock) -> None:
        self._stream = stream
        self._clock = clock

    # These are no methods of records.
    # pylint: disable=method-required-super
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.cap(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.cap(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        secured = self._stream.start_tls(
            ssl_context, server_hostname, self._clock.cap(timeout)
        )
        return _Stream(secured, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    """Connects to an address of the host that was checked: that very one.

    The name stays what is sent as Host and verified in the certificate.
    """

    def __init__(self, clock: Clock, allow_private: bool) -> None:
        self._clock = clock
        self._allow_private = allow_private
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(
        self, host, port, timeout=None, local_address=None, socket_options=None
    ):
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError("the host name is not known") from error
        addresses = list(dict.fromkeys(info[4][0] for info in found))
        if not self._allow_private:
            addresses = [one for one in addresses if is_public_address(one)]
        if not addresses:
            raise ForbiddenAddress("the address belongs to an internal network")
        failure = None
        for address in addresses:
            try:
                stream = self._backend.connect_tcp(
                    address,
                    port,
                    self._clock.cap(timeout),
                    local_address,
                    socket_options,
                )
                return _Stream(stream, self._clock)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(self, path, timeout=None, socket_options=None):
        raise ForbiddenAddress("no sockets of this machine")


class _Body(httpx2.SyncByteStream):
    """The bytes of an answer, counted."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        with _translated():
            for piece in self._stream:
                size += len(piece)
                if size > _MAX_BYTES:
                    raise TooLarge("the answer is too large")
                yield piece

    def close(self) -> None:
        self._stream.close()


class _translated:
    """Turns the errors of the lower library into those of the upper one."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind, error, _trace) -> None:
        if isinstance(error, httpcore2.ConnectTimeout | httpcore2.ConnectError):
            raise httpx2.ConnectError(str(error)) from error
        if isinstance(error, httpcore2.TimeoutException):
            raise httpx2.ReadTimeout(str(error)) from error
        if isinstance(error, httpcore2.NetworkError | httpcore2.ProtocolError):
            raise httpx2.ReadError(str(error)) from error


class GuardedTransport(httpx2.BaseTransport):
    """Sends requests under our rules.

    :param clock: restarted by whoever begins a call
    :param allow_private: the address may be on our own network
    """

    def __init__(self, clock: Clock, *, allow_private: bool) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=_ssl_context(),
            max_connections=4,
            keepalive_expiry=30,
            network_backend=_Backend(clock, allow_private),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        asked = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(
                scheme=url.raw_scheme,
                host=url.raw_host,
                port=url.port,
                target=url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _translated():
            answer = self._pool.handle_request(asked)
        headers = httpx2.Headers(answer.headers)
        # A small compressed body may hold gigabytes; we asked for none.
        if headers.get("content-encoding", "identity").lower() != "identity":
            answer.stream.close()
            raise TooLarge("the answer is compressed")
        return httpx2.Response(
            status_code=answer.status,
            headers=headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()


@lru_cache(maxsize=1)
def _ssl_context():
    return httpx2.create_ssl_context()


def make_http_client(
    limits: HttpLimits, *, allow_private: bool
) -> tuple[httpx2.Client, Clock]:
    """Return what a vendor's library takes as its HTTP client, and its clock."""
    clock = Clock(limits.total_seconds)
    client = httpx2.Client(
        transport=GuardedTransport(clock, allow_private=allow_private),
        timeout=httpx2.Timeout(limits.read_seconds, connect=limits.connect_seconds),
        follow_redirects=False,
        trust_env=False,
        headers={"Accept-Encoding": "identity"},
    )
    return client, clock

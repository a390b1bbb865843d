"""Connections for the HTTP client: bounded in time, never to internal networks."""

from __future__ import annotations

import contextlib
import socket
import threading

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from ..lib.http_rules import is_public_address

# The call that this thread is making, for the connections it uses.
_current = threading.local()


class ForbiddenAddress(Exception):
    """The name resolves to internal addresses only."""


class Deadline:
    """Cuts the connection of the current call when its time is over.

    Socket timeouts only bound each silence: a service that sends a byte from time
    to time would hold a worker for hours.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._connection: HTTPConnection | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        _current.deadline = self
        self._timer.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._timer.cancel()
        _current.deadline = None

    def watch(self, connection: HTTPConnection) -> None:
        """Remember the connection that carries the call."""
        self._connection = connection
        if self.expired:
            self._cut()

    def _cut(self) -> None:
        self.expired = True
        sock = getattr(self._connection, "sock", None)
        if sock is not None:
            with contextlib.suppress(OSError):  # closed in the meantime
                sock.shutdown(socket.SHUT_RDWR)


class _Watched:
    def request(self, *args, **kwargs):
        if deadline := getattr(_current, "deadline", None):
            deadline.watch(self)
        return super().request(*args, **kwargs)


class _Guarded(_Watched):
    """Connects to a public address of the host: the very one that was checked.

    The name stays what is sent as Host and verified in the certificate.
    """

    def _new_conn(self) -> socket.socket:
        try:
            found = socket.getaddrinfo(
                self._dns_host, self.port, type=socket.SOCK_STREAM
            )
        except (OSError, UnicodeError) as error:
            raise urllib3.exceptions.NewConnectionError(
                self, "the host name is not known"
            ) from error
        public = [info for info in found if is_public_address(info[4][0])]
        if not public:
            raise ForbiddenAddress
        for family, kind, protocol, _name, address in public:
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(self.timeout)
                sock.connect(address)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return sock
            except OSError as error:
                sock.close()
                failure = error
        raise urllib3.exceptions.NewConnectionError(
            self, "no address of the host answers"
        ) from failure


def _pool(pool: type, scheme: type, behaviour: type) -> type:
    connection = type(f"{behaviour.__name__}{scheme.__name__}", (behaviour, scheme), {})
    return type(f"{connection.__name__}Pool", (pool,), {"ConnectionCls": connection})


def _pools(behaviour: type) -> dict[str, type]:
    return {
        "http": _pool(HTTPConnectionPool, HTTPConnection, behaviour),
        "https": _pool(HTTPSConnectionPool, HTTPSConnection, behaviour),
    }


_POOLS = {False: _pools(_Watched), True: _pools(_Guarded)}


class Adapter(HTTPAdapter):
    """Gives a session our connections; never retries by itself.

    :param guard_private: refuse internal addresses
    :param timeout: connect and read timeouts in seconds of every call
    """

    def __init__(self, guard_private: bool, timeout: tuple[float, float]) -> None:
        self._guard_private = guard_private
        self._timeout = timeout
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args, **kwargs):
        done = super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS[self._guard_private]
        return done

    def send(self, request, **kwargs):
        return super().send(request, **{**kwargs, "timeout": self._timeout})

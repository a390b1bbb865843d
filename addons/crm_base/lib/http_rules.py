"""Rules for calls to outside services: limits, addresses, statuses.

Addresses: RFC 6890 and the IANA special-purpose registries
(https://www.iana.org/assignments/iana-ipv4-special-registry,
https://www.iana.org/assignments/iana-ipv6-special-registry), plus the metadata
services of hosting companies. Statuses: RFC 9110, RFC 6585.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit, urlunsplit

from .errors import (
    AuthenticationError,
    ClientError,
    ConfigurationError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)

Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class HttpLimits:
    """What one call may cost.

    :param connect_seconds: to open the connection, TLS included
    :param read_seconds: of silence while waiting for the answer
    :param total_seconds: for the whole call, however the answer trickles in
    :param max_bytes: of answer, after decompression
    """

    connect_seconds: float = 5
    read_seconds: float = 20
    total_seconds: float = 60
    max_bytes: int = 5_000_000


def _networks(*texts: str) -> tuple:
    return tuple(ip_network(text) for text in texts)


# Metadata services, also where the registries call their address public: Azure
# 168.63.129.16, Alibaba 100.100.100.200, Oracle 192.0.0.192, all others link-local.
_METADATA_NETWORKS = _networks(
    "168.63.129.16/32", "169.254.0.0/16", "100.64.0.0/10", "192.0.0.0/24"
)
# IPv6 ranges that carry an IPv4 address: position of its last bit from the right.
_EMBEDDED_IPV4 = (
    (_networks("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96"), 0),
    (_networks("2002::/16"), 80),
)
# Missing from Python's table: local NAT64, site local, documentation, segment routing.
_PRIVATE_IPV6 = _networks("64:ff9b:1::/48", "fec0::/10", "3fff::/20", "5f00::/16")
_PRIVATE_SUFFIXES = (".localhost", ".local", ".localdomain", ".internal")
_PRIVATE_SUFFIXES += (".intranet", ".lan", ".home.arpa")
# A host made of digits and dots only (also hexadecimal) is an address in disguise.
_NUMERIC_LABEL = re.compile(r"(0x[0-9a-f]*|[0-9]+)$", re.ASCII)
_HOST = re.compile(
    r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$"
)


def is_public_address(ip: str | Address) -> bool:
    """Tell whether an address is on the open internet.

    Loopback, private, link-local, multicast, reserved and metadata addresses are
    not, nor IPv6 addresses that stand for such an IPv4 address.

    >>> is_public_address("127.0.0.1"), is_public_address("::ffff:10.0.0.1")
    (False, False)
    """
    try:
        address = ip_address(ip) if isinstance(ip, str) else ip
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        return _is_public_ipv6(address)
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _METADATA_NETWORKS)
    )


def _is_public_ipv6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    for networks, shift in _EMBEDDED_IPV4:
        if any(address in network for network in networks):
            return is_public_address(IPv4Address((int(address) >> shift) & 0xFFFFFFFF))
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _PRIVATE_IPV6)
    )


def check_url(url: str, *, allow_http: bool, allow_private: bool) -> str:
    """Return the normalized form of an address typed by a person.

    The names are not resolved here: the client checks the address it connects to.

    :param allow_http: also accept unencrypted ``http``
    :param allow_private: also accept names and addresses of internal networks
    :raise ConfigurationError: not an address that may be called
    """
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise ConfigurationError("the address holds a space or a forbidden character")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigurationError("the address cannot be understood") from error
    if parts.scheme != "https" and not (allow_http and parts.scheme == "http"):
        allowed = "https:// or http://" if allow_http else "https://"
        raise ConfigurationError(f"the address must start with {allowed}")
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError("the address must not hold a user name or password")
    if port == 0:
        raise ConfigurationError("the address has no usable port")
    host = _check_host(parts, allow_private=allow_private)
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != {"https": 443, "http": 80}[parts.scheme]:
        netloc = f"{netloc}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))


def _check_host(parts: SplitResult, *, allow_private: bool) -> str:
    host = (parts.hostname or "").lower()
    if not host:
        raise ConfigurationError("the address has no host name")
    try:
        host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError as error:
        raise ConfigurationError("the host name is not valid") from error
    if "[" in parts.netloc or ":" in host or _looks_numeric(host):
        try:
            address = ip_address(host)
        except ValueError as error:
            raise ConfigurationError("the host is not a valid address") from error
        if not allow_private and not is_public_address(address):
            raise ConfigurationError("the address belongs to an internal network")
        return str(address)
    if len(host) > 253 or not _HOST.match(host):
        raise ConfigurationError("the host name is not valid")
    if not allow_private and _is_internal_name(host):
        raise ConfigurationError("the host name belongs to an internal network")
    return host


def check_key(key: str) -> str:
    """Return a key as it travels in a header, without the spaces pasted around it.

    :raise ConfigurationError: it holds a character that no header takes
    """
    key = key.strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError("the API key holds characters that no key has")
    return key


def _looks_numeric(host: str) -> bool:
    return bool(_NUMERIC_LABEL.match(host.rstrip(".").rsplit(".", 1)[-1]))


def _is_internal_name(host: str) -> bool:
    name = host.rstrip(".")
    return "." not in name or f".{name}".endswith(_PRIVATE_SUFFIXES)


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Return the wait a service asks for, in seconds, None when it asks nothing.

    :param value: header ``Retry-After``: seconds or an HTTP date (RFC 9110, 10.2.3)
    :param now: aware instant the date is compared with
    """
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - now).total_seconds())


_SLOW_DOWN = (RateLimitedError, "the service asks to slow down")
_CREDENTIALS = (AuthenticationError, "the service does not accept the credentials")
_UNAVAILABLE = (UnavailableError, "the service is not available")
_REFUSED = (RefusedError, "the service refused the request")
_REDIRECTED = (RefusedError, "the service redirects elsewhere: not followed")
_BY_STATUS: dict[int, tuple[type[ClientError], str]] = {
    **dict.fromkeys((401, 403, 407), _CREDENTIALS),
    **dict.fromkeys((408, 421, 425), _UNAVAILABLE),
    **dict.fromkeys((501, 505), _REFUSED),
    429: _SLOW_DOWN,
}
_BY_CLASS = {3: _REDIRECTED, 5: _UNAVAILABLE}


def error_for_status(
    status: int,
    *,
    delay_seconds: float | None = None,
    remote_code: str | None = None,
    request_id: str | None = None,
) -> ClientError | None:
    """Return the error that an HTTP status means, None for 2xx.

    :param delay_seconds: wait asked by the service, kept by transient errors
    """
    if 200 <= status < 300:
        return None
    kind, message = _BY_STATUS.get(status) or _BY_CLASS.get(status // 100, _REFUSED)
    facts = {"remote_code": remote_code, "status": status, "request_id": request_id}
    if issubclass(kind, UnavailableError):
        facts["delay_seconds"] = delay_seconds
    return kind(message, **facts)

"""What a report may load: parts of its own server, named by address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

_BREAKPOINT = re.compile(rb"@media[^{};]*\(\s*min-width\s*:[^{};]*\{")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Asset:
    """A part of a document, handed to Chromium from memory.

    :param is_public: the same for everybody, may be kept between documents
    """

    content: bytes
    mimetype: str
    is_public: bool = False


def origin_of(parts: SplitResult) -> tuple[str, int] | None:
    """Host and port, None when the address is not one of the web."""
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    try:
        port = parts.port
    except ValueError:
        return None
    return parts.hostname.lower(), port or _DEFAULT_PORTS[parts.scheme]


def find_own_path(url: str, own_urls: Iterable[str]) -> str | None:
    """Path and query of an address of the own server, None for any other address.

    >>> find_own_path("http://crm.test/web/image/1?w=2", ["http://crm.test:80"])
    '/web/image/1?w=2'
    >>> find_own_path("http://elsewhere.test/x", ["http://crm.test"])
    """
    try:
        parts = urlsplit(url)
        origin = origin_of(parts)
        if not origin or origin not in {origin_of(urlsplit(own)) for own in own_urls}:
            return None
    except ValueError:
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def drop_breakpoints(style: bytes) -> bytes:
    """Switch off the rules for wide screens in a style sheet.

    The width of a page never reached one of them in wkhtmltopdf, and the templates of
    reports were drawn without: with them the page would be centred in a column.

    >>> drop_breakpoints(b"@media (min-width: 576px){.container{max-width: 540px}}")
    b'@media not all{.container{max-width: 540px}}'
    """
    return _BREAKPOINT.sub(b"@media not all{", style)

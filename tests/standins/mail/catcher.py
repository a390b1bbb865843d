"""Both servers of the mail catcher: SMTP in, a web page out."""

import asyncio
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit

from . import pages
from .smtp import SmtpConversation
from .store import MailStore

_MAX_REQUEST_BYTES = 16_384
_HEADERS = (
    # A mail may hold any HTML: it is shown without scripts and reaches nothing.
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline';"
    " img-src data:; frame-src 'self'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cache-Control: no-store\r\n"
    "Connection: close\r\n"
)


class MailCatcher:
    """An SMTP server that keeps what it gets, and a page to read it.

    :param folder: receives one .eml file per mail
    :param smtp_port: 0 for any free one, known after start()
    """

    def __init__(self, folder: Path, host: str, smtp_port: int, http_port: int):
        self.store = MailStore(folder)
        self.host = host
        self.smtp_port = smtp_port
        self.http_port = http_port
        self._servers: list[asyncio.Server] = []

    async def start(self) -> None:
        smtp = await asyncio.start_server(
            self._on_mail, self.host, self.smtp_port, limit=1 << 20
        )
        web = await asyncio.start_server(self._on_web, self.host, self.http_port)
        self._servers = [smtp, web]
        self.smtp_port = smtp.sockets[0].getsockname()[1]
        self.http_port = web.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        for server in self._servers:
            server.close()

    async def _on_mail(self, reader, writer) -> None:
        try:
            await SmtpConversation(reader, writer, self.store.add).run()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _on_web(self, reader, writer) -> None:
        try:
            head = await asyncio.wait_for(_read_head(reader), 10)
            writer.write(self._answer(head))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            pass
        finally:
            writer.close()

    def _answer(self, head: str) -> bytes:
        words = head.split(" ")
        if len(words) < 2 or words[0] != "GET":
            return _response(HTTPStatus.METHOD_NOT_ALLOWED, "text/plain", b"")
        path = unquote(urlsplit(words[1]).path).strip("/")
        if not path:
            page = pages.render_list(self.store.all())
            return _response(HTTPStatus.OK, "text/html; charset=utf-8", page)
        name, _slash, part = path.partition("/")
        mail = self.store.get(name)
        if not mail:
            return _response(HTTPStatus.NOT_FOUND, "text/plain", b"No such mail\n")
        if part == "raw":
            return _response(HTTPStatus.OK, "text/plain; charset=utf-8", mail.raw)
        render = pages.render_body if part == "body" else pages.render_mail
        return _response(HTTPStatus.OK, "text/html; charset=utf-8", render(mail))


async def _read_head(reader: asyncio.StreamReader) -> str:
    head = await reader.readuntil(b"\r\n\r\n")
    if len(head) > _MAX_REQUEST_BYTES:
        raise ConnectionError("request too long")
    return head.decode("latin-1").split("\r\n")[0]


def _response(status: HTTPStatus, content_type: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n{_HEADERS}\r\n"
    )
    return head.encode() + body

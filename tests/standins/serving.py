"""The HTTP side that stand-ins share: start, stop, read, answer, cut."""

import json
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from .calls import Refusal

BACK_DOOR = "/_standin/"


class Standin:
    """Start with ``start()`` or as a context manager; ``base_url`` tells where.

    :cvar handler_class: a subclass of `Handler`
    """

    name = "standin"
    handler_class = None

    def __init__(self, port=0, host="127.0.0.1"):
        handler = type("Handler", (self.handler_class,), {"standin": self})
        self._server = _Server((host, port), handler)
        self.base_url = f"http://{host}:{self._server.server_address[1]}"
        self._thread = None

    def start(self):
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.1},
            name=self.name,
            daemon=True,
        )
        self._thread.start()
        return self

    def stop(self):
        if self._thread:
            self._server.shutdown()
            self._thread.join(timeout=5)
        self._server.server_close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *exc):
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that went away is its own business."""


class Handler(BaseHTTPRequestHandler):
    """Reads a request and hands it to ``dispatch``, or to the back door.

    The stand-in has an ``admin``, see `backdoor`, or no back door.
    """

    protocol_version = "HTTP/1.1"
    max_body_bytes = 60_000_000
    standin = None

    def log_message(self, *args):
        """Silent: stand-ins keep their own list of requests."""

    def dispatch(self, method, url, body):
        """Answer one request.

        :param url: result of ``urlsplit``
        :param bytes body: complete, maybe empty
        """
        raise NotImplementedError

    def do_GET(self):
        self._read("GET")

    def do_POST(self):
        self._read("POST")

    def do_PUT(self):
        self._read("PUT")

    def do_PATCH(self):
        self._read("PATCH")

    def do_DELETE(self):
        self._read("DELETE")

    def _read(self, method):
        length = int(self.headers.get("Content-Length") or 0)
        if length > self.max_body_bytes:
            self.close_connection = True
            self.answer(413, b"", "text/plain")
            return
        url, body = urlsplit(self.path), self.rfile.read(length)
        if url.path.startswith(BACK_DOOR):
            self._steer(method, url.path.removeprefix(BACK_DOOR), body)
        else:
            self.dispatch(method, url, body)

    def _steer(self, method, name, body):
        try:
            values = json.loads(body) if body else {}
            self.answer_json(200, self.standin.admin.call(method, name, values))
        except Refusal as error:
            self.answer_json(error.status, error.body())
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            self.answer_json(400, {"error": {"message": repr(error)}})

    def answer(self, status, body, kind="text/html; charset=utf-8", headers=None):
        """:param headers: dict or None"""
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def answer_json(self, status, value, headers=None):
        body = json.dumps(value, ensure_ascii=False).encode()
        self.answer(status, body, "application/json", headers)

    def cut(self):
        """Close so that the other side sees a connection reset, not an end."""
        self.close_connection = True
        self.wfile.flush()
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

"""A tiny server in the place of Odoo: it says what it was asked."""

import base64
import hashlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BIG_SCRIPT = b"function hello() { return 'bonjour tout le monde'; }\n" * 20_000
_WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        """Quiet: the test reads `server.seen` instead."""

    def do_GET(self):
        self.server.seen.append((self.command, self.path))
        if self.path.startswith("/websocket"):
            self._upgrade()
        elif self.path.startswith("/web/assets/"):
            self._answer(
                BIG_SCRIPT,
                "application/javascript",
                ("Cache-Control", "public, max-age=31536000, immutable"),
                ("Set-Cookie", "session_id=secret; Path=/"),
            )
        else:
            self._echo(b"")

    def do_POST(self):
        self.server.seen.append((self.command, self.path))
        self._echo(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _echo(self, body):
        answer = {
            "server": self.server.label,
            "path": self.path,
            "headers": [[name.lower(), value] for name, value in self.headers.items()],
            "size": len(body),
        }
        cookie = ("Set-Cookie", "session_id=abc; HttpOnly; Path=/")
        self._answer(json.dumps(answer).encode(), "application/json", cookie)

    def _answer(self, body, content_type, *headers):
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Frame-Options", "ALLOWALL")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _upgrade(self):
        key = self.headers.get("Sec-WebSocket-Key", "") + _WEBSOCKET_GUID
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest())  # noqa: S324
        self.wfile.write(
            b"HTTP/1.1 101 Switching Protocols\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
            b"\x81\x07" + self.server.label.encode().ljust(7)[:7]
        )
        self.close_connection = True


class Upstream(ThreadingHTTPServer):
    """Listens on a free loopback port; `seen` holds (method, path) in order."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, label):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.label = label
        self.seen = []
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self):
        return f"127.0.0.1:{self.server_port}"

    def stop(self):
        self.shutdown()
        self.server_close()


def free_port():
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

"""A partner that honours idempotency keys, on 127.0.0.1, standard library only."""

import contextlib
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What to answer; `status` 0 closes the connection without a word."""

    status: int = 200
    headers: dict = field(default_factory=dict)
    delay_seconds: float = 0
    body: bytes | None = None


class Receiver:
    """Counts every request and every message accepted for the first time.

    :param script: function(key, times_seen) -> Answer, called for each message
    """

    def __init__(self, script=None, port=0):
        self.script = script or (lambda key, seen: Answer())
        self.seen = Counter()
        self.accepted = Counter()
        self.bodies = {}
        self.lock = threading.Lock()
        self.busy = self.busiest = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def do_GET(self):
                outer._status(self)

            def do_POST(self):
                outer._message(self)

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, client_address):
                pass  # a killed client is what these tests are about

        self.server = Server(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def _status(self, handler):
        answer = self.script("status", 0)
        self._reply(handler, answer, {"version": 3})

    def _message(self, handler):
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        key = handler.headers["Idempotency-Key"]
        with self.lock:
            self.seen[key] += 1
            self.bodies.setdefault(key, set()).add(body)
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
            answer = self.script(key, self.seen[key])
        time.sleep(answer.delay_seconds)
        with self.lock:
            self.busy -= 1
            if 200 <= answer.status < 300 and key not in self.accepted:
                self.accepted[key] += 1
        self._reply(handler, answer, {"id": f"remote-{key}"})

    def _reply(self, handler, answer, content):
        if not answer.status:
            handler.close_connection = True
            return
        body = json.dumps(content).encode() if answer.body is None else answer.body
        with contextlib.suppress(OSError):
            handler.send_response(answer.status)
            for name, value in answer.headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

"""The client against a real server on this machine that behaves badly."""

import contextlib
import gzip
import http.server
import json
import logging
import socket
import ssl
import threading
import time

import pytest

from odoo.addons.crm_base.lib import errors
from odoo.addons.crm_base.lib.http_rules import HttpLimits
from odoo.addons.crm_base.providers import guarded_connection
from odoo.addons.crm_base.providers.http import HttpClient

FAST = HttpLimits(
    connect_seconds=2, read_seconds=0.4, total_seconds=1.2, max_bytes=10_000
)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        self.do_GET()

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        seen = {
            "path": self.path,
            "method": self.command,
            "headers": {k.lower(): v for k, v in self.headers.items()},
            "body": self.rfile.read(length),
        }
        self.server.seen.append(seen)
        self.close_connection = True
        name = self.path.split("?")[0].strip("/").split("/")[0] or "echo"
        with contextlib.suppress(OSError):
            getattr(self, name)()

    def answer(self, status=200, body=b"", **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def echo(self):
        seen = {**self.server.seen[-1]}
        seen["body"] = seen["body"].decode()
        self.answer(body=json.dumps(seen).encode(), Request_Id="req_7")

    def status(self):
        _, code, *after = self.path.split("?")[0].strip("/").split("/")
        headers = {"Retry_After": after[0]} if after else {}
        self.answer(int(code), b'{"error": "x"}', X_Request_ID="req_8", **headers)

    def redirect(self):
        self.answer(302, Location=f"http://127.0.0.1:{self.server.server_port}/echo")

    def large(self):
        self.answer(body=b"x" * 20_000)

    def endless(self):
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"x" * 8192)

    def bomb(self):
        self.answer(body=gzip.compress(b"x" * 10_000_000), Content_Encoding="gzip")

    def zipped(self):
        self.answer(body=gzip.compress(b'{"a": 1}'), Content_Encoding="gzip")

    def notzipped(self):
        self.answer(body=b"plain text", Content_Encoding="gzip")

    def text(self):
        self.answer(body=b"<html>not json</html>")

    def silence(self):
        time.sleep(1)
        self.answer()

    def trickle(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x")
            time.sleep(0.1)

    def trickle_headers(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(100):
            self.wfile.write(b"x")
            time.sleep(0.1)

    def cut(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"half")

    def reset(self):
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0"
        )
        self.connection.close()

    def garbage(self):
        self.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen = []

    def handle_error(self, request, client_address):
        pass


@pytest.fixture
def server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(server):
    client = HttpClient(
        f"http://127.0.0.1:{server.server_port}",
        limits=FAST,
        guard_private=False,
        headers={"X-Ours": "yes"},
    )
    yield client
    client.close()


def test_sends_what_it_is_told(client):
    answer = client.request(
        "POST", "/echo/x", json={"a": "é"}, params={"p": "1"}, headers={"X-Key": "k"}
    )
    seen = answer.json()
    assert answer.status == 200
    assert answer.request_id == "req_7"
    assert seen["path"] == "/echo/x?p=1"
    assert json.loads(seen["body"]) == {"a": "é"}
    assert seen["headers"]["x-ours"] == "yes"
    assert seen["headers"]["x-key"] == "k"
    assert seen["headers"]["user-agent"] == "crm-suite"
    assert 0 <= answer.duration_ms < 1200


def test_bytes_are_sent_as_they_are(client, server):
    client.request("POST", "echo", data=b'{"signed":  "bytes"}')
    assert server.seen[-1]["body"] == b'{"signed":  "bytes"}'


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("status/400", errors.RefusedError),
        ("status/401", errors.AuthenticationError),
        ("status/404", errors.RefusedError),
        ("status/429", errors.RateLimitedError),
        ("status/500", errors.UnavailableError),
        ("redirect", errors.RefusedError),
        ("large", errors.MalformedAnswerError),
        ("endless", errors.MalformedAnswerError),
        ("bomb", errors.MalformedAnswerError),
        ("notzipped", errors.MalformedAnswerError),
        ("silence", errors.UnavailableError),
        ("trickle", errors.UnavailableError),
        ("trickle_headers", errors.UnavailableError),
        ("cut", errors.UnavailableError),
        ("reset", errors.UnavailableError),
        ("garbage", errors.UnavailableError),
    ],
)
def test_everything_bad_is_of_the_family_and_in_time(
    client, server, path, kind, caplog
):
    caplog.set_level(logging.DEBUG)
    started = time.monotonic()
    with pytest.raises(errors.ClientError) as caught:
        client.request("GET", path, params={"api": "s3cr3t"})
    assert type(caught.value) is kind
    assert time.monotonic() - started < 1.8
    assert len(server.seen) == 1, "neither retried nor redirected"
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert "s3cr3t" not in str(chain)
    ours = [r.getMessage() for r in caplog.records if "crm_base" in r.name]
    assert len(ours) == 1
    assert f"GET {client.base_url}/{path}: " in ours[0]
    assert "s3cr3t" not in ours[0]


def test_delay_asked_by_the_service(client):
    for path in ("status/429/17", "status/503/17"):
        with pytest.raises(errors.UnavailableError) as caught:
            client.request("GET", path)
        assert caught.value.delay_seconds == 17
        assert caught.value.request_id == "req_8"


def test_caller_may_judge_the_status_itself(client):
    answer = client.request("GET", "status/402", check=False)
    assert answer.json() == {"error": "x"}
    error = answer.error(remote_code="card_declined")
    assert type(error) is errors.RefusedError
    assert error.remote_code == "card_declined"
    assert client.request("GET", "echo", check=False).error() is None


def test_not_json_is_malformed(client):
    with pytest.raises(errors.MalformedAnswerError):
        client.request("GET", "text").json()


def test_compressed_answer_is_read(client):
    assert client.request("GET", "zipped").json() == {"a": 1}


def test_nobody_listens(server):
    port = server.server_port
    server.shutdown()
    server.server_close()
    client = HttpClient(f"http://127.0.0.1:{port}", limits=FAST, guard_private=False)
    with pytest.raises(errors.UnavailableError):
        client.request("GET", "/")


def test_kept_connection_obeys_the_deadline_of_its_own_call(client):
    for _ in range(3):
        client.request("GET", "echo")
    with pytest.raises(errors.UnavailableError):
        client.request("GET", "trickle")
    assert client.request("GET", "echo").status == 200


def test_netrc_and_proxies_are_not_used(client, server, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    client.request("GET", "echo")
    assert "authorization" not in server.seen[-1]["headers"]


# === Internal networks === #


class Names:
    """A name server under our control: each look-up gives the next answer."""

    def __init__(self, monkeypatch, *answers):
        self.answers, self.asked, self.dialled = list(answers), [], []
        monkeypatch.setattr(socket, "getaddrinfo", self.look_up)

    def look_up(self, host, port, *args, **kwargs):
        self.asked.append(host)
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in addresses
        ]


def guarded(port, scheme="http"):
    return HttpClient(f"{scheme}://hooks.example.com:{port}", limits=FAST)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:7f00:1"]
)
def test_name_of_an_internal_address_is_refused(server, monkeypatch, address):
    Names(monkeypatch, [address])
    with pytest.raises(errors.ConfigurationError, match="internal network"):
        guarded(server.server_port).request("GET", "echo")
    assert server.seen == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1", "http://localhost", "http://[::1]:80", "http://0x7f.1"]
)
def test_internal_address_is_refused_before_any_look_up(url, monkeypatch):
    names = Names(monkeypatch, ["8.8.8.8"])
    with pytest.raises(errors.ConfigurationError):
        HttpClient(url)
    assert names.asked == []


def test_socket_goes_to_the_checked_address_and_keeps_the_name(server, monkeypatch):
    """DNS rebinding: the second answer would be internal, nobody asks for it."""
    # this machine's only server stands for a public one
    monkeypatch.setattr(
        guarded_connection, "is_public_address", lambda ip: ip == "127.0.0.1"
    )
    names = Names(monkeypatch, ["10.9.9.9", "127.0.0.1"], ["192.168.0.1"])
    answer = guarded(server.server_port).request("GET", "echo")
    assert answer.status == 200
    assert names.asked == ["hooks.example.com"]
    host = server.seen[0]["headers"]["host"]
    assert host == f"hooks.example.com:{server.server_port}"


def test_each_attempt_is_checked_again(server, monkeypatch):
    monkeypatch.setattr(
        guarded_connection, "is_public_address", lambda ip: ip == "127.0.0.1"
    )
    Names(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    client = guarded(server.server_port)
    client.request("GET", "echo")
    with pytest.raises(errors.ConfigurationError):
        client.request("GET", "echo")
    assert len(server.seen) == 1


def test_guarded_client_ignores_proxies(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.server_port}")
    Names(monkeypatch, ["10.0.0.1"])
    with pytest.raises(errors.ConfigurationError):
        guarded(80).request("GET", "echo")
    assert server.seen == []


def test_unknown_name_is_unavailable(monkeypatch):
    def fail(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(errors.UnavailableError):
        guarded(80).request("GET", "/")


def test_certificate_is_asked_for_the_name_and_must_be_trusted(monkeypatch):
    """A TLS server on this machine: what name does it hear, is it believed?"""
    heard = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = lambda _sock, name, _context: heard.append(name)
        connection, _ = listener.accept()
        with contextlib.suppress(OSError):
            context.wrap_socket(connection, server_side=True)
        connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    monkeypatch.setattr(guarded_connection, "is_public_address", lambda ip: True)
    Names(monkeypatch, ["127.0.0.1"])
    port = listener.getsockname()[1]
    with pytest.raises(errors.UnavailableError, match="encrypted"):
        guarded(port, "https").request("GET", "/")
    thread.join(2)
    listener.close()
    assert heard == ["hooks.example.com"]

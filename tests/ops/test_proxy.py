"""What the reverse proxy promises, seen from both of its sides."""

import gzip
import json
import ssl
import time

import pytest

from .proxy import HOST
from .upstream import BIG_SCRIPT


def _headers(body):
    return dict(json.loads(body)["headers"])


def test_speaks_tls_1_3_and_nothing_older(proxy):
    with proxy.tls_socket() as connection:
        assert connection.version() == "TLSv1.3"
    with pytest.raises((ssl.SSLError, ConnectionError)):
        proxy.tls_socket(version=ssl.TLSVersion.TLSv1_2)


def test_shows_no_certificate_to_an_unknown_host(proxy):
    with pytest.raises((ssl.SSLError, ConnectionError)):
        proxy.tls_socket(name="other.example.org")


def test_plain_http_only_redirects(proxy, upstreams):
    answer = proxy.ask_plain("/web/login?redirect=x")
    assert answer.status == 301
    expected = f"https://{HOST}:{proxy.https_port}/web/login?redirect=x"
    assert answer.getheader("Location") == expected
    assert ("GET", "/web/login?redirect=x") not in upstreams[0].seen


def test_plain_http_cuts_an_unknown_host(proxy):
    assert proxy.ask_plain("/", host="other.example.org") is None


def test_security_headers_are_ours_once_each(proxy):
    answer, _body = proxy.ask("GET", "/odoo")
    assert answer.headers.get_all("Strict-Transport-Security") == ["max-age=63072000"]
    assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert answer.headers.get_all("X-Frame-Options") == ["SAMEORIGIN"]
    assert answer.headers.get_all("Referrer-Policy") == [
        "strict-origin-when-cross-origin"
    ]
    assert "nginx/" not in (answer.getheader("Server") or "")


def test_security_headers_are_on_errors_too(proxy):
    answer, _body = proxy.ask("GET", "/web/database/manager")
    assert answer.status == 404
    assert answer.getheader("Strict-Transport-Security")


def test_cookies_travel_over_tls_and_from_our_pages_only(proxy):
    answer, _body = proxy.ask("GET", "/odoo")
    flags = answer.getheader("Set-Cookie").lower()
    assert "; secure" in flags
    assert "; samesite=lax" in flags
    assert "; httponly" in flags


def test_odoo_is_told_the_truth_about_the_visitor(proxy):
    spoofed = {
        "X-Forwarded-For": "1.2.3.4",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Prefix": "/evil",
        "X-Real-IP": "1.2.3.4",
        "Forwarded": "for=1.2.3.4",
        "X-Odoo-Database": "someone_else",
    }
    _answer, body = proxy.ask("GET", "/odoo", headers=spoofed)
    seen = _headers(body)
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert seen["x-real-ip"] == "127.0.0.1"
    assert seen["x-forwarded-proto"] == "https"
    assert seen["x-forwarded-host"] == f"{HOST}:{proxy.https_port}"
    assert seen["host"] == f"{HOST}:{proxy.https_port}"
    assert not {"forwarded", "x-forwarded-prefix", "x-odoo-database"} & set(seen)


def test_the_host_header_cannot_be_forged_by_an_absolute_address(proxy):
    _answer, body = proxy.ask("GET", f"https://{HOST}/odoo", host="evil.example")
    assert _headers(body)["host"] == f"{HOST}:{proxy.https_port}"


def test_assets_are_compressed_cached_and_carry_no_cookie(proxy, upstreams):
    path = "/web/assets/1/abc/web.assets_web.min.js"
    for _ in range(3):
        answer, body = proxy.ask("GET", path, headers={"Accept-Encoding": "gzip"})
        assert answer.getheader("Content-Encoding") == "gzip"
        assert gzip.decompress(body) == BIG_SCRIPT
        assert len(body) < len(BIG_SCRIPT) / 4
        assert "immutable" in answer.getheader("Cache-Control")
        assert answer.getheader("Set-Cookie") is None
    assert upstreams[0].seen.count(("GET", path)) == 1


def test_a_browser_without_gzip_gets_plain_assets(proxy):
    answer, body = proxy.ask("GET", "/web/assets/1/abc/web.assets_web.min.js")
    assert answer.getheader("Content-Encoding") is None
    assert body == BIG_SCRIPT


def test_websocket_reaches_the_gevent_process(proxy):
    request = (
        f"GET /websocket?version=19.0 HTTP/1.1\r\nHost: {HOST}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nX-Forwarded-For: 1.2.3.4\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n"
    )
    with proxy.tls_socket() as connection:
        connection.sendall(request.encode())
        received = b""
        while b"gevent" not in received:
            chunk = connection.recv(4096)
            assert chunk, received
            received += chunk
    assert received.startswith(b"HTTP/1.1 101")
    assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in received


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/web/login", 100_000, 413),
        ("/crm_billing/stripe/webhook/key", 3_000_000, 413),
        ("/crm_billing/stripe/webhook/key", 1_000_000, 200),
        ("/web/binary/upload_attachment", 3_000_000, 200),
    ],
)
def test_bodies_are_limited_by_their_purpose(proxy, path, size, status):
    answer, _body = proxy.ask("POST", path, body=b"x" * size)
    assert answer.status == status


def test_a_body_above_what_odoo_accepts_is_refused_before_it_is_sent(proxy):
    announced = {"Content-Length": str(131 * 1024 * 1024)}
    answer, _body = proxy.ask(
        "POST", "/web/binary/upload_attachment", headers=announced
    )
    assert answer.status == 413


@pytest.mark.parametrize(
    "path",
    [
        "/web/database/manager",
        "/web/database/create",
        "/queue_job/runjob?job_uuid=1",
        "/queue_job/create_test_job",
        "/.git/config",
    ],
)
def test_doors_that_are_not_for_visitors_are_closed(proxy, upstreams, path):
    answer, _body = proxy.ask("GET", path)
    assert answer.status == 404
    assert ("GET", path) not in upstreams[0].seen


def test_files_of_the_job_addon_stay_open(proxy):
    answer, _body = proxy.ask("GET", "/queue_job/static/description/icon.png")
    assert answer.status == 200


def test_jobs_of_each_database_go_to_its_own_host_name(proxy):
    answer = proxy.ask_plain(
        "/queue_job/runjob?job_uuid=1",
        host="127.0.0.1",
        port=proxy.jobs_port,
        headers={"X-Odoo-Database": "girard"},
    )
    seen = _headers(answer.body)
    assert seen["host"] == "girard.jobs.internal"
    assert seen["x-odoo-database"] == "girard"
    assert "x-forwarded-host" not in seen
    other = proxy.ask_plain("/web/login", port=proxy.jobs_port)
    assert other.status == 404


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/my/invoices/7?access_token=very-secret-1", "/my/invoices/7"),
        ("/pay/very-secret-2", "/pay/..."),
        (
            "/crm_billing/stripe/webhook/very-secret-3",
            "/crm_billing/stripe/webhook/...",
        ),
    ],
)
def test_tokens_of_addresses_stay_out_of_the_log(proxy, path, logged):
    proxy.ask("GET", path)
    # The line is written after the answer has left.
    deadline = time.monotonic() + 10
    log = ""
    while f'"GET {logged}"' not in log and time.monotonic() < deadline:
        log = (proxy.folder / "access.log").read_text()
        time.sleep(0.02)
    assert f'"GET {logged}"' in log
    assert "very-secret" not in log

"""Answers time stamp requests over HTTP, and errs on demand."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .authority import Authority

REPLY = "application/timestamp-reply"
DER = serialization.Encoding.DER


class TimeStampStandin:
    """A running service.

    ``fault`` makes it err: ``down`` (503), ``html``, ``rejection``, ``other_hash``
    (a stamp for something else), ``garbage``, ``no_crl``.

    :param has_crl: its certificate says where revocations are published
    """

    def __init__(self, has_crl: bool = True) -> None:
        self.fault = ""
        self.requests: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/tsa"
        crl_url = self.url.replace("/tsa", "/root.crl") if has_crl else None
        self.authority = Authority(crl_url)
        self._stamper = self._make_stamper()
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "TimeStampStandin":
        self._thread.start()
        return self

    def __exit__(self, *exception) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, body: bytes) -> tuple[int, str, bytes]:
        """Return status, kind and body of the answer to one request."""
        if self.fault == "down":
            return 503, "text/plain", b"closed"
        if self.fault == "html":
            return 200, "text/html", b"<html>maintenance</html>"
        if self.fault == "garbage":
            return 200, REPLY, b"\x30\x03\x02\x01"
        if self.fault == "rejection":
            # A response with nothing but its status: rejection.
            return 200, REPLY, bytes.fromhex("30053003020102")
        request = tsp.TimeStampReq.load(body)
        if self.fault == "other_hash":
            imprint = request["message_imprint"]
            imprint["hashed_message"] = bytes(
                reversed(imprint["hashed_message"].native)
            )
            request = tsp.TimeStampReq(
                {
                    "version": 1,
                    "message_imprint": imprint,
                    "cert_req": True,
                    "nonce": request["nonce"].native,
                }
            )
        return 200, REPLY, self._stamper.request_tsa_response(request).dump()

    def _make_stamper(self) -> DummyTimeStamper:
        authority = self.authority
        store = SimpleCertificateStore()
        store.register(asn1_x509.Certificate.load(authority.root.public_bytes(DER)))
        key = authority.key.private_bytes(
            DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return DummyTimeStamper(
            asn1_x509.Certificate.load(authority.certificate.public_bytes(DER)),
            keys.PrivateKeyInfo.load(key),
            certs_to_embed=store,
        )

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        standin = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                standin.requests.append(self.headers.get("Content-Type", ""))
                self._send(*standin.answer(self.rfile.read(size)))

            def do_GET(self) -> None:
                if standin.fault == "no_crl":
                    self._send(404, "text/plain", b"")
                else:
                    crl = standin.authority.make_crl()
                    self._send(200, "application/pkix-crl", crl)

            def _send(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *parts) -> None:
                pass

        return Handler

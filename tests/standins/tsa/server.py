"""Answers time stamp requests over HTTP, and errs on demand."""

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ..serving import Handler, Standin
from .authority import Authority

REPLY = "application/timestamp-reply"
DER = serialization.Encoding.DER


class _Handler(Handler):
    server_version = "tsa-standin"

    def dispatch(self, method, url, body):
        standin = self.standin
        if method == "POST":
            standin.requests.append(self.headers.get("Content-Type", ""))
            status, kind, content = standin.answer(body)
            self.answer(status, content, kind)
        elif standin.fault == "no_crl":
            self.answer(404, b"", "text/plain")
        else:
            self.answer(200, standin.authority.make_crl(), "application/pkix-crl")


class TimeStampStandin(Standin):
    """A running service.

    ``fault`` makes it err: ``down`` (503), ``html``, ``rejection``, ``other_hash``
    (a stamp for something else), ``garbage``, ``no_crl``.

    :param has_crl: its certificate says where revocations are published
    """

    name = "tsa-standin"
    handler_class = _Handler

    def __init__(self, has_crl: bool = True) -> None:
        super().__init__()
        self.fault = ""
        self.requests: list[str] = []
        self.url = f"{self.base_url}/tsa"
        crl_url = f"{self.base_url}/root.crl" if has_crl else None
        self.authority = Authority(crl_url)
        self._stamper = self._make_stamper()

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

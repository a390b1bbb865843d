"""The certificates of the stand-in: a root, the service, its list of revocations."""

from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = timedelta(days=1)


class Authority:
    """Issues one certificate for time stamps.

    :param crl_url: where the list of revocations is; None to publish none
    """

    def __init__(self, crl_url: str | None) -> None:
        now = datetime.now(timezone.utc)
        self._root_key = rsa.generate_private_key(65537, 2048)
        self.key = rsa.generate_private_key(65537, 2048)
        root_name = _name("Stand-in Time Root")
        self.root = (
            _start(root_name, root_name, self._root_key, now)
            .add_extension(x509.BasicConstraints(True, None), critical=True)
            .sign(self._root_key, hashes.SHA256())
        )
        builder = _start(_name("Stand-in Time"), root_name, self.key, now)
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
        if crl_url:
            place = x509.UniformResourceIdentifier(crl_url)
            point = x509.DistributionPoint([place], None, None, None)
            builder = builder.add_extension(
                x509.CRLDistributionPoints([point]), critical=False
            )
        self.certificate = builder.sign(self._root_key, hashes.SHA256())
        self._now = now

    def make_crl(self) -> bytes:
        """Return the list of revocations: nothing is revoked."""
        crl = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(self._now - DAY)
            .next_update(self._now + 30 * DAY)
            .sign(self._root_key, hashes.SHA256())
        )
        return crl.public_bytes(serialization.Encoding.DER)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _start(subject, issuer, key, now) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + 365 * DAY)
    )

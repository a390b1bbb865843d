"""The certificate with which a company seals its documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier

from .refused import CertificateRefused

KEY_BITS = 3072
SMALLEST_KEY_BITS = 2048
VALID_YEARS = 10
DAYS_PER_YEAR = 365
# ub-common-name of RFC 5280, which the library counts in bytes of UTF-8.
MAX_NAME_BYTES = 64
# Clocks of other machines may be a little behind ours.
CLOCK_SKEW = timedelta(minutes=5)
# RFC 9608: the issuer will never publish revocations. True of ours: its key is
# thrown away once it has signed this one certificate.
NO_REVOCATION = ObjectIdentifier("2.5.29.56")
DER_NULL = b"\x05\x00"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


@dataclass(frozen=True)
class SigningIdentity:
    """A private key with its certificate and those above it.

    :param key: opened once (deriving the key from the passphrase is slow on purpose)
    :param certificate: DER
    :param chain: certificates above ours, nearest first, DER
    """

    key: PrivateKey
    certificate: bytes
    chain: tuple[bytes, ...]
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    fingerprint: str

    def __repr__(self) -> str:
        return f"SigningIdentity({self.subject!r}, {self.fingerprint[:16]})"

    @property
    def trust_anchor(self) -> bytes:
        """The topmost certificate that came with it, DER."""
        return self.chain[-1] if self.chain else self.certificate

    def check(self, now: datetime) -> None:
        """Refuse to sign outside the time the certificate is good for.

        :param now: aware instant
        :raise CertificateRefused: expired or not_yet
        """
        if now > self.not_after:
            raise CertificateRefused("expired", self.not_after.isoformat())
        if now < self.not_before:
            raise CertificateRefused("not_yet", self.not_before.isoformat())


def make_company_ca(
    name: str, *, passphrase: bytes, now: datetime, country: str = "FR"
) -> bytes:
    """Return a PKCS#12 with a new key, its certificate and the company's own root.

    The key of the root is not kept: nobody can issue a second certificate with it.

    :param name: legal name of the company
    :param now: aware instant of the creation
    :param country: two letters, ISO 3166
    """
    root_key, key = _make_key(), _make_key()
    start, end = now - CLOCK_SKEW, now + timedelta(days=DAYS_PER_YEAR * VALID_YEARS)
    root_name = _make_name(name, "CA", country)
    root = (
        _start(root_name, root_name, root_key, start, end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(
        root_key.public_key()
    )
    certificate = (
        _start(_make_name(name, "", country), root_name, key, start, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            _usage(digital_signature=True, content_commitment=True), critical=True
        )
        .add_extension(authority, critical=False)
        .add_extension(x509.UnrecognizedExtension(NO_REVOCATION, DER_NULL), False)
        .sign(root_key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        name.encode(),
        key,
        certificate,
        [root],
        serialization.BestAvailableEncryption(passphrase),
    )


def _make_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def _make_name(name: str, suffix: str, country: str) -> x509.Name:
    common = _cut(name, MAX_NAME_BYTES - len(suffix) - 1)
    parts = [
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(name, MAX_NAME_BYTES)),
        x509.NameAttribute(NameOID.COMMON_NAME, f"{common} {suffix}".strip()),
    ]
    if len(country) == 2:
        parts.insert(0, x509.NameAttribute(NameOID.COUNTRY_NAME, country.upper()))
    return x509.Name(parts)


def _cut(name: str, size: int) -> str:
    return name.encode()[:size].decode(errors="ignore").strip()


def _start(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    start: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start.astimezone(timezone.utc).replace(tzinfo=None))
        .not_valid_after(end.astimezone(timezone.utc).replace(tzinfo=None))
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
    )


def _usage(**wanted: bool) -> x509.KeyUsage:
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment "
        "key_agreement key_cert_sign crl_sign encipher_only decipher_only"
    ).split()
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})


def read_identity(content: bytes, passphrase: bytes) -> SigningIdentity:
    """Open a PKCS#12, ours or one bought elsewhere.

    Dates are not judged here, see :meth:`SigningIdentity.check`.

    :raise CertificateRefused: not_pkcs12, passphrase, no_key, weak_key,
        unsupported_key or usage
    """
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, passphrase)
    except ValueError as error:
        is_password = "password" in str(error).lower()
        reason = "passphrase" if is_password else "not_pkcs12"
        raise CertificateRefused(reason, str(error)) from error
    if key is None or certificate is None:
        raise CertificateRefused("no_key")
    _check_key(key)
    _check_usage(certificate)
    chain = _order_chain(certificate, others)
    return SigningIdentity(
        key=key,
        certificate=_der(certificate),
        chain=tuple(_der(above) for above in chain),
        subject=_display_name(certificate.subject),
        issuer=_display_name(certificate.issuer),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
    )


def _check_key(key: object) -> None:
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < SMALLEST_KEY_BITS:
            raise CertificateRefused("weak_key", f"RSA {key.key_size}")
    elif not (
        isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, CURVES)
    ):
        raise CertificateRefused("unsupported_key", type(key).__name__)


def _check_usage(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise CertificateRefused("usage")


def _order_chain(
    certificate: x509.Certificate, others: list[x509.Certificate]
) -> list[x509.Certificate]:
    """Return the certificates above ours, nearest first; strangers are dropped."""
    chain, current, left = [], certificate, list(others)
    while current.issuer != current.subject:
        above = next((c for c in left if c.subject == current.issuer), None)
        if above is None:
            break
        left.remove(above)
        chain.append(above)
        current = above
    return chain


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _display_name(name: x509.Name) -> str:
    for wanted in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if values := name.get_attributes_for_oid(wanted):
            return str(values[0].value)
    return name.rfc4514_string()

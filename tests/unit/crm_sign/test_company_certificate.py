from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from odoo.addons.crm_sign.providers import company_certificate as module
from odoo.addons.crm_sign.providers.company_certificate import (
    make_company_ca,
    read_identity,
)
from odoo.addons.crm_sign.providers.refused import CertificateRefused

from tests.unit.crm_sign.samples import company

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)
PASSWORD = b"secret"


def reason_of(content, passphrase=PASSWORD):
    with pytest.raises(CertificateRefused) as caught:
        read_identity(content, passphrase)
    return caught.value.reason


def pack(key, usage=None, passphrase=PASSWORD, others=None):
    name = module._make_name("Achat SARL", "", "FR")
    builder = module._start(name, name, key, NOW, NOW + timedelta(days=30))
    if usage:
        builder = builder.add_extension(module._usage(**usage), critical=True)
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    lock = serialization.BestAvailableEncryption(passphrase)
    certificate = builder.sign(key, digest)
    return pkcs12.serialize_key_and_certificates(b"x", key, certificate, others, lock)


def test_the_certificate_of_a_company_says_whose_it_is():
    content = make_company_ca("Café Œuvré & Fils", passphrase=PASSWORD, now=NOW)
    identity = read_identity(content, PASSWORD)
    assert identity.subject == "Café Œuvré & Fils"
    assert identity.issuer == "Café Œuvré & Fils CA"
    assert identity.not_before == NOW - timedelta(minutes=5)
    assert identity.not_after > NOW + timedelta(days=3600)
    certificate = x509.load_der_x509_certificate(identity.certificate)
    root = x509.load_der_x509_certificate(identity.trust_anchor)
    certificate.verify_directly_issued_by(root)
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert not constraints.value.ca
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    above = {item.oid._name: item for item in root.extensions}
    assert above["basicConstraints"].critical
    assert above["basicConstraints"].value.ca
    assert above["keyUsage"].critical
    assert above["keyUsage"].value.key_cert_sign
    assert not above["keyUsage"].value.digital_signature


def test_two_companies_never_share_a_key():
    one, other = company("Un"), company("Deux")
    assert one.fingerprint != other.fingerprint
    assert one.trust_anchor != other.trust_anchor


def test_a_very_long_name_still_makes_a_certificate():
    name = "Société " + "très " * 40 + "longue"
    identity = read_identity(
        make_company_ca(name, passphrase=PASSWORD, now=NOW), PASSWORD
    )
    assert identity.subject.startswith("Société très")
    assert len(identity.subject.encode()) <= 64


def test_the_key_is_not_in_what_is_printed():
    assert "key" not in repr(company()).lower()


def test_a_wrong_passphrase_is_told_from_a_wrong_file():
    content = pack(rsa.generate_private_key(65537, 2048))
    assert reason_of(content, b"wrong") == "passphrase"
    assert reason_of(b"not a container") == "not_pkcs12"
    assert reason_of(content[:200]) == "not_pkcs12"


def test_a_container_without_key_is_refused():
    certificate = x509.load_der_x509_certificate(company().certificate)
    lock = serialization.BestAvailableEncryption(PASSWORD)
    content = pkcs12.serialize_key_and_certificates(
        b"x", None, None, [certificate], lock
    )
    assert reason_of(content) == "no_key"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: rsa.generate_private_key(65537, 1024), "weak_key"),  # noqa: S505
        (ed25519.Ed25519PrivateKey.generate, "unsupported_key"),
        (lambda: ec.generate_private_key(ec.SECP256K1()), "unsupported_key"),
        (lambda: dsa.generate_private_key(2048), "unsupported_key"),
    ],
)
def test_a_key_that_cannot_be_trusted_or_read_by_others_is_refused(make, reason):
    assert reason_of(pack(make())) == reason


def test_a_certificate_for_something_else_is_refused():
    key = rsa.generate_private_key(65537, 2048)
    assert reason_of(pack(key, {"key_encipherment": True})) == "usage"
    assert read_identity(pack(key, {"digital_signature": True}), PASSWORD)
    assert read_identity(pack(key), PASSWORD)


def test_certificates_that_are_not_above_ours_are_left_out():
    stranger = x509.load_der_x509_certificate(company("Deux").trust_anchor)
    key = rsa.generate_private_key(65537, 2048)
    identity = read_identity(pack(key, others=[stranger]), PASSWORD)
    assert identity.chain == ()
    assert identity.trust_anchor == identity.certificate


def test_the_life_of_a_certificate_has_two_ends():
    identity = company()
    identity.check(identity.not_before)
    identity.check(identity.not_after)
    for moment, reason in (
        (identity.not_before - timedelta(seconds=1), "not_yet"),
        (identity.not_after + timedelta(seconds=1), "expired"),
    ):
        with pytest.raises(CertificateRefused) as caught:
            identity.check(moment)
        assert caught.value.reason == reason

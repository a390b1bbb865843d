"""What the signatures inside a PDF are worth, whoever made them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from asn1crypto import pem, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import (
    NoDSSFoundError,
    SignatureValidationError,
    ValidationInfoReadingError,
)
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from .pdf_reading import BROKEN, look_up, open_pdf
from .refused import PdfRefused

MAX_BYTES = 80 * 1024 * 1024
MAX_SIGNATURES = 60
MAX_REVISIONS = 150
MAX_TEXT_CHARS = 500


@dataclass(frozen=True)
class SignatureReport:
    """One signature.

    :param name: for whom it speaks, else the owner of the certificate
    :param signed_at: aware instant, None when none is given
    :param time_authority: who certified the instant, empty when the signing
        software only says so
    :param is_valid: the bytes it covers are those that were signed
    :param covers_whole: it covers the file to its last byte
    :param is_modified: something not allowed was changed after it
    :param trusted_by: which of the given anchors its certificate comes from
    :param level: B-B, B-T or B-LT; empty for other kinds of signatures
    """

    field: str
    name: str
    reason: str
    certificate: str
    issuer: str
    signed_at: datetime | None
    time_authority: str
    is_valid: bool
    covers_whole: bool
    is_modified: bool
    trusted_by: str = ""
    level: str = ""


@dataclass(frozen=True)
class SealReport:
    """The verdict on a file.

    :param verdict: ``intact``: every signature holds and the last trusted one (the
        last one when none is trusted) covers the whole file; ``extended``: the
        signed part holds, and somebody else signed what was added after, or only
        archive data was; ``altered``; ``unsigned``; ``unreadable``
    :param reason: why a file is unreadable, a reason of ``PdfRefused``
    """

    verdict: str
    signatures: tuple[SignatureReport, ...] = ()
    reason: str = ""

    @property
    def intact(self) -> bool:
        """Whether nothing at all was changed or added since the last signature."""
        return self.verdict == "intact"

    @property
    def is_trusted(self) -> bool:
        """Whether the last signature is of one of the given anchors."""
        return bool(self.signatures) and bool(self.signatures[-1].trusted_by)


@dataclass(frozen=True)
class _Judged:
    report: SignatureReport
    is_maintained_only: bool


def verify(
    content: bytes, trusted: Sequence[bytes] = (), *, max_bytes: int = MAX_BYTES
) -> SealReport:
    """Check every signature of a file. Never raises on bad input.

    :param trusted: certificates (DER or PEM) that our own signatures come from: a
        company's certificate itself, or an authority all of whose certificates count
    """
    try:
        reader = open_pdf(content, max_bytes=max_bytes)
    except PdfRefused as refusal:
        return SealReport("unreadable", reason=refusal.reason)
    try:
        return asyncio.run(_verify(reader, [_load(item) for item in trusted]))
    except (*BROKEN, SignatureValidationError) as error:
        # A file whose structure does not hold together was not written so.
        reason = f"{type(error).__name__}: {error}"[:200]
        return SealReport("altered", reason=reason)


def _load(content: bytes) -> x509.Certificate:
    if pem.detect(content):
        _name, _headers, content = pem.unarmor(content)
    return x509.Certificate.load(content)


async def _verify(
    reader: PdfFileReader, trusted: Sequence[x509.Certificate]
) -> SealReport:
    embedded = list(reader.embedded_regular_signatures)
    if not embedded:
        return SealReport("unsigned")
    if len(embedded) > MAX_SIGNATURES or reader.xrefs.total_revisions > MAX_REVISIONS:
        return SealReport("unreadable", reason="too_large")
    has_store = _has_revocations(reader)
    judged = [await _judge(item, trusted, has_store) for item in embedded]
    reports = tuple(item.report for item in judged)
    return SealReport(_conclude(judged), reports)


def _conclude(judged: Sequence[_Judged]) -> str:
    if any(not j.report.is_valid or j.report.is_modified for j in judged):
        return "altered"
    ours = [j for j in judged if j.report.trusted_by] or judged
    if ours[-1].report.covers_whole:
        return "intact"
    # What was added must be answered for: by a signature over it, or by being
    # nothing but certificates and time stamps for the archive.
    is_signed = judged[-1].report.covers_whole
    return "extended" if is_signed or judged[-1].is_maintained_only else "altered"


async def _judge(
    signature: EmbeddedPdfSignature,
    trusted: Sequence[x509.Certificate],
    has_store: bool,
) -> _Judged:
    status = await async_validate_pdf_signature(
        signature, _any_signer(signature), _any_stamper(signature)
    )
    stamp = status.timestamp_validity
    is_stamped = bool(stamp and stamp.valid and stamp.intact)
    signed_at = stamp.timestamp if is_stamped else signature.self_reported_timestamp
    if signed_at is not None and signed_at.tzinfo is None:
        signed_at = signed_at.replace(tzinfo=timezone.utc)
    certificate = signature.signer_cert
    values = signature.sig_object
    level = ""
    if look_up(values, "/SubFilter") == "/ETSI.CAdES.detached":
        level = ("B-LT" if has_store else "B-T") if is_stamped else "B-B"
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return _Judged(
        SignatureReport(
            field=signature.fq_name,
            name=_text(values, "/Name") or _common_name(certificate.subject),
            reason=_text(values, "/Reason"),
            certificate=_common_name(certificate.subject),
            issuer=_common_name(certificate.issuer),
            signed_at=signed_at,
            time_authority=_common_name(stamp.signing_cert.subject)
            if is_stamped
            else "",
            is_valid=bool(status.valid and status.intact)
            and (stamp is None or is_stamped),
            covers_whole=whole,
            is_modified=_is_modified(status),
            trusted_by=await _find_anchor(signature, trusted, signed_at),
            level=level,
        ),
        is_maintained_only=status.modification_level == ModificationLevel.LTA_UPDATES,
    )


def _any_signer(signature: EmbeddedPdfSignature) -> ValidationContext:
    """Accept the certificate as it is: whom it belongs to is asked afterwards."""
    return ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)


def _any_stamper(signature: EmbeddedPdfSignature) -> ValidationContext:
    tokens = extract_tst_data_iter(signature.signer_info, signed=False)
    certificates = [c.chosen for token in tokens for c in token["certificates"]]
    return ValidationContext(trust_roots=certificates, allow_fetching=False)


def _is_modified(status: PdfSignatureStatus) -> bool:
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return False
    # Bytes after the end that are no update: nobody adds those in good faith.
    is_garbage = status.modification_level == ModificationLevel.NONE
    return is_garbage or not status.docmdp_ok


async def _find_anchor(
    signature: EmbeddedPdfSignature,
    trusted: Sequence[x509.Certificate],
    signed_at: datetime | None,
) -> str:
    """Return the name of the anchor that vouches for the signer, or nothing."""
    if not trusted:
        return ""
    certificate = signature.signer_cert
    for anchor in trusted:
        if anchor.dump() == certificate.dump() and _is_in_time(anchor, signed_at):
            return _common_name(anchor.subject)
    context = ValidationContext(
        trust_roots=list(trusted),
        allow_fetching=False,
        moment=signed_at,
        revocation_mode="soft-fail",
    )
    validator = CertificateValidator(
        certificate,
        intermediate_certs=signature.other_embedded_certs,
        validation_context=context,
    )
    try:
        path = await validator.async_validate_usage(set())
    except (PathBuildingError, PathValidationError, ValueError):
        return ""
    return _common_name(path.first.subject)


def _is_in_time(certificate: x509.Certificate, moment: datetime | None) -> bool:
    start, end = certificate.not_valid_before, certificate.not_valid_after
    return moment is not None and start <= moment <= end


def _has_revocations(reader: PdfFileReader) -> bool:
    """Whether the file brings certificates and revocation lists for later years."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except (NoDSSFoundError, ValidationInfoReadingError):
        return False
    return bool(store.certs) and bool(store.crls or store.ocsps)


def _text(values: generic.DictionaryObject, key: str) -> str:
    found = look_up(values, key)
    return str(found)[:MAX_TEXT_CHARS] if found is not None else ""


def _common_name(name: x509.Name) -> str:
    native = name.native
    for key in ("common_name", "organization_name"):
        value = native.get(key)
        if value:
            return value if isinstance(value, str) else str(value[0])
    return name.human_friendly

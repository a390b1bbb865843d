"""Signatures written into a PDF: PAdES, one update of the file per signer.

Every signature is made with the company's certificate, on behalf of the person
whose name it carries; the evidence of who that was is on the page of evidence. The
company's own seal comes last and covers the whole file. Level B-B, or B-T and B-LT
when a time stamp service is set.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from io import BytesIO

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.content import AppearanceContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    SigDSSPlacementPreference,
)
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.stamp import BaseStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfbase.pdfmetrics import stringWidth

from odoo.addons.crm_base.lib.errors import MalformedAnswerError

from .company_certificate import SigningIdentity
from .drawing import FONT, as_form, draw_picture, new_canvas, take_pages
from .page_geometry import PageFrame
from .pdf_reading import read_pdf
from .stamping import MAX_OWN_BYTES, MAX_OWN_PAGES
from .time_stamping import GuardedFetchers, TimeStampService
from .verifying import SealReport, SignatureReport, verify

__all__ = [
    "Place",
    "SealFacts",
    "SealReport",
    "SignatureReport",
    "seal",
    "verify",
]

_logger = logging.getLogger(__name__)

NO_LONG_TERM = (SigningError, PathBuildingError, PathValidationError)
DIGEST = "sha256"
# A signature without time stamp: RSA 4096 and a chain of five fit well.
RESERVED_HEX_CHARS = 32_768
CAPTION_SIZE, SMALLEST_CAPTION = 6.5, 3.5
CAPTION_SHARE = 0.4
INSET = 2
WORDS = {
    "fr": ("Signé par {name}", "le {date:%d/%m/%Y} à {date:%H:%M} UTC"),
    "en": ("Signed by {name}", "on {date:%Y-%m-%d} at {date:%H:%M} UTC"),
}
COMPANY_WORDS = {
    "fr": ("Cachet : {name}", WORDS["fr"][1]),
    "en": ("Seal: {name}", WORDS["en"][1]),
}


@dataclass(frozen=True)
class Place:
    """Where a signature is shown: points from the top left as displayed.

    :param page: 1 for the first
    """

    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class SealFacts:
    """One signature to write.

    :param name: person or company that the signature speaks for
    :param reason: shown by PDF readers: consent, how the person was identified
    :param signed_at: aware instant of the person's act; the signature itself is
        dated by the clock of the sealing or by the time stamp
    :param place: None for a signature that is not drawn
    :param image: PNG or JPEG; the name is written when there is none
    :param contact: mail address
    :param is_company: the company's own seal, not a person
    """

    name: str
    reason: str
    signed_at: datetime
    place: Place | None = None
    image: bytes | None = None
    contact: str = ""
    lang: str = "fr_FR"
    is_company: bool = False


class _KeySigner(Signer):
    """Signs with a key that is already open.

    The signer that comes with pyHanko parses and checks the key again at every
    signature, which takes longer than signing.
    """

    def __init__(self, identity: SigningIdentity) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(x509.Certificate.load(der) for der in identity.chain)
        certificate = x509.Certificate.load(identity.certificate)
        super().__init__(
            signing_cert=certificate, cert_registry=store, embed_roots=True
        )
        self._key = identity.key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        digest = getattr(hashes, digest_algorithm.upper())()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        return self._key.sign(data, ec.ECDSA(digest))


@dataclass(frozen=True)
class _DrawnStyle(BaseStampStyle):
    """An appearance that reportlab has drawn."""

    drawing: bytes = b""
    turn: tuple = field(default=(1, 0, 0, 1, 0, 0))

    def create_stamp(self, writer, box, text_params) -> _DrawnStamp:
        return _DrawnStamp(writer, box, self)


class _DrawnStamp(AppearanceContent):
    def __init__(self, writer, box, style: _DrawnStyle) -> None:
        super().__init__(writer, box=box)
        self._style = style

    def register(self):
        if self._content_xobj_ref is None:
            (page,) = take_pages(self.writer, self._style.drawing)
            self._content_xobj_ref = as_form(self.writer, page, self._style.turn)
        return self._content_xobj_ref


def seal(
    content: bytes,
    *,
    signatures: Sequence[SealFacts],
    certificate: SigningIdentity,
    tsa: TimeStampService | None = None,
) -> bytes:
    """Return the file with one more signature per entry, in this order.

    What was there before stays byte for byte, earlier signatures included. With a
    time stamp service the last signature also brings what validators need in ten
    years, when the service publishes it.

    :param signatures: the people in the order in which they signed, then the company
    :raise PdfRefused: any reason of ``read_pdf``, or picture
    :raise CertificateRefused: expired or not_yet
    :raise ClientError: the time stamp service; nothing is sealed then
    """
    certificate.check(datetime.now(timezone.utc))
    facts = read_pdf(content, max_bytes=MAX_OWN_BYTES, max_pages=MAX_OWN_PAGES)
    frames = facts.frames
    for signature in signatures:
        place = signature.place
        if place and not 1 <= place.page <= len(frames):
            raise ValueError(f"the document has {len(frames)} pages")
    return asyncio.run(_seal(content, signatures, frames, certificate, tsa))


async def _seal(
    content: bytes,
    signatures: Sequence[SealFacts],
    frames: Sequence[PageFrame],
    certificate: SigningIdentity,
    tsa: TimeStampService | None,
) -> bytes:
    signer = _KeySigner(certificate)
    stamper = tsa.make_client() if tsa else None
    for number, facts in enumerate(signatures, start=1):
        is_last = number == len(signatures)
        job = _SignatureJob(facts, signer, stamper, frames)
        if is_last and stamper:
            try:
                long_term = await _long_term(certificate, tsa, stamper)
                content = await job.sign(content, long_term)
                continue
            except NO_LONG_TERM:
                # No revocation list within reach: the time stamp alone remains.
                _logger.info("sealed without revocations", exc_info=True)
        content = await job.sign(content)
    return content


@dataclass(frozen=True)
class _SignatureJob:
    facts: SealFacts
    signer: Signer
    stamper: TimeStamper | None
    frames: Sequence[PageFrame]

    async def sign(
        self, content: bytes, long_term: ValidationContext | None = None
    ) -> bytes:
        writer = IncrementalPdfFileWriter(BytesIO(content), strict=False)
        name = _free_field_name(writer)
        metadata = PdfSignatureMetadata(
            field_name=name,
            md_algorithm=DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            name=self.facts.name,
            reason=self.facts.reason,
            contact_info=self.facts.contact or None,
        )
        if long_term:
            metadata = replace(
                metadata,
                embed_validation_info=True,
                validation_context=long_term,
                signer_key_usage=set(),
                dss_settings=DSSContentSettings(
                    include_vri=False,
                    placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE,
                ),
            )
        spec, style = self._appearance(name)
        pdf_signer = PdfSigner(
            metadata,
            self.signer,
            timestamper=self.stamper,
            stamp_style=style,
            new_field_spec=spec,
        )
        target = BytesIO()
        try:
            await pdf_signer.async_sign_pdf(
                writer,
                output=target,
                bytes_reserved=None if self.stamper else RESERVED_HEX_CHARS,
            )
        except TimestampRequestError as error:
            raise MalformedAnswerError("the time stamp is not for our file") from error
        return target.getvalue()

    def _appearance(self, name: str) -> tuple[SigFieldSpec, BaseStampStyle | None]:
        place = self.facts.place
        if not place:
            return SigFieldSpec(sig_field_name=name), None
        frame = self.frames[place.page - 1]
        rect = frame.to_pdf(place.x, place.y, place.width, place.height)
        a, b, c, d, _e, _f = frame.matrix
        style = _DrawnStyle(
            drawing=draw_appearance(self.facts), turn=(a, b, c, d, 0, 0)
        )
        spec = SigFieldSpec(sig_field_name=name, on_page=place.page - 1, box=rect)
        return spec, style


def draw_appearance(facts: SealFacts) -> bytes:
    """Return what a signature looks like, as a page of the size of its place."""
    assert facts.place
    width, height = facts.place.width, facts.place.height
    target = BytesIO()
    canvas = new_canvas(target)
    canvas.setPageSize((width, height))
    table = COMPANY_WORDS if facts.is_company else WORDS
    words = table["fr" if facts.lang.startswith("fr") else "en"]
    moment = facts.signed_at.astimezone(timezone.utc)
    lines = [word.format(name=facts.name, date=moment) for word in words]
    room = max(width - 2 * INSET, 1)
    size = CAPTION_SIZE
    while size > SMALLEST_CAPTION and (
        max(stringWidth(line, FONT, size) for line in lines) > room
        or (facts.image and size * 1.2 * len(lines) > height * CAPTION_SHARE)
    ):
        size -= 0.25
    block = size * 1.2 * len(lines)
    canvas.setFillGray(0.25)
    canvas.setFont(FONT, size)
    bottom = INSET if facts.image else max((height - block) / 2, INSET)
    for number, line in enumerate(lines):
        baseline = bottom + block - (number + 1) * size * 1.2 + size * 0.3
        canvas.drawString(INSET, baseline, line)
    if facts.image:
        above = block + INSET
        box = (INSET, above, room, max(height - above - INSET, 1))
        draw_picture(canvas, facts.image, box)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _free_field_name(writer: IncrementalPdfFileWriter) -> str:
    taken = {name for name, _value, _ref in enumerate_sig_fields(writer)}
    number = 1
    while f"CrmSign{number}" in taken:
        number += 1
    return f"CrmSign{number}"


async def _long_term(
    certificate: SigningIdentity, tsa: TimeStampService, stamper: TimeStamper
) -> ValidationContext:
    """Return where the certificates of both sides are anchored.

    The service is trusted because an administrator chose it: its topmost
    certificate is the anchor.
    """
    token = await stamper.async_dummy_response(DIGEST)
    certificates = [item.chosen for item in token["content"]["certificates"]]
    roots = [x509.Certificate.load(certificate.trust_anchor)]
    return ValidationContext(
        trust_roots=[*roots, *_tops(certificates)],
        other_certs=certificates,
        allow_fetching=True,
        revocation_mode="hard-fail",
        fetcher_backend=GuardedFetchers(tsa.allow_private),
    )


def _tops(certificates: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Return the certificates whose issuer is not among the others."""
    subjects = {item.subject.dump() for item in certificates}
    return [
        item
        for item in certificates
        if item.self_issued or item.issuer.dump() not in subjects
    ]

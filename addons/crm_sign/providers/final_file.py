"""The file that everybody receives at the end: document, evidence, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .certificate_page import SEAL
from .company_certificate import SigningIdentity
from .pdf_reading import read_pdf
from .sealing import SealFacts, seal
from .stamping import Mark, append_pages, draw_marks, write, writer_for
from .time_stamping import TimeStampService


@dataclass(frozen=True)
class FinalFile:
    """What comes out.

    :param content: the signed document
    :param certificate: the page of evidence as a sealed file of its own, when the
        document had been signed by somebody before and may not get new pages
    """

    content: bytes
    certificate: bytes | None = None


def compose(
    original: bytes,
    *,
    marks: Sequence[Mark],
    signatures: Sequence[SealFacts],
    company: SealFacts,
    evidence: bytes,
    certificate: SigningIdentity,
    tsa: TimeStampService | None = None,
) -> FinalFile:
    """Make the final file of one document.

    The original stays the first bytes of the result (unless it was a hybrid file,
    which is rewritten), so that its hash can always be checked again. On a document
    that was already signed nothing is drawn but signatures: the values are on the
    page of evidence.

    :param marks: values, initials and further signatures to draw
    :param signatures: the people in the order in which they signed
    :param company: the seal; where it shows is decided here
    :param evidence: made by ``certificate_page.make``
    :raise PdfRefused: any reason of ``read_pdf``, or picture
    :raise CertificateRefused: expired or not_yet
    :raise ClientError: the time stamp service
    """
    facts = read_pdf(original)
    company = replace(company, is_company=True)
    if facts.has_signature:
        hidden = replace(company, place=None)
        content = seal(
            original,
            signatures=[*signatures, hidden],
            certificate=certificate,
            tsa=tsa,
        )
        shown = replace(company, place=SEAL)
        proof = seal(evidence, signatures=[shown], certificate=certificate, tsa=tsa)
        return FinalFile(content, proof)
    writer = writer_for(original, facts)
    draw_marks(writer, facts, marks)
    append_pages(writer, evidence)
    shown = replace(company, place=replace(SEAL, page=facts.page_count + SEAL.page))
    content = seal(
        write(writer),
        signatures=[*signatures, shown],
        certificate=certificate,
        tsa=tsa,
    )
    return FinalFile(content)

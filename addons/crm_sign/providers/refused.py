"""What a PDF, a certificate or a picture is refused for: closed lists of reasons."""

from __future__ import annotations

PDF_REASONS = frozenset(
    {
        "not_pdf",
        "empty",
        "encrypted",
        "damaged",
        "too_large",
        "too_many_pages",
        "dynamic_form",
        "locked",
        "already_signed",
        "picture",
    }
)
CERTIFICATE_REASONS = frozenset(
    {
        "not_pkcs12",
        "passphrase",
        "no_key",
        "weak_key",
        "unsupported_key",
        "usage",
        "expired",
        "not_yet",
    }
)


class PdfRefused(Exception):
    """A document that cannot be signed here.

    :param reason: a member of ``PDF_REASONS``; callers make the sentence
    :param detail: technical cause, for the log
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        assert reason in PDF_REASONS, reason
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class CertificateRefused(Exception):
    """A certificate that cannot sign.

    :param reason: a member of ``CERTIFICATE_REASONS``; callers make the sentence
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        assert reason in CERTIFICATE_REASONS, reason
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail

import base64
import secrets

from odoo import api, models
from odoo.tools import format_datetime
from odoo.tools.misc import hash_sign, verify_hash_signed

from ..lib.check_result import (
    CheckedSignature,
    CheckResult,
    clean_digest,
    is_possession_proven,
)
from ..lib.evidence import sha256
from ..lib.reference import clean_reference
from ..providers.verifying import verify

SCOPE = "crm_sign_check"
CHALLENGE_BYTES = 16
CHALLENGE_HOURS = 4
MAX_CHALLENGE_CHARS = 500
# The original may have 40 MB; signatures and page of evidence come on top.
MAX_FILE_BYTES = 45 * 1024 * 1024


class CrmSignCheck(models.AbstractModel):
    """The public check of signed files: tells holders of a file, and nobody else."""

    _name = "crm.sign.check"
    _description = "Check of Signed Files"

    # === Questions === #

    @api.model
    def _make_challenge(self):
        """Return a fresh text that a browser hashes together with its file."""
        value = secrets.token_hex(CHALLENGE_BYTES)
        # sudo: the key of the signature is a system parameter
        return hash_sign(
            self.env(su=True), SCOPE, [value], expiration_hours=CHALLENGE_HOURS
        )

    @api.model
    def _check_hash(self, digest, challenge, proof, reference=""):
        """Answer a browser that hashed its file and did not send it.

        :param digest: SHA-256 of the file
        :param proof: SHA-256 of the challenge and the file: who only knows the hash
            of a file learns nothing
        """
        document = self._find_document(clean_digest(digest))
        if not document or not self._is_fresh(challenge):
            return CheckResult("unknown")
        if not is_possession_proven(challenge, document._get_final(), proof):
            return CheckResult("unknown")
        return self._describe_known(document, reference)

    @api.model
    def _check_file(self, content: bytes, reference=""):
        """Answer who sent a file: known, else what its own signatures say."""
        if len(content) > MAX_FILE_BYTES:
            return CheckResult("too_large")
        document = self._find_document(sha256(content))
        if document:
            return self._describe_known(document, reference)
        report = verify(content, self._get_own_certificates(), max_bytes=MAX_FILE_BYTES)
        return self._describe_report(report).matched(reference, False)

    @api.model
    def _check_reference(self, reference):
        """Say only whether there is a proof with this reference."""
        reference = clean_reference(reference)
        # sudo: whether there is one, and nothing of it
        found = reference and self.env["crm.sign.request"].sudo().search_count(
            [("reference", "=", reference), ("state", "=", "signed")], limit=1
        )
        return CheckResult("reference_known" if found else "reference_unknown")

    # === Answers === #

    def _find_document(self, digest):
        """Return the document (superuser) whose signed file has this hash."""
        documents = self.env["crm.sign.document"].sudo()
        if not digest:
            return documents
        return documents.search(
            [("final_sha256", "=", digest), ("final_attachment_id", "!=", False)],
            limit=1,
        )

    def _describe_known(self, document, reference):
        request = document.request_id
        zone = request._get_zone()
        signers = request._get_signed_signers()
        return CheckResult(
            "known",
            company=request.company_id.name,
            document=document.name,
            reference=request.reference,
            completed=self._tell_time(request.done_at, zone),
            signatures=tuple(
                CheckedSignature(signer.name, self._tell_time(signer.signed_at, zone))
                for signer in signers
            ),
            is_ours=True,
        ).matched(reference, clean_reference(reference) == request.reference)

    def _describe_report(self, report):
        return CheckResult(
            report.verdict,
            reason=report.reason if report.verdict == "unreadable" else "",
            signatures=tuple(
                CheckedSignature(
                    name=signature.name,
                    at=self._tell_time(signature.signed_at, None),
                    note=signature.time_authority,
                    is_ours=bool(signature.trusted_by),
                )
                for signature in report.signatures
            ),
            company=report.signatures[-1].certificate if report.is_trusted else "",
            is_ours=report.is_trusted,
        )

    def _tell_time(self, at, zone):
        """Write an instant in the zone of the company, UTC for strangers' files."""
        if not at:
            return ""
        name = str(zone or "UTC")
        naive = at.replace(tzinfo=None)
        return f"{format_datetime(self.env, naive, tz=name)} ({name})"

    def _get_own_certificates(self):
        """Return the certificates of all companies, also those used before.

        The certificates themselves and not the authorities above them: an authority
        certifies strangers too.
        """
        certificates = (
            self.env["crm.sign.certificate"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch([("certificate_der", "!=", False)], ["certificate_der"])
        )
        return [
            base64.b64decode(text) for text in certificates.mapped("certificate_der")
        ]

    def _is_fresh(self, challenge):
        """Tell whether a challenge is ours and not too old."""
        challenge = challenge or ""
        if len(challenge) > MAX_CHALLENGE_CHARS:
            return False
        try:
            # sudo: the key of the signature is a system parameter
            return bool(verify_hash_signed(self.env(su=True), SCOPE, challenge))
        except (ValueError, TypeError, KeyError, IndexError):
            return False

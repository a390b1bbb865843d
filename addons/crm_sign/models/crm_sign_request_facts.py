from odoo import models
from odoo.tools.urls import urljoin

from ..lib.instants import aware
from ..providers.certificate_page import CertificateFacts, DocumentFacts


class CrmSignRequest(models.Model):
    """What the certificate page says."""

    _inherit = "crm.sign.request"

    def _get_check_url(self):
        """Return the address of the public check page."""
        return urljoin(self.company_id.get_base_url(), "/sign/check")

    def _get_signed_signers(self):
        """Return those who signed, in the order in which they did."""
        signed = self.signer_ids.filtered(lambda s: s.state == "signed")
        return signed.sorted(lambda s: (s.signed_at, s.order, s.id))

    def _prepare_certificate_facts(self):
        lang = self.company_id.partner_id.lang or self.user_id.lang or "fr_FR"
        request = self.with_context(lang=lang)
        return CertificateFacts(
            title=self.name,
            reference=self.reference,
            company=self.company_id.name,
            sender=self.user_id.name,
            check_url=self._get_check_url(),
            level=request._get_level_sentence(),
            sent_at=aware(self.sent_at),
            completed_at=aware(self.done_at),
            documents=tuple(
                DocumentFacts(d.name, d.sha256 or "", d.page_count)
                for d in self.document_ids
            ),
            signers=tuple(
                signer._prepare_certificate_facts()
                for signer in request._get_signed_signers()
            ),
            chain_head=self.chain_head or "",
            event_count=self.event_count,
            lang=lang,
            time_zone=str(self._get_zone()),
        )

    def _get_level_sentence(self):
        """Say what the signature is worth; never more than it is."""
        return self.env._(
            "Simple electronic signature (regulation EU 910/2014, article 25):"
            " admissible as evidence; this page and the log of events prove identity,"
            " consent and integrity."
        )

import base64

from odoo import models

from ..lib.instants import aware
from ..providers.certificate_page import SignerFacts
from ..providers.sealing import SealFacts
from .crm_sign_document_file import make_place


class CrmSignSigner(models.Model):
    """What the certificate page says about one signer."""

    _inherit = "crm.sign.signer"

    def _prepare_certificate_facts(self):
        before = self.request_id.signer_ids.filtered(
            lambda s: s.delegated_to_id == self
        )
        filled = self.field_ids.filtered(
            lambda f: f.type in ("text", "checkbox") and f.value
        )
        return SignerFacts(
            name=self.name,
            email=self.email or self.phone or "",
            identified_by=self._get_identified_sentence(),
            signed_at=aware(self.signed_at),
            opened_at=aware(self.opened_at),
            identified_at=aware(self.identified_at),
            role=self.role or "",
            ip=self.ip or "",
            user_agent=self.user_agent or "",
            consent=self.consent_text or "",
            delegated_by=", ".join(before.mapped("name")),
            values=tuple(
                (field._get_label(), self._say_value(field)) for field in filled
            ),
        )

    def _get_identified_sentence(self):
        """Return how the signer was identified, for people."""
        if self.code_channel == "none":
            return self.env._(
                "Personal link sent to %(to)s", to=self._get_email() or self.phone
            )
        return self.env._(
            "Personal link, then a one-time code sent to %(to)s",
            to=self._code_method("_get_code_target")(),
        )

    def _say_value(self, field):
        return self.env._("ticked") if field.type == "checkbox" else field.value

    def _prepare_seal(self, field):
        """Return the signature of this signer for the PDF.

        :param field: where it is shown; empty: in the list of signatures only
        """
        return SealFacts(
            name=self.name,
            reason=self.with_context(lang=self._get_lang())._get_identified_sentence(),
            signed_at=aware(self.signed_at),
            place=make_place(field) if field else None,
            image=self._get_picture("signature_image") or None,
            contact=self._get_email(),
            lang=self._get_lang(),
        )

    def _get_picture(self, name) -> bytes:
        """Return a picture as PNG bytes, empty when there is none."""
        return base64.b64decode(self.with_context(bin_size=False)[name] or b"")

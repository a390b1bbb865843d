import hashlib
import re

from odoo import models
from odoo.exceptions import UserError

ANCHOR = re.compile(r"\{\{(?:sign|initials|date|text|check):(\d{1,2})")


class CrmDocument(models.Model):
    _name = "crm.document"
    _inherit = ["crm.document", "crm.sign.mixin"]

    def action_send_for_signature(self):
        """Open a request to sign this document, with its client and its author."""
        self.ensure_one()
        self.check_access("read")
        if reason := self.outdated_reason:
            raise UserError(
                self.env._(
                    "%(reason)s Make a new revision before it is signed.",
                    reason=reason,
                )
            )
        request = self.env["crm.sign.request"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("state", "=", "draft"),
            ],
            limit=1,
        )
        request = request or self._sign_create_request()
        return {
            "type": "ir.actions.act_window",
            "res_model": request._name,
            "res_id": request.id,
            "view_mode": "form",
        }

    # === Hooks of the signing engine === #

    def _sign_get_version(self):
        self.ensure_one()
        # sudo: a signer has no right to the file, only its hash counts
        document = self.sudo().with_context(bin_size=False)
        content = document.pdf_attachment_id.raw or b""
        return hashlib.sha256(content).hexdigest()

    def _sign_get_outdated_reason(self, request):
        reason = super()._sign_get_outdated_reason(request)
        return reason or self._get_outdated_reason()

    def _sign_prepare_request(self):
        self.ensure_one()
        attachment = self._ensure_file()
        if attachment.mimetype != "application/pdf":
            raise UserError(self.pdf_problem or self.env._("Only a PDF can be signed."))
        # sudo: the right to the document was checked
        content = attachment.sudo().with_context(bin_size=False).raw
        return {
            "name": self.name,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "signer_ids": self._prepare_signers(),
            "documents": [(attachment.name, content)],
        }

    def _prepare_signers(self):
        """Return the client first and, when the text has his place, the author."""
        people = [(self.partner_id, self.env._("Client"))]
        ranks = [int(rank) for rank in ANCHOR.findall(str(self.body_html or ""))]
        if max(ranks, default=1) > 1:
            people.append((self.env.user.partner_id, self.company_id.name))
        return [
            (
                0,
                0,
                {
                    "partner_id": partner.id,
                    "name": partner.name,
                    "email": partner.email,
                    "phone": partner.phone,
                    "order": order,
                    "role": role,
                },
            )
            for order, (partner, role) in enumerate(people, start=1)
            if partner
        ]

    def _sign_on_event(self, request, kind):
        super()._sign_on_event(request, kind)
        sentence = {
            "sent": self.env._("Sent for signature: %(name)s", name=self.name),
            "signed": self.env._("Signed by everybody: %(name)s", name=self.name),
            "refused": self.env._("Signature refused: %(name)s", name=self.name),
            "expired": self.env._("Not signed in time: %(name)s", name=self.name),
        }.get(kind)
        if not sentence:
            return
        self.message_post(body=sentence)
        record = self._find_record()
        if record and isinstance(record, self.env.registry["mail.thread"]):
            record.message_post(body=sentence)

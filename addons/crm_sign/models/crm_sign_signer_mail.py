import secrets

from odoo import fields, models
from odoo.tools.urls import urljoin

from odoo.addons.crm_base.lib.tokens import hash_token, make_token

from ..lib.instants import iso

TOKEN_BYTES = 32


class CrmSignSigner(models.Model):
    """Links and mails of a signer."""

    _inherit = "crm.sign.signer"

    def _make_link(self) -> str:
        """Return a new link; the two before it stay valid."""
        self.ensure_one()
        token = make_token(secrets.token_bytes(TOKEN_BYTES))
        signer = self.sudo()
        signer.write(
            {
                "token_hash": hash_token(token),
                "token_hash_2": signer.token_hash,
                "token_hash_3": signer.token_hash_2,
            }
        )
        return urljoin(signer.company_id.get_base_url(), f"/sign/s/{token}")

    def _notify(self):
        """Send their link to signers whose turn has come."""
        for signer in self.sudo():
            signer._deliver_link("invite")
            signer.write({"state": "notified", "notified_at": fields.Datetime.now()})
            signer.request_id._log_event(
                "notified",
                actor="system",
                signer=signer,
                details={"to": signer._get_email() or signer.phone or ""},
            )

    def _deliver_link(self, kind):
        """Send a link; addons with another way than mail override this.

        :param kind: invite or reminder
        """
        self.ensure_one()
        if self._get_email():
            xmlid = f"crm_sign.mail_template_{kind}"
            self._send_template(xmlid, sign_link=self._make_link())

    def _send_template(self, xmlid, attachments=None, **context):
        """Write a mail to one signer; a job sends it once this is committed.

        Links and codes are in the mail only, which is deleted once it is gone.
        """
        self.ensure_one()
        template = self.env.ref(xmlid).sudo().with_context(**context)
        values = {"auto_delete": True}
        if attachments:
            values["attachment_ids"] = [(6, 0, attachments.ids)]
        mail_id = template.send_mail(self.id, email_values=values)
        self.request_id._delay_mails([mail_id])

    def _send_final(self):
        """Send the signed file and a link to it to each signer."""
        for signer in self.sudo():
            if signer._get_email() and signer.state != "delegated":
                files = signer.request_id._get_final_attachments()
                signer._send_template(
                    "crm_sign.mail_template_final",
                    attachments=files,
                    sign_link=signer._make_link(),
                )

    def _prepare_export(self):
        """Return what the export of the evidence says about a signer."""
        self.ensure_one()
        return {
            "name": self.name,
            "email": self.email or "",
            "phone": self.phone or "",
            "role": self.role or "",
            "order": self.order,
            "state": self.state,
            "identified_by": self.identified_by or "",
            "identified_at": iso(self.identified_at),
            "signed_at": iso(self.signed_at),
            "ip": self.ip or "",
            "user_agent": self.user_agent or "",
            "consent": self.consent_text or "",
            "delegated_to": self.delegated_to_id.name or "",
        }

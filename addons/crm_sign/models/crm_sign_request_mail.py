from odoo import models

from ..const import MAX_ATTACHED_BYTES


class CrmSignRequest(models.Model):
    """Mails of a request; written with the fact, sent by a job."""

    _inherit = "crm.sign.request"

    def _delay_mails(self, mail_ids):
        """Have a job send these mails once the transaction is committed."""
        for request in self[:1]:
            request.with_delay(
                priority=5, description=f"Mails of {request.reference}"
            )._job_send_mails(mail_ids)

    def _job_send_mails(self, mail_ids):
        """Send mails written in a transaction that is committed now.

        Run twice it sends nothing more: a mail that is gone is no longer waiting.
        """
        mails = self.env["mail.mail"].sudo().browse(mail_ids).exists()
        mails.filtered(lambda mail: mail.state == "outgoing").send()
        for mail in mails.exists().filtered(lambda m: m.state == "exception"):
            self._note_undelivered(mail)

    def _note_undelivered(self, mail):
        """Say on the request that a mail did not leave."""
        signer = self.env["crm.sign.signer"].sudo()
        if mail.model == signer._name:
            signer = signer.browse(mail.res_id).exists()
            signer.delivery_error = (mail.failure_reason or "")[:200] or "?"
        request = signer.request_id or self.sudo()
        request._leave_activity(
            self.env._("A mail did not leave"),
            self.env._(
                "The mail to %(name)s was not accepted: %(reason)s. Check the address"
                " and the mail server, then press Remind.",
                name=signer.name or "?",
                reason=mail.failure_reason or "?",
            ),
        )
        request._notify_screens()

    def _get_final_attachments(self):
        """Return the signed files when they are small enough for a mail."""
        documents = self.sudo().document_ids
        files = documents.final_attachment_id + documents.certificate_attachment_id
        too_large = sum(files.mapped("file_size")) > MAX_ATTACHED_BYTES
        return files.browse() if too_large else files

    def _mail_final(self):
        """Send the signed file to everybody: signers, copies, responsible."""
        self.ensure_one()
        self.signer_ids._send_final()
        template = self.env.ref("crm_sign.mail_template_final_copy").sudo()
        files = self._get_final_attachments()
        self._post_to_responsible(
            self.env._("Everybody has signed %(name)s.", name=self.name), files
        )
        partners = self.copy_partner_ids - self.user_id.partner_id
        known = {signer._get_email() for signer in self.signer_ids}
        mail_ids = []
        for partner in partners.filtered("email_normalized"):
            if partner.email_normalized in known:
                continue
            known.add(partner.email_normalized)
            values = {
                "email_to": partner.email_formatted,
                "attachment_ids": [(6, 0, files.ids)],
                "auto_delete": True,
            }
            lang = partner.lang or self.company_id.partner_id.lang
            localized = template.with_context(
                sign_lang=lang, sign_name=partner.name, sign_attached=bool(files)
            )
            mail_ids.append(localized.send_mail(self.id, email_values=values))
        if mail_ids:
            self._delay_mails(mail_ids)
        self._log_event(
            "delivered", actor="system", details={"to": sorted(filter(None, known))}
        )

    def _post_to_responsible(self, sentence, attachments=None):
        """Tell the responsible the way he wants to be told (mail, screen, push)."""
        company = self.company_id
        # The signer behind the transaction is nobody here and has no address.
        self.message_post(
            author_id=company.partner_id.id,
            email_from=company.email_formatted or self.user_id.email_formatted,
            body=sentence,
            partner_ids=self.user_id.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
            attachment_ids=attachments.ids if attachments else None,
        )

    def _job_post_to_responsible(self):
        """Tell the responsible how the request ended; the signer waits for nobody."""
        request = self.sudo().exists()
        if request and request.ended_reason:
            request._post_to_responsible(request.ended_reason)

    def _mail_withdrawn(self, except_signer=None):
        """Tell those who had a link that there is nothing to sign any more."""
        signers = self.signer_ids.filtered(
            lambda s: s.state in ("notified", "opened", "identified", "signed")
        )
        if except_signer:
            signers -= except_signer
        for signer in signers.filtered(lambda s: s._get_email()):
            signer._send_template("crm_sign.mail_template_withdrawn")

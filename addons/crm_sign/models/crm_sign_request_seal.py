from odoo import fields, models
from odoo.exceptions import UserError

from ..lib.evidence import sha256


class CrmSignRequest(models.Model):
    """The final file: stamped, certified, sealed by a job, sent to everybody."""

    _inherit = "crm.sign.request"

    def _delay_seal(self):
        """Have a job make the final file."""
        for request in self:
            request.with_delay(
                identity_key=f"crm_sign_seal:{request.id}",
                description=f"Seal {request.reference}",
            )._job_seal()

    def _job_seal(self):
        """Make, keep and send the final files; does nothing when it is done."""
        request = self.sudo().exists()
        if not request:
            return
        request._lock()
        if request.state != "signed" or request.seal_state == "done":
            return
        files = [
            (document, document._get_original()) for document in request.document_ids
        ]
        request._store_final(files)

    def _store_final(self, files, audit_trail=None):
        """Keep the signed files and mail them; the one place that does.

        :param files: list of (document, bytes)
        :param audit_trail: bytes of the proof of a service, if any
        """
        self.ensure_one()
        details = []
        for document, content in files:
            digest = sha256(content)
            attachment = document._store_file(document._get_final_name(), content)
            document.write(
                {"final_attachment_id": attachment.id, "final_sha256": digest}
            )
            details.append({"name": document.name, "sha256": digest})
        if audit_trail:
            self.audit_attachment_id = self.document_ids[:1]._store_file(
                self.env._("Proof %(reference)s", reference=self.reference), audit_trail
            )
        self.write({"seal_state": "done", "seal_error": False})
        self._log_event("sealed", actor="system", details={"files": details})
        self._mail_final()

    def _note_seal_failure(self, sentence):
        """Say why there is no final file; a person presses Retry."""
        self.write({"seal_state": "failed", "seal_error": sentence})
        self._log_event("failed", actor="system", details={"cause": sentence})
        self._leave_activity(self.env._("The signed file could not be made"), sentence)

    def action_retry_seal(self):
        """Try again to make the final file."""
        self.check_access("write")
        for request in self.sudo():
            if request.state != "signed" or request.seal_state == "done":
                raise UserError(self.env._("There is nothing to make."))
            request.write({"seal_state": "waiting", "seal_error": False})
            if request.connection_id:
                request._provider_call("_sign_fetch")
            else:
                request._delay_seal()
        return True

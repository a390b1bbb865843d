import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_base.lib.errors import ClientError, ConfigurationError

from ..lib.evidence import sha256
from ..providers import certificate_page, final_file
from ..providers.refused import CertificateRefused, PdfRefused

_logger = logging.getLogger(__name__)
# The time stamp service is asked again after so many minutes, then a person is.
RETRY_MINUTES = (1, 5, 15, 60, 180, 360)


class CrmSignRequest(models.Model):
    """The final file: stamped, certified, sealed by a job, sent to everybody."""

    _inherit = "crm.sign.request"

    seal_attempts = fields.Integer(readonly=True, copy=False)

    def _delay_seal(self, minutes=0):
        """Have a job make the final file."""
        for request in self:
            request.with_delay(
                identity_key=f"crm_sign_seal:{request.id}:{request.seal_attempts}",
                description=f"Seal {request.reference}",
                eta=timedelta(minutes=minutes) if minutes else None,
            )._job_seal()

    def _job_seal(self):
        """Make, keep and send the final files; does nothing when it is done."""
        request = self.sudo().exists()
        if not request:
            return
        request = request.with_context(lang=request._get_lang())
        request._lock()
        request.invalidate_recordset(["seal_state"])
        if request.state != "signed" or request.seal_state == "done":
            return
        try:
            files = request._compose_files()
        except ClientError as error:
            request._retry_seal_later(error)
        except (CertificateRefused, PdfRefused) as error:
            _logger.warning("Request %s not sealed: %s", request.reference, error)
            request._note_seal_failure(request._get_seal_sentence(error))
        except UserError as error:
            request._note_seal_failure(str(error))
        else:
            request._store_final(files)

    @api.model
    def _cron_seal(self):
        """Ask again for the final files whose job was lost."""
        since = fields.Datetime.now() - timedelta(hours=1)
        self.sudo().search(
            [
                ("state", "=", "signed"),
                ("seal_state", "=", "waiting"),
                ("connection_id", "=", False),
                ("write_date", "<", since),
            ],
            limit=200,
        )._delay_seal()

    # === Making === #

    def _compose_files(self):
        """Return (document, signed bytes, bytes of a certificate apart) of each."""
        self.ensure_one()
        company = self.company_id._get_sign_certificate()
        problem = company._get_problem()
        if problem:
            raise UserError(problem)
        identity = company._get_identity()
        evidence = certificate_page.make(self._prepare_certificate_facts())
        files = []
        for document in self.document_ids:
            final = final_file.compose(
                document._get_original(),
                marks=document._prepare_marks(),
                signatures=document._prepare_signatures(),
                company=document._prepare_company_seal(),
                evidence=evidence,
                certificate=identity,
                tsa=company._get_time_stamp_service(),
            )
            files.append((document, final.content, final.certificate))
        return files

    def _store_final(self, files, audit_trail=None):
        """Keep the signed files and mail them; the one place that does.

        :param files: list of (document, bytes) or (document, bytes, certificate)
        :param audit_trail: bytes of the proof of a service, if any
        """
        self.ensure_one()
        details = []
        for document, content, *certificate in files:
            document._keep_final(content, *certificate)
            details.append({"name": document.name, "sha256": document.final_sha256})
        if audit_trail:
            name = self.env._("Proof %(reference)s", reference=self.reference)
            proof = self.document_ids[:1]._store_file(name, audit_trail)
            self.audit_attachment_id = proof
            details.append({"name": proof.name, "sha256": sha256(audit_trail)})
        self.write({"seal_state": "done", "seal_error": False, "seal_attempts": 0})
        self._log_event("sealed", actor="system", details={"files": details})
        self._mail_final()

    # === Faults === #

    def _retry_seal_later(self, error):
        """The time stamp service did not answer: again later, then a person."""
        sentence = self._get_seal_sentence(error)
        attempt = self.seal_attempts
        if not error.is_transient or attempt >= len(RETRY_MINUTES):
            self._note_seal_failure(sentence)
            return
        self.write({"seal_attempts": attempt + 1, "seal_error": sentence})
        self._delay_seal(RETRY_MINUTES[attempt])

    def _note_seal_failure(self, sentence):
        """Say why there is no final file; a person presses Retry."""
        self.write({"seal_state": "failed", "seal_error": sentence})
        self._log_event("failed", actor="system", details={"cause": sentence})
        self._leave_activity(self.env._("The signed file could not be made"), sentence)

    def _get_seal_sentence(self, error):
        """Return what happened and what to do, for people."""
        if isinstance(error, CertificateRefused):
            return self.company_id._get_sign_certificate()._get_refusal(error.reason)
        if isinstance(error, PdfRefused):
            return self.document_ids[:1]._get_refusal(error.reason)
        if isinstance(error, ConfigurationError):
            return self.env._(
                "The time stamp service is not called: its address is wrong or inside"
                " an internal network. Correct it on the certificate of the company,"
                " then press Retry. The signatures are kept."
            )
        if error.is_transient:
            return self.env._(
                "The time stamp service does not answer. The signatures are kept; we"
                " try again by ourselves."
            )
        return self.env._(
            "The time stamp service refused: check its address on the certificate of"
            " the company, then press Retry. The signatures are kept."
        )

    def action_retry_seal(self):
        """Try again to make the final file."""
        self.check_access("write")
        for request in self.sudo():
            if request.state != "signed" or request.seal_state == "done":
                raise UserError(
                    self.env._("%(name)s has its final file.", name=request.name)
                    if request.seal_state == "done"
                    else self.env._("Not everybody has signed yet.")
                )
            request.write(
                {
                    "seal_state": "waiting",
                    "seal_error": False,
                    "seal_attempts": 0,
                }
            )
            if request.connection_id:
                request._provider_call("_sign_fetch")
            else:
                request._delay_seal()
        return True

from datetime import datetime, timezone

from odoo import models

from odoo.addons.crm_base.lib.errors import MalformedAnswerError
from odoo.addons.crm_sign.lib.states import UNSIGNED

from .. import const
from ..lib.archives import stem
from ..lib.states import PROGRESS, Fact, request_fact, signer_fact


def read_instant(text):
    """Return a naive UTC instant of an ISO text, None when it is none."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    if moment.tzinfo:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return moment.replace(microsecond=0)


class CrmConnection(models.Model):
    """What the answers of Yousign mean for a request."""

    _inherit = "crm.connection"

    def _apply_result_yousign(self, exchange, result):
        """Write what an answer means; nothing to do when nothing was asked."""
        request = self.env["crm.sign.request"].browse(exchange.res_id).exists()
        value = result.value
        if not request or value is None:
            return
        # First of all: whoever comes second is played again from here.
        request._lock()
        try:
            {
                const.CALL_CREATE: self._apply_yousign_create,
                const.CALL_DOCUMENT: self._apply_yousign_document,
                const.CALL_SIGNER: self._apply_yousign_signer,
                const.CALL_ACTIVATE: self._apply_yousign_activate,
                const.CALL_LOOK: self._apply_yousign_look,
                const.CALL_REMIND: self._apply_yousign_remind,
                const.CALL_CANCEL: self._apply_yousign_cancel,
            }[exchange.event](request, value, exchange)
        except (KeyError, TypeError, AttributeError) as error:
            raise MalformedAnswerError(
                f"Yousign's answer has another shape ({type(error).__name__}: {error})",
                status=result.status,
            ) from None

    # === Sending === #

    def _apply_yousign_create(self, request, draft, exchange):
        """Keep the number; adopt what a lost answer had left there."""
        request.remote_id = draft.request["id"]
        names = request._get_yousign_names()
        by_name = {stem(row["filename"]): row["id"] for row in draft.documents}
        for document in request.document_ids:
            document.remote_id = by_name.get(stem(names[document.id]))
        by_email = {row["info"]["email"].lower(): row["id"] for row in draft.signers}
        for signer in request.signer_ids:
            signer.remote_id = by_email.get(signer._get_email())
        self._go_on_yousign(request, exchange)

    def _apply_yousign_document(self, request, row, exchange):
        values = request._read_yousign_body(exchange)
        request.document_ids.browse(values["document"]).remote_id = row["id"]
        self._go_on_yousign(request, exchange)

    def _apply_yousign_signer(self, request, row, exchange):
        values = request._read_yousign_body(exchange)
        request.signer_ids.browse(values["signer"]).remote_id = row["id"]
        self._go_on_yousign(request, exchange)

    def _go_on_yousign(self, request, exchange):
        """Write the next step, or withdraw what was cancelled in the meantime."""
        if request._is_open():
            self._sign_send_yousign(request)
        else:
            reason = request.ended_reason
            self._ask_yousign_cancel(request, reason, f"-after-{exchange.id}")

    def _apply_yousign_activate(self, request, row, exchange):
        if request._is_open():
            request._provider_sent()
        else:
            self._go_on_yousign(request, exchange)

    # === Where it is === #

    def _apply_yousign_look(self, request, findings, exchange):
        """Bring a request to where it is at Yousign."""
        remote = findings.request
        if remote is None:
            if request.remote_id:
                request._provider_cancelled()
            return
        if not request.remote_id:
            request.remote_id = remote["id"]
        for row in findings.signers:
            self._apply_yousign_signer_state(request, row)
        fact = request_fact(remote["status"])
        if fact is Fact.SENT:
            request._provider_sent()
        elif fact is Fact.REFUSED:
            self._apply_yousign_refusal(request, remote)
        elif fact is Fact.EXPIRED:
            request._provider_expired()
        elif fact is Fact.CANCELLED:
            request._provider_cancelled()
        elif fact is Fact.DONE:
            self._apply_yousign_done(request, findings)

    def _apply_yousign_signer_state(self, request, row):
        signer = request._find_yousign_signer(row)
        fact = signer_fact(row["status"])
        if not signer or fact not in PROGRESS:
            return
        at = read_instant(row.get("signed_at")) if fact is Fact.SIGNED else None
        request._provider_signer_fact(
            signer, fact.value, at, request._get_yousign_proof(signer)
        )

    def _apply_yousign_refusal(self, request, remote):
        """Read who refused and why: a signer, or an approver of the account."""
        declined = remote.get("decline_information") or {}
        rejected = remote.get("rejection_information") or {}
        signer = request._find_yousign_signer({"id": declined.get("signer_id")})
        request._provider_refused(
            signer,
            declined.get("reason") or rejected.get("reason") or "",
            read_instant(declined.get("declined_at") or rejected.get("rejected_at")),
        )

    def _apply_yousign_done(self, request, findings):
        if findings.files:
            documents = request.document_ids
            files = [
                (documents.browse(key), raw) for key, raw in findings.files.items()
            ]
            request._provider_finished(files, findings.audit_trail)
        elif request.state in UNSIGNED:
            request._alert_signed_late()

    def _apply_yousign_remind(self, request, was_reminded, exchange):
        """Nothing: the engine has noted that it asked."""

    def _apply_yousign_cancel(self, request, status, exchange):
        """A cancellation may come too late."""
        if request_fact(status) is Fact.DONE:
            request._alert_signed_late()

    # === Failures === #

    def _on_exchange_failed_yousign(self, exchange, trouble):
        """A call failed for good: the request says why, a person decides."""
        if exchange.res_model != "crm.sign.request":
            return
        request = self.env["crm.sign.request"].browse(exchange.res_id).exists()
        if request:
            request._note_yousign_failure(exchange.event, trouble)

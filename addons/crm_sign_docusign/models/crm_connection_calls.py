import json
from functools import partial

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.crm_base.lib.errors import ClientError, ConfigurationError
from odoo.addons.crm_integrations.lib.exchange import CallResult
from odoo.addons.crm_sign.lib.evidence import sha256
from odoo.addons.crm_sign.lib.states import OPEN_STATES

from .. import const
from ..lib import facts
from ..providers.docusign_client import DocusignClient, SignedFiles


def create_draft(config, wish, files, is_retry):
    """Make the envelope, or find the one an earlier try has made."""
    definition = wish["definition"]
    (custom,) = definition["customFields"]["textCustomFields"]
    with DocusignClient(config) as client:
        envelope_id = is_retry and client.find_envelope(
            custom["value"], definition["transactionId"], wish["since"]
        )
        envelope_id = envelope_id or client.create_draft(definition, files)
    return CallResult(201, remote_id=envelope_id)


def run(config, ask):
    """Make the calls of one exchange that gives nothing but success."""
    with DocusignClient(config) as client:
        ask(client)
    return CallResult(200)


def read_envelopes(config, envelope_ids):
    """Read where some envelopes are."""
    with DocusignClient(config) as client:
        rows = client.read_envelopes(envelope_ids)
    return CallResult(200, json.dumps(rows).encode())


def fetch_files(config, envelope_id, document_ids):
    """Bring the signed files and the certificate."""
    with DocusignClient(config) as client:
        files = client.download(envelope_id, document_ids)
    return CallResult(200, files.pack(), remote_id=envelope_id)


def do_nothing():
    """The wish is out of date: nobody needs the call any more."""
    return CallResult()


class CrmConnection(models.Model):
    """Outgoing exchanges: the calls, what their answers mean, what failing means."""

    _inherit = "crm.connection"

    def _prepare_call_docusign(self, exchange):
        config = self._get_docusign_config()
        body = exchange._get_body()
        if not body:
            raise ConfigurationError("the message was emptied or cannot be decrypted")
        wish = json.loads(body)
        if exchange.event == const.CALL_READ:
            return partial(read_envelopes, config, wish["envelopes"])
        request = self._get_docusign_request(exchange)
        prepare = {
            const.CALL_CREATE: self._prepare_docusign_create,
            const.CALL_SEND: self._prepare_docusign_send,
            const.CALL_VOID: self._prepare_docusign_void,
            const.CALL_REMIND: self._prepare_docusign_remind,
            const.CALL_FETCH: self._prepare_docusign_fetch,
        }[exchange.event]
        return prepare(config, request, wish, exchange) or do_nothing

    def _get_docusign_request(self, exchange):
        request = self.env["crm.sign.request"].browse(exchange.res_id).exists()
        if not request:
            raise UserError(self.env._("The signature request is gone."))
        return request

    def _prepare_docusign_create(self, config, request, wish, exchange):
        if request.state not in OPEN_STATES:
            return None
        if request.remote_id:
            # An event came before the answer and told the id.
            return partial(CallResult, 200, remote_id=request.remote_id)
        files = {}
        for document in request.document_ids:
            files[str(document.id)] = content = document._get_original()
            if sha256(content) != wish["files"].get(str(document.id)):
                raise UserError(
                    self.env._(
                        "The file %(name)s is not the one that was sent.",
                        name=document.name,
                    )
                )
        # The first try has nothing to look for; a retry by hand counts from one again.
        is_retry = exchange.attempt_count > 1 or bool(exchange.attempt_ids)
        is_retry = is_retry or wish["is_again"]
        return partial(create_draft, config, wish, files, is_retry)

    def _prepare_docusign_send(self, config, request, wish, exchange):
        if request.state not in OPEN_STATES:
            return None
        return partial(run, config, lambda c: c.send_draft(wish["envelope"]))

    def _prepare_docusign_void(self, config, request, wish, exchange):
        envelope_id = wish.get("envelope") or request.remote_id
        return partial(
            run, config, lambda c: c.close_envelope(envelope_id, wish["reason"])
        )

    def _prepare_docusign_remind(self, config, request, wish, exchange):
        if request.state not in OPEN_STATES:
            return None
        envelope_id = request.remote_id
        return partial(run, config, lambda c: c.remind(envelope_id, wish["signers"]))

    def _prepare_docusign_fetch(self, config, request, wish, exchange):
        if request.seal_state == "done":
            return None
        document_ids = [str(document.id) for document in request.document_ids]
        return partial(fetch_files, config, request.remote_id, document_ids)

    # === Answers === #

    def _apply_result_docusign(self, exchange, result):
        if exchange.event == const.CALL_READ:
            asked = json.loads(exchange._get_body())["envelopes"]
            self._find_docusign_requests(asked)._note_docusign_asked()
            self._apply_docusign_rows(json.loads(result.body))
            return
        request = self._get_docusign_request(exchange)
        if exchange.event == const.CALL_CREATE and result.remote_id:
            self._apply_docusign_draft(request, result.remote_id)
        elif exchange.event == const.CALL_SEND and result.status:
            request._provider_sent()
            if not request.next_reminder_at and not request.reminder_count:
                request._plan_reminder()
        elif exchange.event == const.CALL_FETCH and result.body:
            files = SignedFiles.unpack(result.body)
            request._provider_finished(
                [(d, files.documents[str(d.id)]) for d in request.document_ids],
                files.certificate,
            )

    def _apply_docusign_draft(self, request, envelope_id):
        """Keep the id first, then have the draft sent; or thrown away."""
        request._lock()
        request.remote_id = envelope_id
        for signer in request.signer_ids:
            signer.remote_id = str(signer.id)
        for document in request.document_ids:
            document.remote_id = str(document.id)
        wish = {"envelope": envelope_id}
        if request.state in OPEN_STATES:
            name = self._name_docusign_try(const.CALL_SEND, request)
            self._ask_docusign(const.CALL_SEND, request, wish, name)
        else:
            # Cancelled while the draft was being made.
            wish["reason"] = request.ended_reason or request.name
            self._ask_docusign(const.CALL_VOID, request, wish, "void")

    def _apply_docusign_rows(self, rows):
        """Take what a list of envelopes says; one that cannot be read is skipped."""
        found = []
        for row in rows:
            try:
                found.append(facts.read_envelope(row, const.REFERENCE_FIELD))
            except ClientError:
                continue
        ours = self._find_docusign_requests([item.envelope_id for item in found])
        ours = ours.grouped("remote_id")
        for item in found:
            for request in ours.get(item.envelope_id, ()):
                request._apply_docusign(item)

    def _find_docusign_requests(self, envelope_ids):
        """Return the requests of this connection with these envelopes."""
        requests = self.env["crm.sign.request"].with_context(active_test=False)
        return requests.search(
            [("connection_id", "=", self.id), ("remote_id", "in", envelope_ids)]
        )

    # === Failures === #

    def _on_exchange_failed_docusign(self, exchange, trouble):
        """Tell the request what will not happen by itself any more."""
        if exchange.event == const.CALL_READ or exchange.direction == "in":
            return
        request = self.env["crm.sign.request"].browse(exchange.res_id).exists()
        if not request:
            return
        sentence = self._get_docusign_failures()[exchange.event] % {
            "cause": trouble.message
        }
        if exchange.event == const.CALL_FETCH:
            request._note_seal_failure(sentence)
        else:
            request._provider_failed(sentence)

    def _get_docusign_failures(self):
        return {
            const.CALL_CREATE: self.env._(
                "DocuSign did not take the request: %(cause)s"
            ),
            const.CALL_SEND: self.env._(
                "DocuSign keeps the request as a draft and has written to nobody:"
                " %(cause)s"
            ),
            const.CALL_VOID: self.env._(
                "The request is cancelled here but still open at DocuSign: %(cause)s"
            ),
            const.CALL_REMIND: self.env._(
                "DocuSign has not reminded anybody: %(cause)s"
            ),
            const.CALL_FETCH: self.env._(
                "Everybody signed, but the signed files could not be brought from"
                " DocuSign: %(cause)s"
            ),
        }

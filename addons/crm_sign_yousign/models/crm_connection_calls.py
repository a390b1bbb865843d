import json
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any

from odoo import fields, models

from odoo.addons.crm_base.lib.errors import ConfigurationError
from odoo.addons.crm_integrations.lib import exchange as rules
from odoo.addons.crm_integrations.lib.exchange import CallResult
from odoo.addons.crm_sign.lib.states import OPEN_STATES

from .. import const
from ..providers import yousign_flow as flow
from ..providers.yousign_client import YousignClient


@dataclass(frozen=True)
class YousignResult(CallResult):
    """An answer as decoded by the flow; None when there was nothing to do."""

    value: Any = None


class CrmConnection(models.Model):
    """What we ask of Yousign: one exchange per step, each safe to repeat.

    create, document (each), signer (each), activate: the answer of one writes the
    next. look: where is it, with the files once it is done. remind, cancel.
    """

    _inherit = "crm.connection"

    # === Asked by the engine === #

    def _sign_prepare_yousign(self, request):
        """Refuse with a sentence what Yousign would not take."""
        request._check_yousign()

    def _sign_send_yousign(self, request):
        """Write the next step of a sending; a failed one leaves again."""
        event, values = request._get_yousign_step()
        key = "-".join(str(part) for part in (event, request.id, *values.values()))
        exchange = self._ask_yousign(request, event, values, key)
        if exchange.state == rules.FAILED:
            now = fields.Datetime.now()
            exchange._move("retry", next_attempt_at=now, attempt_count=0)
            exchange._wake()

    def _sign_cancel_yousign(self, request, reason):
        self._ask_yousign_cancel(request, reason)

    def _ask_yousign_cancel(self, request, reason, suffix=""):
        event = const.CALL_CANCEL
        key = f"{event}-{request.id}{suffix}"
        values = {"note": reason or ""}
        self._ask_yousign(request, event, values, key, personal=True)

    def _sign_remind_yousign(self, request, signers):
        for signer in signers.filtered("remote_id"):
            event = const.CALL_REMIND
            key = f"{event}-{signer.id}-{request.reminder_count}-{secrets.token_hex(4)}"
            self._ask_yousign(request, event, {"signer": signer.id}, key)

    def _sign_refresh_yousign(self, request):
        self._ask_yousign_look(request)

    def _sign_fetch_yousign(self, request):
        self._ask_yousign_look(request)

    def _ask_yousign_look(self, request, cause=None):
        """Ask where a request is.

        :param cause: number of the event that calls for it; without one, a look
            that waits already is enough
        """
        event = const.CALL_LOOK
        if not cause and request in self._find_yousign_waiting(request):
            return
        key = f"{event}-{request.id}-{cause or secrets.token_hex(8)}"
        self._ask_yousign(request, event, {}, key)

    def _find_yousign_waiting(self, requests):
        """Return those requests for which a look waits already."""
        looks = self._group_yousign_looks(requests, [("state", "=", rules.PENDING)])
        return requests.browse(looks)

    def _get_yousign_last_looks(self, requests):
        """Return {id of a request: when a look was last asked for}."""
        return self._group_yousign_looks(requests, [])

    def _group_yousign_looks(self, requests, domain):
        # sudo: exchanges are seen by supervisors only
        rows = (
            self.env["crm.exchange"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", requests._name),
                    ("res_id", "in", requests.ids),
                    ("event", "=", const.CALL_LOOK),
                    *domain,
                ],
                ["res_id"],
                ["create_date:max"],
            )
        )
        return dict(rows)

    def _ask_yousign(self, request, event, values, key, personal=False):
        body = json.dumps(values).encode()
        return self._enqueue(
            event, body, idempotency_key=key, record=request, personal=personal
        )

    # === Calls === #

    def _prepare_call_yousign(self, exchange):
        """Return what to run outside any transaction for an outgoing exchange."""
        request = self.env["crm.sign.request"].browse(exchange.res_id).exists()
        ask = request and self._get_yousign_call(exchange, request)
        if not ask:
            return YousignResult
        config = self._get_yousign_config()

        def call():
            with YousignClient(config) as client:
                value = ask(client)
                return YousignResult(
                    status=client.status, duration_ms=client.duration_ms, value=value
                )

        return call

    def _get_yousign_call(self, exchange, request):
        """Return the call of an exchange, None when it is no longer wanted."""
        body = exchange._get_body()
        if not body:
            raise ConfigurationError("the message was emptied or cannot be decrypted")
        values = json.loads(body)
        is_open = request.state in OPEN_STATES
        if exchange.event in const.SENDING.values() and not is_open:
            return None
        tried_before = exchange.attempt_count > 1 or bool(exchange.attempt_ids)
        return {
            const.CALL_CREATE: self._yousign_create,
            const.CALL_DOCUMENT: self._yousign_document,
            const.CALL_SIGNER: self._yousign_signer,
            const.CALL_ACTIVATE: self._yousign_activate,
            const.CALL_LOOK: self._yousign_look,
            const.CALL_REMIND: self._yousign_remind,
            const.CALL_CANCEL: self._yousign_cancel,
        }[exchange.event](request, values, tried_before)

    def _yousign_create(self, request, values, tried_before):
        body = request._prepare_yousign_request()
        return partial(flow.create_request, body=body)

    def _yousign_document(self, request, values, tried_before):
        document = request.document_ids.browse(values["document"])
        return partial(
            flow.add_document,
            request_id=request.remote_id,
            name=request._get_yousign_names()[document.id],
            content=document._get_original(),
            initials=document._prepare_yousign_initials(),
            tried_before=tried_before,
        )

    def _yousign_signer(self, request, values, tried_before):
        signer = request.signer_ids.browse(values["signer"])
        known = request.signer_ids.filtered("remote_id").mapped("remote_id")
        return partial(
            flow.add_signer,
            request_id=request.remote_id,
            body=request._prepare_yousign_signer(signer),
            known_ids=known,
            tried_before=tried_before,
        )

    def _yousign_activate(self, request, values, tried_before):
        return partial(flow.activate_request, request_id=request.remote_id)

    def _yousign_look(self, request, values, tried_before):
        names = request._get_yousign_names()
        is_alive = request.state in ("sent", "partial", "signed")
        is_wanted = is_alive and request.seal_state != "done"
        return partial(
            flow.look,
            request_id=request.remote_id or "",
            reference=request.reference,
            documents={
                document.id: (document.remote_id, names[document.id])
                for document in request.document_ids
            },
            with_files=is_wanted,
        )

    def _yousign_remind(self, request, values, tried_before):
        signer = request.signer_ids.browse(values["signer"])
        if not request.remote_id or signer.state == "signed":
            return None
        return partial(
            flow.remind, request_id=request.remote_id, signer_id=signer.remote_id
        )

    def _yousign_cancel(self, request, values, tried_before):
        return partial(
            flow.cancel,
            request_id=request.remote_id or "",
            reference=request.reference,
            note=values["note"],
        )

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ..lib import order
from ..lib.states import OPEN_STATES, Fact, decide


class CrmSignRequest(models.Model):
    """The way of a request: sent, signed by each one in turn, ended."""

    _inherit = "crm.sign.request"

    # === Buttons === #

    def action_send(self):
        """Send to the first signers; what is sent can no longer be changed."""
        self.check_access("write")
        for request in self:
            if request.state != "draft":
                raise UserError(
                    self.env._("%(name)s was already sent.", name=request.name)
                )
            request._check_can_send()
        for request in self:
            request._send()
        return True

    def action_cancel(self):
        """Withdraw the request; its links say so."""
        self.check_access("write")
        for request in self:
            if request.state not in ("draft", *OPEN_STATES):
                raise UserError(
                    self.env._(
                        "%(name)s has already ended: it cannot be cancelled.",
                        name=request.name,
                    )
                )
            request._cancel(
                self.env._("Cancelled by %(name)s", name=self.env.user.name)
            )
        return True

    def action_remind(self):
        """Remind now those whose turn it is."""
        self.check_access("write")
        for request in self:
            if request.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%(name)s is not waiting for anybody.", name=request.name
                    )
                )
            request.sudo()._remind(actor=request._get_actor(None))
        return True

    def action_new_version(self):
        """Open a new draft made from this request."""
        self.ensure_one()
        self.check_access("read")
        request = self._copy_as_draft()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": request.id,
            "views": [(False, "form")],
        }

    def _copy_as_draft(self):
        """Copy a request with its documents, signers and fields."""
        self.ensure_one()
        request = self.copy({"name": self.name})
        documents = {
            document.id: request._add_document(document.name, document._get_original())
            for document in self.document_ids
        }
        request.field_ids.unlink()
        signers = {}
        for signer in self.signer_ids.filtered(lambda s: s.state != "delegated"):
            (values,) = signer.copy_data({"request_id": request.id})
            signers[signer.id] = self.env["crm.sign.signer"].create(values)
        self.env["crm.sign.field"].create(
            [
                {
                    **values,
                    "request_id": request.id,
                    "document_id": documents[field.document_id.id].id,
                    "signer_id": signers[field.signer_id.id].id,
                    "value": False,
                }
                for field in self.field_ids
                if field.signer_id.id in signers
                for values in field.copy_data()
            ]
        )
        # sudo: what a request is about is written by the server only
        request.sudo().write({"res_model": self.res_model, "res_id": self.res_id})
        return request

    # === Making === #

    def _add_document(self, name: str, content: bytes):
        """Add a PDF to a draft; its anchors become fields of the signers.

        :raise UserError: what cannot be signed, said in a sentence
        """
        self.ensure_one()
        document = self.env["crm.sign.document"].create(
            {
                "request_id": self.id,
                "name": name,
                "sequence": 10 + len(self.document_ids),
            }
        )
        document._set_original(content)
        return document

    # === Sending === #

    def _send(self):
        """Freeze and send one checked draft."""
        self.ensure_one()
        actor = self._get_actor(None)
        # sudo: the state of a request is written by the engine only
        request = self.sudo()
        request._lock()
        if not decide(request.state, Fact.SENT):
            return
        record = request._get_record()
        request.write(
            {
                "state": "sent",
                "sent_at": fields.Datetime.now(),
                "source_version": record._sign_get_version() if record else False,
            }
        )
        request._log_event("sent", actor=actor, details=request._prepare_sent_details())
        if request.connection_id:
            request._provider_call("_sign_send")
        else:
            request._notify_current()
            request._plan_reminder()
        request._tell("sent")

    def _prepare_sent_details(self):
        """Facts of the sending: what, to whom, until when."""
        return {
            "name": self.name,
            "documents": [
                {"name": document.name, "sha256": document.sha256 or ""}
                for document in self.document_ids
            ],
            "signers": [
                {
                    "name": signer._get_evidence_name(),
                    "order": signer.order,
                    "code": signer.code_channel,
                }
                for signer in self.signer_ids
            ],
            "fields": len(self.field_ids),
            "until": str(self.date_expiry or ""),
            "version": self.source_version or "",
            "service": self.connection_id.name or "",
            "level": self.level,
        }

    def _get_current_ids(self):
        """Return the ids of the signers whose turn it is."""
        self.ensure_one()
        if self.state not in OPEN_STATES:
            return ()
        return order.current_group(signer._to_turn() for signer in self.signer_ids)

    def _get_current_signers(self):
        """Return the signers whose turn it is."""
        return self.signer_ids.browse(self._get_current_ids())

    def _notify_current(self):
        """Send their link to those whose turn has just come."""
        current = self._get_current_signers()
        current.filtered(lambda s: s.state == "waiting")._notify()

    # === Ends === #

    def _after_signature(self, actor, http=None):
        """After one signature: go on to the next ones, or end."""
        self.ensure_one()
        turns = [signer._to_turn() for signer in self.signer_ids]
        if not order.is_complete(turns):
            self.state = decide(self.state, Fact.ONE_SIGNED) or self.state
            if not self.connection_id:
                self._notify_current()
            return
        state = decide(self.state, Fact.ALL_SIGNED)
        if not state:
            return
        self._end(state.value)
        self._log_event("completed", actor="system")
        if not self.connection_id:
            self.seal_state = "waiting"
            self._delay_seal()
        self._tell("signed")

    def _end(self, state, reason=False):
        """Close a request; its reminders stop."""
        self.write(
            {
                "state": state,
                "done_at": fields.Datetime.now(),
                "ended_reason": reason,
                "next_reminder_at": False,
            }
        )

    def _cancel(self, reason):
        """Cancel one request, also at the service."""
        self.ensure_one()
        actor = self._get_actor(None)
        request = self.sudo()
        request._lock()
        state = decide(request.state, Fact.CANCELLED)
        if not state:
            return
        was_sent = request.state != "draft"
        request._end(state.value, reason)
        if not was_sent:
            return
        request._log_event("cancelled", actor=actor, details={"reason": reason})
        if request.connection_id:
            request._provider_call("_sign_cancel", reason)
        else:
            request._mail_withdrawn()
        request._tell("cancelled")

    def _expire(self, at=None):
        """End a request whose last day is over."""
        self.ensure_one()
        request = self.sudo()
        request._lock()
        state = decide(request.state, Fact.EXPIRED)
        if not state:
            return
        request._end(state.value, request._text_expired())
        request._log_event("expired", actor="system", at=at)
        request._leave_activity(
            self.env._("Nobody signed in time"), request.ended_reason
        )
        request._tell("expired")

    def _text_expired(self):
        waiting = self.signer_ids.filtered(
            lambda s: s.state not in ("signed", "delegated")
        )
        return self.env._(
            "The last day for signing is over. Missing: %(names)s.",
            names=", ".join(waiting.mapped("name")),
        )

    def _close_refused(self, signer, reason):
        """End a request because one signer refused."""
        state = decide(self.state, Fact.REFUSED)
        if not state:
            return
        # The signer's browser speaks the signer's language, this is for ours.
        self = self.with_context(lang=self._get_lang())
        text = self.env._(
            "%(name)s refused: %(reason)s",
            name=signer.name,
            reason=reason or self.env._("no reason given"),
        )
        self._end(state.value, text)
        self._leave_activity(self.env._("Signature refused"), text)
        self._tell("refused")

    # === Telling others === #

    def _tell(self, kind):
        """Tell the document and the hooks of the suite, in this transaction."""
        self.ensure_one()
        record = self._get_record()
        if record:
            record._sign_on_event(self, kind)
        if kind in ("refused", "expired"):
            self.with_delay(
                description=f"End of {self.reference}"
            )._job_post_to_responsible()
        if kind in ("sent", "signed", "refused", "expired"):
            self.env["crm.hook"]._emit_event(
                f"sign.{kind}", self, self._prepare_event_payload()
            )

    def _prepare_event_payload(self):
        """What is told to other services about a request."""
        return {
            "reference": self.reference,
            "name": self.name,
            "state": self.state,
            "reason": self.ended_reason or "",
            "client": self.partner_id.name or "",
            "document": f"{self.res_model},{self.res_id}" if self.res_id else "",
            "signers": [
                {
                    "name": signer.name,
                    "email": signer.email or "",
                    "state": signer.state,
                }
                for signer in self.signer_ids
            ],
        }

    def _leave_activity(self, summary, note):
        """Leave a task for the responsible, once as long as it is open."""
        self.ensure_one()
        if summary in self.activity_ids.mapped("summary"):
            return
        # In the name of the responsible: behind a public page there is only the public
        # user, whom people of another company may not read; no mail on top of it.
        request = self.with_user(self.user_id).sudo()
        request.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=note,
            user_id=self.user_id.id,
        )

    def _has_message(self):
        return not is_html_empty(self.message)

    def unlink(self):
        documents = self.document_ids
        self._unlink_except_sent()
        documents.unlink()
        return super().unlink()

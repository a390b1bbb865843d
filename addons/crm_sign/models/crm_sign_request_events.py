from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL

from ..lib import evidence
from ..lib.instants import aware, iso, naive


class CrmSignRequest(models.Model):
    """The evidence of a request: written event by event, checked at any time."""

    _inherit = "crm.sign.request"

    def _lock(self):
        """Wait for the row of the request and hold it until the transaction ends.

        Whoever waited for somebody else's changes is played again from the start by
        Odoo (serialization failure): each event moves the head of the chain, so no
        two transactions ever write after the same event.
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            SQL("SELECT 1 FROM crm_sign_request WHERE id = %s FOR UPDATE", self.id),
            # Two at the same moment: one of them is played again, no error.
            log_exceptions=False,
        )
        self.invalidate_recordset(["state", "event_count", "chain_head"])

    def _log_event(
        self, kind, *, actor="", signer=None, details=None, http=None, at=None
    ):
        """Append one event to the evidence, under the lock of the request.

        :param str kind: see `crm.sign.event`
        :param str actor: who did it; empty: the signer, or the current user
        :param signer: the `crm.sign.signer` concerned
        :param dict details: more facts, ready for JSON, no floats
        :param http: `HttpFacts` of the browser, if any
        :param at: naive UTC instant of the fact, now by default
        :return: the event (superuser)
        """
        self.ensure_one()
        # sudo: evidence is written by the engine only
        request = self.sudo()
        request._lock()
        event = evidence.Event(
            reference=request.reference,
            sequence=request.event_count + 1,
            at=evidence_time(at or fields.Datetime.now()),
            kind=kind,
            actor=actor or request._get_actor(signer),
            previous_hash=request.chain_head or evidence.first_link(request.reference),
            signer=signer._get_evidence_name() if signer else "",
            ip=(http.ip or "")[:64] if http else "",
            user_agent=(http.user_agent or "")[:255] if http else "",
            document_sha256=request._get_documents_hash(),
            details=details or {},
        )
        digest = event.hash()
        row = (
            self.env["crm.sign.event"]
            .sudo()
            .create(request._prepare_event_values(event, digest, signer))
        )
        request.write({"event_count": event.sequence, "chain_head": digest})
        request._notify_screens()
        return row

    def _notify_screens(self):
        """Have the open screens of who sent and who follows it show it (at commit)."""
        for user in self.user_id | self.create_uid:
            if user.active and not user.share:
                payload = {"res_model": self._name, "res_id": self.id}
                user._bus_send("crm_base.record", payload)

    def _prepare_event_values(self, event, digest, signer):
        return {
            "request_id": self.id,
            "company_id": self.company_id.id,
            "sequence": event.sequence,
            "at": naive(event.at),
            "kind": event.kind,
            "actor": event.actor,
            "signer_id": signer.id if signer else False,
            "signer_text": event.signer,
            "ip": event.ip,
            "user_agent": event.user_agent,
            "document_sha256": event.document_sha256,
            "details_json": evidence.canonical_json(dict(event.details)).decode(),
            "previous_hash": event.previous_hash,
            "hash": digest,
        }

    def _get_actor(self, signer):
        """Name of whoever acts: the signer on a page, else the user or the system."""
        if signer:
            return signer._get_evidence_name()
        # with_user: the engine runs as superuser, the name is the person's
        user = self.env.user
        if user.id == SUPERUSER_ID:
            return "system"
        return f"{user.name} <{user.login}>"

    def _get_documents_hash(self):
        """One hash for all documents: that of the only one, or of their list."""
        hashes = [document.sha256 or "" for document in self.document_ids]
        if len(hashes) == 1:
            return hashes[0]
        return evidence.sha256("\n".join(hashes).encode()) if hashes else ""

    # === Verification === #

    def _verify_chain(self):
        """Check the evidence of these requests and note the outcome.

        :return: those whose chain is broken
        """
        broken = self.browse()
        now = fields.Datetime.now()
        # sudo: the outcome is written by the engine
        requests = self.sudo()
        events = (
            self.env["crm.sign.event"]
            .sudo()
            .search_fetch([("request_id", "in", requests.ids)])
        )
        by_request = events.grouped("request_id")
        for request in requests:
            chain = by_request.get(request, events.browse())._to_evidence()
            breaks = evidence.verify_chain(
                request.reference,
                chain,
                head=request.chain_head or "",
                count=request.event_count,
            )
            state = "broken" if breaks else "intact"
            if breaks:
                broken |= request
            if breaks and request.chain_state != "broken":
                request._alert_broken(breaks)
            request.write({"chain_state": state, "chain_checked_at": now})
        return broken

    def _alert_broken(self, breaks):
        """Leave an activity: evidence was changed behind our back."""
        numbers = sorted({str(item.sequence) for item in breaks if item.sequence})
        note = (
            self.env._("Events that do not hold: %(list)s", list=", ".join(numbers))
            if numbers
            else self.env._("Events are missing at the end.")
        )
        self._leave_activity(self.env._("The evidence was altered"), note)

    def action_verify_chain(self):
        """Check the evidence now and say so."""
        self.check_access("read")
        broken = self._verify_chain()
        message = (
            self.env._("The evidence was altered: see the activity.")
            if broken
            else self.env._("The evidence is intact: nothing was changed or removed.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "danger" if broken else "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === Export === #

    def _export_evidence(self) -> bytes:
        """Return the evidence as JSON that anybody can verify without us."""
        self.ensure_one()
        request = self.sudo()
        return evidence.export(
            request._prepare_export_request(),
            [
                {
                    "name": document.name,
                    "sha256": document.sha256 or "",
                    "signed_sha256": document.final_sha256 or "",
                    "pages": document.page_count,
                }
                for document in request.document_ids
            ],
            [signer._prepare_export() for signer in request.signer_ids],
            request.event_ids._to_evidence(),
        )

    def _prepare_export_request(self):
        return {
            "reference": self.reference,
            "name": self.name,
            "company": self.company_id.name,
            "state": self.state,
            "level": self.level,
            "service": self.connection_id.name or "",
            "sent_at": iso(self.sent_at),
            "done_at": iso(self.done_at),
            "event_count": self.event_count,
            "chain_head": self.chain_head or "",
        }

    def action_export_evidence(self):
        """Download the evidence as JSON."""
        self.ensure_one()
        self.check_access("read")
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"preuve-{self.reference}.json",
                    "raw": self._export_evidence(),
                    "mimetype": "application/json",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
        }


def evidence_time(at):
    """Return a stored instant as evidence writes it: aware, whole seconds."""
    return aware(fields.Datetime.to_datetime(at)).replace(microsecond=0)

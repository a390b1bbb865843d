import json
from datetime import datetime, timedelta

from odoo import api, fields, models

from odoo.addons.crm_sign.lib.states import OPEN_STATES

from .. import const
from ..lib import payloads

# How many requests one run of the cron asks about: two calls each, and the sandbox
# takes 200 calls per hour.
LOOK_BATCH = 40
LOOK_MINUTES = 50


class CrmSignRequest(models.Model):
    """What Yousign says of a request, and what goes wrong there."""

    _inherit = "crm.sign.request"

    # === Finding === #

    def _read_yousign_body(self, exchange):
        return json.loads(exchange._get_body())

    def _find_yousign_signer(self, row):
        """Return the signer of a row of Yousign, by number, else by address."""
        self.ensure_one()
        signers = self.signer_ids
        found = signers.filtered(lambda s: s.remote_id and s.remote_id == row.get("id"))
        email = str((row.get("info") or {}).get("email") or "").lower()
        if not found and email:
            found = signers.filtered(
                lambda s: not s.remote_id and s._get_email() == email
            )
            found = found[:1]
            if found and row.get("id"):
                found.remote_id = row["id"]
        return found[:1]

    def _get_yousign_proof(self, signer):
        """Return how Yousign makes sure of who signs, for the evidence."""
        if self.level == "qualified":
            words = self.env._("identity document and video, by Yousign")
        elif self.level == "advanced":
            words = self.env._("identity document and code by SMS, by Yousign")
        else:
            mode = payloads.auth_mode(self.level, signer.code_channel)
            words = {
                "otp_email": self.env._("code by mail, by Yousign"),
                "otp_sms": self.env._("code by SMS, by Yousign"),
            }.get(mode, self.env._("personal link, by Yousign"))
        return {"identified_by": words}

    # === Trouble === #

    def _note_yousign_failure(self, event, trouble):
        """A call failed for good: say what, and what can be done."""
        self.ensure_one()
        cause = self._get_yousign_sentence(trouble)
        if event in const.SENDING.values():
            self._provider_failed(
                self.env._("Yousign did not take the request: %(cause)s", cause=cause)
            )
        elif event == const.CALL_LOOK and self.seal_state == "waiting":
            self._note_seal_failure(
                self.env._(
                    "The signed file could not be fetched from Yousign: %(cause)s",
                    cause=cause,
                )
            )
        elif event == const.CALL_CANCEL:
            self._leave_activity(
                self.env._("Cancel it at Yousign too"),
                self.env._(
                    "The request is cancelled here; at Yousign it could not be: "
                    "%(cause)s",
                    cause=cause,
                ),
            )

    def _get_yousign_sentence(self, trouble):
        """Return a cause in words for people, the vendor's own at the end."""
        if trouble.status == 403:
            sentence = self.env._(
                "the contract with Yousign, or the rights of the key, do not allow it."
            )
        else:
            sentence = {
                "refused": self.env._("something in the request is not right."),
                "unavailable": self.env._("it has not answered for days."),
                "rate_limited": self.env._("it was asked too often."),
                "malformed": self.env._("its answer was not understood."),
                "configuration": self.env._("a setting of the connection is missing."),
            }.get(trouble.code, "")
        return f"{sentence} ({trouble.message})" if sentence else trouble.message

    def _note_yousign_trouble(self, signer, event):
        """Something keeps a signer from signing; a person can help."""
        self.ensure_one()
        if not self._is_open():
            return
        sentence = {
            "signer.notification_delivery_failed": self.env._(
                "Yousign could not deliver its message: check the address."
            ),
            "signer.identification_failed": self.env._(
                "Yousign could not check the identity."
            ),
            "signer.identification_blocked": self.env._(
                "Too many attempts: Yousign has blocked the identity check."
            ),
        }.get(
            event,
            self.env._("Yousign met an error while the document was being signed."),
        )
        signer.sudo().delivery_error = sentence
        self._provider_log("failed", signer, details={"cause": sentence})
        self._leave_activity(
            self.env._("%(name)s cannot sign", name=signer.name), sentence
        )

    # === Missed events === #

    @api.model
    def _cron_look_at_yousign(self):
        """Ask about open requests that were not asked about for an hour.

        Only exchanges are written: facts that arrive meanwhile are not disturbed.
        """
        domain = [
            ("connection_id.provider", "=", "yousign"),
            ("connection_id.state", "!=", "off"),
            ("remote_id", "!=", False),
            "|",
            ("state", "in", OPEN_STATES),
            "&",
            ("state", "=", "signed"),
            ("seal_state", "=", "waiting"),
        ]
        requests = self.with_context(active_test=False).search(domain, order="id")
        connections = self.env["crm.connection"]
        requests -= connections._find_yousign_waiting(requests)
        asked_at = connections._get_yousign_last_looks(requests)
        now = fields.Datetime.now()
        limit = now - timedelta(minutes=LOOK_MINUTES)
        due = requests.filtered(lambda r: asked_at.get(r.id, datetime.min) < limit)
        due = due.sorted(lambda r: asked_at.get(r.id, datetime.min))
        cause = f"cron-{int(now.timestamp())}"
        for request in due[:LOOK_BATCH]:
            request.connection_id._ask_yousign_look(request, cause)

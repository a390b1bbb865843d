from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.states import OPEN_STATES, Fact, decide

# States of a signer that a service may tell, in the order they can only go up.
RANKS = {
    "waiting": 0, "notified": 1, "opened": 2, "identified": 3,
    "signed": 9, "refused": 9, "delegated": 9,
}  # fmt: skip
INSTANTS = {
    "notified": "notified_at",
    "opened": "opened_at",
    "identified": "identified_at",
    "signed": "signed_at",
}


class CrmSignRequest(models.Model):
    """Requests that another service has signed: what we ask, what it tells.

    Everything it tells may come twice, late and in any order: each method changes
    something once at most, and nothing on a request that has ended.
    """

    _inherit = "crm.sign.request"

    service = fields.Selection(
        selection="_selection_service",
        string="Signed With",
        compute="_compute_service",
        inverse="_inverse_service",
        help="Our own pages, or the account of a signature service.",
    )

    @api.model
    def _selection_service(self):
        # sudo: sellers read no connection; they see its name and nothing else
        connections = (
            self.env["crm.connection"].sudo()._get_sign_connections(self.env.companies)
        )
        services = [(str(c.id), c.name) for c in connections]
        return [("own", self.env._("Our own pages")), *services]

    @api.depends("connection_id")
    def _compute_service(self):
        known = {key for key, _name in self._selection_service()}
        for request in self:
            key = str(request.connection_id.id or "own")
            request.service = key if key in known else False

    def _inverse_service(self):
        allowed = (
            self.env["crm.connection"].sudo()._get_sign_connections(self.env.companies)
        )
        for request in self:
            key = request.service or "own"
            chosen = allowed.filtered(lambda c, key=key: str(c.id) == key)
            request.connection_id = chosen

    # === What we ask === #

    def _provider_call(self, hook, *args):
        """Call `<hook>_<provider>(request, ...)` on the connection."""
        self.ensure_one()
        # sudo: a seller reads no connection
        return self.connection_id.sudo()._call_provider(hook, self.sudo(), *args)

    def _check_provider(self):
        """Refuse with a sentence what the service cannot do."""
        self.ensure_one()
        connection = self.connection_id.sudo()
        capabilities = connection._get_sign_capabilities().get(connection.provider)
        if capabilities is None:
            raise UserError(
                self.env._("%(name)s does not sign documents.", name=connection.name)
            )
        if self.level not in capabilities:
            raise UserError(
                self.env._(
                    "%(name)s does not offer this level of signature: choose another"
                    " level or another service.",
                    name=connection.name,
                )
            )
        self._provider_call("_sign_prepare")

    def _provider_can(self, capability):
        """Tell whether the service of this request offers something."""
        self.ensure_one()
        connection = self.connection_id.sudo()
        offers = connection._get_sign_capabilities()
        return capability in offers.get(connection.provider, ())

    def action_refresh(self):
        """Ask the service where the request is."""
        self.check_access("read")
        for request in self.filtered("connection_id"):
            request._provider_call("_sign_refresh")
        return True

    def action_fetch(self):
        """Ask the service for the signed file again."""
        self.check_access("write")
        for request in self.filtered("connection_id"):
            request._provider_call("_sign_fetch")
        return True

    def action_send_again(self):
        """Have the service take what it refused, once the cause is repaired."""
        self.check_access("write")
        for request in self.filtered(lambda r: r.connection_id and r.provider_error):
            if request.state in OPEN_STATES:
                # sudo: written by the engine only
                request.sudo().provider_error = False
                request._provider_call("_sign_send")
        return True

    # === What the service tells === #

    def _is_open(self):
        """Lock one request and tell whether facts still change it."""
        self._lock()
        return self.state in OPEN_STATES

    def _provider_log(self, kind, signer=None, at=None, details=None):
        actor = self.connection_id.name or "service"
        self._log_event(
            kind,
            actor=actor,
            signer=signer,
            details={**(details or {}), **({"at": str(at)} if at else {})},
        )

    def _provider_sent(self):
        """The service has the request and writes to the signers."""
        request = self.sudo()
        if not request._is_open():
            return
        request.provider_error = False
        first = request._get_current_signers().filtered(lambda s: s.state == "waiting")
        for signer in first:
            request._provider_signer_fact(signer, "notified", fields.Datetime.now())

    def _provider_signer_fact(self, signer, state, at, details=None):
        """One signer went on: notified, opened, identified or signed.

        :param at: naive UTC instant of the fact, as the service gives it
        """
        request = self.sudo()
        signer = signer.sudo()
        if not request._is_open() or RANKS[signer.state] >= RANKS[state]:
            return
        values = {"state": state}
        if state in INSTANTS:
            values[INSTANTS[state]] = at or fields.Datetime.now()
        for name in ("ip", "user_agent", "identified_by"):
            if (details or {}).get(name):
                values[name] = str(details[name])[:255]
        signer.write(values)
        request._provider_log(state, signer, at, details)
        if state == "signed":
            request._after_signature(request.connection_id.name)
            if request.state == "signed":
                request.seal_state = "waiting"

    def _provider_finished(self, files, audit_trail=None):
        """Everybody signed at the service: keep the signed files and its proof.

        :param files: list of (crm.sign.document, bytes of the signed PDF)
        :param audit_trail: bytes of the PDF of proof of the service, if any
        """
        request = self.sudo()
        request._lock()
        if request.seal_state == "done":
            return
        # Facts come in any order: the files say that everybody signed.
        if request.state in OPEN_STATES:
            now = fields.Datetime.now()
            for signer in request.signer_ids:
                request._provider_signer_fact(signer, "signed", now)
        if request.state != "signed":
            request._alert_signed_late()
            return
        request._store_final(files, audit_trail)

    def _alert_signed_late(self):
        """Everybody signed at the service, but the request has ended here."""
        name = self.connection_id.name
        summary = self.env._("Signed at %(name)s after all", name=name)
        if summary in self.activity_ids.mapped("summary"):
            return
        self._provider_log(
            "provider", details={"fact": "finished", "state": self.state}
        )
        self._leave_activity(
            summary,
            self.env._(
                "%(name)s says that everybody signed, after this request ended here."
                " The signed file is there, under the number %(id)s: fetch it and"
                " decide what it is worth.",
                name=name,
                id=self.remote_id,
            ),
        )

    def _provider_refused(self, signer, reason, at=None):
        """A signer refused at the service."""
        request = self.sudo()
        if not request._is_open():
            return
        signer = signer.sudo()
        if signer:
            signer.write({"state": "refused", "refused_reason": reason})
        request._provider_log("refused", signer, at, {"reason": reason or ""})
        request._close_refused(signer, reason)

    def _provider_expired(self, at=None):
        """The service ended the request because nobody signed in time."""
        request = self.sudo()
        if request._is_open():
            request._expire()

    def _provider_cancelled(self, at=None, reason=""):
        """The request was withdrawn at the service itself."""
        request = self.sudo()
        if not request._is_open():
            return
        state = decide(request.state, Fact.CANCELLED)
        name = request.connection_id.name
        told = self.env._("Cancelled at %(name)s", name=name)
        if reason:
            told = self.env._(
                "Cancelled at %(name)s: %(reason)s", name=name, reason=reason
            )
        request._end(state.value, told)
        request._provider_log("cancelled", at=at)
        request._tell("cancelled")

    def _provider_failed(self, sentence):
        """The service refused for good: say why, leave the way out to a person."""
        request = self.sudo()
        request._lock()
        if request.provider_error == sentence:
            return
        request.provider_error = sentence
        request._provider_log("failed", details={"cause": sentence})
        request._leave_activity(
            self.env._("The signature service refused the request"), sentence
        )

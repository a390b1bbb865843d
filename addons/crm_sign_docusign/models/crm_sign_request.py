import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_sign.lib.instants import naive
from odoo.addons.crm_sign.lib.states import OPEN_STATES, UNSIGNED

from .. import const
from ..lib import facts

_logger = logging.getLogger(__name__)

# Without Connect the check is the only ear; with it, a net for what was missed.
LISTENING_GAP = timedelta(minutes=59)
DEAF_GAP = timedelta(seconds=const.POLL_GAP_SECONDS)
CRON_LIMIT = 1000


class CrmSignRequest(models.Model):
    """Requests signed at DocuSign: what an envelope says, told to the engine."""

    _inherit = "crm.sign.request"

    docusign_asked_at = fields.Datetime(
        string="DocuSign Asked On", readonly=True, copy=False
    )

    _docusign_idx = models.Index(
        "(connection_id, docusign_asked_at)"
        " WHERE remote_id IS NOT NULL AND state IN ('sent', 'partial')"
    )

    # === Facts === #

    def _apply_docusign(self, found):
        """Take the state of an envelope; twice, late or mixed changes nothing.

        :param found: `EnvelopeFacts`
        """
        self.ensure_one()
        request = self.sudo()
        request._lock()
        if found.state == facts.UNKNOWN:
            _logger.info("%s: unknown status %s", request.reference, found.status)
            return
        if found.state == facts.SIGNED and request.state in UNSIGNED:
            request._alert_signed_late()
            return
        if found.state != facts.DRAFT:
            request._provider_sent()
        for fact in found.signers:
            request._apply_docusign_signer(fact)
        at = naive(found.at)
        if found.state == facts.SIGNED:
            request._fetch_docusign()
        elif found.state in (facts.REFUSED, facts.CANCELLED):
            # Whoever of ours refused was told above; here somebody else did.
            request._provider_cancelled(at, found.reason)
        elif found.state == facts.EXPIRED:
            request._provider_expired(at)

    def _apply_docusign_signer(self, fact):
        signer = self.signer_ids.filtered(lambda s: str(s.id) == fact.recipient_id)
        if not signer:
            return
        stand_in = self._find_docusign_stand_in(signer, fact)
        for state, at in fact.steps:
            if state == "refused":
                self._provider_refused(signer, fact.reason, naive(at))
            elif state == facts.BOUNCED:
                self._note_docusign_bounce(signer, fact.reason)
            else:
                details = {}
                if state == "signed":
                    how = self._text_docusign_identity(signer)
                    details = {**stand_in, "identified_by": how}
                self._provider_signer_fact(signer, state, naive(at), details)

    def _text_docusign_identity(self, signer):
        """Say how DocuSign knew who signed; it sends no code by mail."""
        if self.level != "simple":
            return self.env._("DocuSign, signature provider of the level")
        if signer.code_channel == "sms":
            return self.env._("DocuSign, code by phone")
        return self.env._("DocuSign, personal link by mail")

    def _find_docusign_stand_in(self, signer, fact):
        """Note, once, that a signer handed over; return who stands in for him."""
        if not fact.email or fact.email.lower() == signer._get_email().lower():
            return {}
        told = {"name": fact.name, "email": fact.email}
        stand_in = f"{fact.name} <{fact.email}>"
        if signer.docusign_stand_in != stand_in and self._is_open():
            signer.docusign_stand_in = stand_in
            self._provider_log("delegated", signer, details=told)
        return told

    def _note_docusign_bounce(self, signer, reason):
        """The mail of DocuSign did not arrive: a person finds another address."""
        text = self.env._(
            "DocuSign's mail to %(email)s came back: %(reason)s",
            email=signer.email,
            reason=reason or self.env._("no reason given"),
        )
        if signer.delivery_error == text or not self._is_open():
            return
        signer.delivery_error = text
        self._provider_log("failed", signer, details={"cause": text})
        self._leave_activity(
            self.env._("%(name)s got no mail from DocuSign", name=signer.name), text
        )

    def _fetch_docusign(self):
        """Have the signed files brought, once."""
        if self.seal_state == "done":
            return
        self.connection_id._ask_docusign(const.CALL_FETCH, self, {}, "fetch")

    # === Following === #

    def _note_docusign_asked(self):
        """Note that DocuSign has just told where these envelopes are.

        Facts that arrive at the same moment win: the caller is played again.
        """
        if not self:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE crm_sign_request SET docusign_asked_at = %s WHERE id IN %s",
                fields.Datetime.now(),
                tuple(self.ids),
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["docusign_asked_at"])

    def _may_ask_docusign(self):
        """Tell whether the rules of the API allow a question now."""
        self.ensure_one()
        asked_at = self.docusign_asked_at
        return not asked_at or asked_at <= fields.Datetime.now() - DEAF_GAP

    @api.model
    def _get_docusign_domain(self, connection):
        """Return the requests whose state is unknown for too long."""
        gap = LISTENING_GAP if connection.sudo().webhook_secret else DEAF_GAP
        before = fields.Datetime.now() - gap
        return (
            Domain("connection_id", "=", connection.id)
            & Domain("remote_id", "!=", False)
            & (
                Domain("state", "in", OPEN_STATES)
                | Domain("state", "=", "signed") & Domain("seal_state", "=", "waiting")
            )
            & (
                Domain("docusign_asked_at", "=", False)
                | Domain("docusign_asked_at", "<=", before)
            )
        )

    @api.model
    def _cron_follow_docusign(self):
        """Ask where open envelopes are, many in one call."""
        connections = self.env["crm.connection"].search(
            [("provider", "=", const.PROVIDER), ("state", "!=", "off")]
        )
        for connection in connections:
            if connection._is_docusign_asked():
                continue
            requests = self.with_context(active_test=False).search(
                self._get_docusign_domain(connection),
                order="docusign_asked_at NULLS FIRST, id",
                limit=CRON_LIMIT,
            )
            for start in range(0, len(requests), const.POLL_BATCH):
                connection._read_docusign(requests[start : start + const.POLL_BATCH])

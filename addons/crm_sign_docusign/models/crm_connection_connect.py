from contextlib import suppress
from datetime import timedelta, timezone

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.crm_integrations.exceptions import IgnoreExchange

from .. import const
from ..lib import connect, facts


class CrmConnection(models.Model):
    """Events of Connect: verified at the door, worked on by a job."""

    _inherit = "crm.connection"

    def _accept_docusign_event(self, body, headers):
        """Verify and keep one event.

        :param bytes body: as it arrived
        :param headers: of the request
        :return: HTTP status to answer
        :rtype: int
        """
        self.ensure_one()
        keys = connect.split_keys(self.sudo().webhook_secret or "")
        try:
            connect.verify(body, connect.signatures(headers), keys)
            event = self._read_docusign_event(body)
        except connect.EventRefusedError as error:
            self._note_docusign_refusal(error.reason)
            return 403 if error.reason == "no_key" else 400
        self._receive(event.name, event.event_id, body)
        return 200

    def _read_docusign_event(self, body):
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        return connect.read_event(body, now, timedelta(days=const.EVENT_MAX_AGE_DAYS))

    def _process_incoming_docusign(self, exchange):
        """Take what the envelope says; what an event is called does not matter."""
        try:
            event = self._read_docusign_event(exchange._get_body())
        except connect.EventRefusedError as error:
            raise IgnoreExchange(
                self.env._("The event cannot be used: %(why)s", why=error.reason)
            ) from None
        found = event.summary and facts.read_envelope(
            event.summary, const.REFERENCE_FIELD
        )
        request = self._find_docusign_request(
            event.envelope_id, found.reference if found else ""
        )
        if found and found.has_signers:
            request._apply_docusign(found)
        else:
            # A bare event says that something changed, not what.
            self._read_docusign(request)

    def _find_docusign_request(self, envelope_id, reference):
        """Return the request of an envelope.

        An event may come before the answer that gave us the id: then our reference
        in the envelope tells.

        :raise IgnoreExchange: none of ours
        """
        requests = self.env["crm.sign.request"]
        ours = [("connection_id", "=", self.id)]
        request = requests.search([*ours, ("remote_id", "=", envelope_id)], limit=1)
        if not request and reference:
            request = requests.search(
                [*ours, ("reference", "=", reference), ("remote_id", "=", False)],
                limit=1,
            )
            if request:
                request._lock()
                request.remote_id = envelope_id
        if not request:
            raise IgnoreExchange(
                self.env._(
                    "The envelope %(id)s was not sent from here.", id=envelope_id
                )
            )
        return request

    def _note_docusign_refusal(self, reason):
        """Leave a trace on the connection; a flood of refusals must not queue up.

        Of refusals at the same moment some are not counted: none runs again.
        """
        note = SQL(
            """
            UPDATE crm_connection
               SET docusign_refused_count = COALESCE(docusign_refused_count, 0) + 1,
                   docusign_refused_at = %s,
                   docusign_refused_reason = %s
             WHERE id = (SELECT id FROM crm_connection WHERE id = %s
                         FOR NO KEY UPDATE SKIP LOCKED)
            """,
            fields.Datetime.now(),
            reason,
            self.id,
        )
        with (
            suppress(*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(note, log_exceptions=False)
        self.invalidate_recordset(
            [
                "docusign_refused_count",
                "docusign_refused_at",
                "docusign_refused_reason",
            ]
        )

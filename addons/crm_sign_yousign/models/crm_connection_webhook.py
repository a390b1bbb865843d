import json
from contextlib import suppress

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..lib import signature


class CrmConnection(models.Model):
    """The door of a Yousign account: what comes in is verified or refused."""

    _inherit = "crm.connection"

    def _accept_yousign_webhook(self, body, header):
        """Verify a webhook and store it.

        :param bytes body: as it arrived
        :param str header: `X-Yousign-Signature-256`
        :return: HTTP status to answer
        :rtype: int
        """
        self.ensure_one()
        try:
            # sudo: secrets are for the server only
            signature.verify(body, header, self.sudo().webhook_secret or "")
            name, event_id = self._read_yousign_event_name(body)
        except signature.SignatureRefusedError as error:
            self._note_yousign_refusal(error.reason)
            return 403 if error.reason == "no_secret" else 400
        except (KeyError, TypeError, ValueError, RecursionError):
            self._note_yousign_refusal("not_an_event")
            return 400
        self._receive(name, event_id, body)
        return 200

    @api.model
    def _read_yousign_event_name(self, body):
        event = json.loads(body)
        name, event_id = event["event_name"], event["event_id"]
        is_named = all(isinstance(x, str) and x.isprintable() for x in (name, event_id))
        if not (is_named and name and event_id and isinstance(event["data"], dict)):
            raise ValueError("not an event")
        return name[:100], event_id[:255]

    def _note_yousign_refusal(self, reason):
        """Leave a trace on the connection; a flood of refusals must not queue up.

        Of refusals at the same moment some are not counted: none runs again.
        """
        note = SQL(
            """
            UPDATE crm_connection
               SET yousign_refused_count = COALESCE(yousign_refused_count, 0) + 1,
                   yousign_refused_at = %s,
                   yousign_refused_reason = %s
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
            ["yousign_refused_count", "yousign_refused_at", "yousign_refused_reason"]
        )

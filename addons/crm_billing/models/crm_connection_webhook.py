import json
import time
from contextlib import suppress

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .. import const
from ..lib import signature


class CrmConnection(models.Model):
    """The door of a Stripe account: what comes in is verified or refused."""

    _inherit = "crm.connection"

    def _accept_stripe_webhook(self, body, header):
        """Verify a webhook and store it.

        :param bytes body: as it arrived
        :param str header: `Stripe-Signature`
        :return: HTTP status to answer
        :rtype: int
        """
        self.ensure_one()
        secret = self.sudo().payment_provider_id.stripe_webhook_secret
        try:
            signature.verify(
                body,
                header,
                [secret or ""],
                time.time(),
                const.SIGNATURE_TOLERANCE_SECONDS,
            )
            kind, event_id = self._read_stripe_event_name(body)
        except signature.SignatureRefusedError as error:
            self._note_stripe_refusal(error.reason)
            return 403 if error.reason == "no_secret" else 400
        except (KeyError, TypeError, ValueError, RecursionError):
            self._note_stripe_refusal("not_an_event")
            return 400
        self._receive(kind, event_id, body)
        return 200

    @api.model
    def _read_stripe_event_name(self, body):
        event = json.loads(body)
        kind, event_id = event["type"], event["id"]
        is_named = all(isinstance(x, str) and x.isprintable() for x in (kind, event_id))
        if event.get("object") != "event" or not (is_named and kind and event_id):
            raise ValueError("not an event")
        return kind[:100], event_id[:255]

    def _note_stripe_refusal(self, reason):
        """Leave a trace on the connection; a flood of refusals must not queue up.

        Of refusals at the same moment some are not counted: none runs again.
        """
        note = SQL(
            """
            UPDATE crm_connection
               SET stripe_refused_count = COALESCE(stripe_refused_count, 0) + 1,
                   stripe_refused_at = %s,
                   stripe_refused_reason = %s
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
            ["stripe_refused_count", "stripe_refused_at", "stripe_refused_reason"]
        )

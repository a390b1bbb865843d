import json
import time

from odoo import api, fields, models
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
        except (KeyError, TypeError, ValueError):
            self._note_stripe_refusal("not_an_event")
            return 400
        self._receive(kind, event_id, body)
        return 200

    @api.model
    def _read_stripe_event_name(self, body):
        event = json.loads(body)
        kind, event_id = event["type"], event["id"]
        if event.get("object") != "event" or not (kind and event_id):
            raise ValueError("not an event")
        return str(kind)[:100], str(event_id)[:255]

    def _note_stripe_refusal(self, reason):
        """Leave a trace on the connection; a flood of refusals must not queue up."""
        self.env.cr.execute(
            SQL(
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
        )
        self.invalidate_recordset(
            ["stripe_refused_count", "stripe_refused_at", "stripe_refused_reason"]
        )

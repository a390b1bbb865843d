import json
import time

from odoo import api, models

from odoo.addons.crm_integrations.lib.webhook import NOT_AN_EVENT, WebhookRefusedError

from .. import const
from ..lib import signature


class CrmConnection(models.Model):
    """The door of a Stripe account: what comes in is verified or refused."""

    _inherit = "crm.connection"

    @api.model
    def _get_webhook_paths(self):
        return {**super()._get_webhook_paths(), "stripe": const.WEBHOOK_PATH}

    def _read_webhook_stripe(self, body, headers):
        """Verify a webhook and return what it is called: (type, id)."""
        # sudo: secrets are for the server only
        secret = self.sudo().payment_provider_id.stripe_webhook_secret
        signature.verify(
            body,
            headers.get("Stripe-Signature", ""),
            [secret or ""],
            time.time(),
            const.SIGNATURE_TOLERANCE_SECONDS,
        )
        try:
            event = json.loads(body)
            kind, event_id = event["type"], event["id"]
            is_event = event.get("object") == "event"
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            raise WebhookRefusedError(NOT_AN_EVENT) from None
        names = (kind, event_id)
        if not is_event or not all(
            isinstance(name, str) and name and name.isprintable() for name in names
        ):
            raise WebhookRefusedError(NOT_AN_EVENT)
        return names

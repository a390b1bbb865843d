import json

from odoo import api, models

from odoo.addons.crm_integrations.lib.webhook import NOT_AN_EVENT, WebhookRefusedError

from .. import const
from ..lib import signature


class CrmConnection(models.Model):
    """The door of a Yousign account: what comes in is verified or refused."""

    _inherit = "crm.connection"

    @api.model
    def _get_webhook_paths(self):
        return {**super()._get_webhook_paths(), "yousign": const.WEBHOOK_PATH}

    def _read_webhook_yousign(self, body, headers):
        """Verify a webhook and return what it is called: (name, id)."""
        header = headers.get("X-Yousign-Signature-256", "")
        # sudo: secrets are for the server only
        signature.verify(body, header, self.sudo().webhook_secret or "")
        try:
            event = json.loads(body)
            names = (event["event_name"], event["event_id"])
            data = event["data"]
        except (KeyError, TypeError, ValueError, RecursionError):
            raise WebhookRefusedError(NOT_AN_EVENT) from None
        if not isinstance(data, dict) or not all(
            isinstance(name, str) and name and name.isprintable() for name in names
        ):
            raise WebhookRefusedError(NOT_AN_EVENT)
        return names

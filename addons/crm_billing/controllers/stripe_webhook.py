from odoo import http

from odoo.addons.crm_integrations.controllers.webhook_door import DOOR, receive

from ..const import WEBHOOK_MAX_BYTES, WEBHOOK_PATH


class StripeWebhookController(http.Controller):
    @http.route(f"{WEBHOOK_PATH}<string:access_key>", **DOOR)
    def receive(self, access_key):
        """Take one event of Stripe."""
        return receive("stripe", access_key, WEBHOOK_MAX_BYTES)

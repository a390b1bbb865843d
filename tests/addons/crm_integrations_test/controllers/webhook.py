from odoo import http

from odoo.addons.crm_integrations.controllers.webhook_door import DOOR, receive

from ..models.crm_connection import WEBHOOK_PATH

MAX_BYTES = 100_000


class TestWebhook(http.Controller):
    @http.route(f"{WEBHOOK_PATH}<string:access_key>", **DOOR)
    def receive(self, access_key):
        """Take one signed event, exactly as a provider addon does."""
        return receive("test", access_key, MAX_BYTES)

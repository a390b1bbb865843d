import hashlib
import hmac

from odoo import http
from odoo.http import request


class TestWebhook(http.Controller):
    @http.route(
        "/crm_integrations_test/webhook/<int:connection_id>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def receive(self, connection_id):
        """Store one signed event, exactly as a provider addon does."""
        # sudo: a partner is no user; the signature decides
        connection = request.env["crm.connection"].sudo().browse(connection_id)
        secret = connection.exists() and connection.webhook_secret
        if not secret:
            return request.make_response("no secret", status=403)
        body = request.httprequest.get_data()
        wanted = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        given = request.httprequest.headers.get("X-Signature", "")
        if not hmac.compare_digest(wanted, given):
            return request.make_response("bad signature", status=403)
        event_id = request.httprequest.headers["X-Event-Id"]
        connection._receive("test.received", event_id, body)
        return request.make_response("", status=204)

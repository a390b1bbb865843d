from odoo import http
from odoo.http import request

from odoo.addons.crm_integrations.controllers.webhook_door import DOOR, receive

from ..const import PROVIDER, WEBHOOK_MAX_BYTES, WEBHOOK_PATH


class DocusignController(http.Controller):
    @http.route(f"{WEBHOOK_PATH}<string:access_key>", **DOOR)
    def receive(self, access_key):
        """Take one event of Connect."""
        return receive(PROVIDER, access_key, WEBHOOK_MAX_BYTES)

    @http.route(
        "/crm_sign_docusign/consent", type="http", auth="public", methods=["GET"]
    )
    def consent(self, error=None, **_query):
        """Where DocuSign sends the browser back; nothing happens here."""
        return request.render(
            "crm_sign_docusign.consent_page", {"is_allowed": not error}
        )

from odoo import http
from odoo.http import request

from ..const import WEBHOOK_MAX_BYTES


class DocusignController(http.Controller):
    @http.route(
        "/crm_sign_docusign/connect/<string:access_key>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def receive(self, access_key):
        """Verify, store, answer: a job does the rest."""
        length = request.httprequest.content_length
        if length is None or length > WEBHOOK_MAX_BYTES:
            return request.make_response("", status=413 if length else 411)
        if not access_key.isprintable():
            # PostgreSQL takes no NUL: an error for the log at anybody's will
            return request.make_response("", status=404)
        # sudo: DocuSign is nobody here; the key of the address finds its account
        connection = (
            request.env["crm.connection"]
            .sudo()
            .search(
                [
                    ("provider", "=", "docusign"),
                    ("docusign_access_key", "=", access_key),
                ],
                limit=1,
            )
        )
        if not connection:
            return request.make_response("", status=404)
        status = connection._accept_docusign_event(
            # kept: the request runs again when the database was busy
            request.httprequest.get_data(cache=True),
            request.httprequest.headers,
        )
        return request.make_response("", status=status)

    @http.route(
        "/crm_sign_docusign/consent", type="http", auth="public", methods=["GET"]
    )
    def consent(self, error=None, **_query):
        """Where DocuSign sends the browser back; nothing happens here."""
        return request.render(
            "crm_sign_docusign.consent_page", {"is_allowed": not error}
        )

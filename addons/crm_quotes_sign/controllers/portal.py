import logging

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.crm_quotes.controllers.portal import QuotePortal, get_reader

_logger = logging.getLogger(__name__)


class SignPortal(QuotePortal):
    @http.route(
        "/my/orders/<int:order_id>/accept_by_signature",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_quote_accept_by_signature(
        self, order_id, access_token=None, fingerprint=None, pid=None, **kwargs
    ):
        """The client accepts: the version he read goes out for his signature."""
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        back = order_sudo.get_portal_url
        # What was accepted is what was on his page, nothing newer.
        is_same = fingerprint == order_sudo._get_quote_fingerprint()
        if not is_same or not order_sudo._can_be_accepted():
            return request.redirect(back())
        reader = get_reader(order_sudo, pid, kwargs.get("hash"))
        try:
            with request.env.cr.savepoint():
                order_sudo._accept_by_signature(reader)
        except UserError as error:
            _logger.info("%s not sent for signature: %s", order_sudo.name, error)
            words = order_sudo._speak_to_seller().env
            order_sudo._ask_seller(
                words._("Accepted, to be sent for signature"), str(error)
            )
            return request.redirect(back(query_string="&message=signature_failed"))
        return request.redirect(back(query_string="&message=signature_sent"))

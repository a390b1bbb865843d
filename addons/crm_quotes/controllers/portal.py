import secrets

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request

from odoo.addons.portal.utils import validate_thread_with_hash_pid
from odoo.addons.sale.controllers import portal as sale_portal

VISIT = "crm_quotes_visit"


def get_visit():
    """Return the key of this visit; it lives as long as the session."""
    if VISIT not in request.session:
        request.session[VISIT] = secrets.token_urlsafe(16)
    return request.session[VISIT]


def get_reader(order_sudo, pid=None, hash=None):
    """Return who reads: the user, the contact the link was sent to, or the client."""
    user = request.env.user
    if not user._is_public():
        return user.partner_id
    # Only digits are a number here: the link may have been tampered with.
    is_number = str(pid or "").isdigit()
    if is_number and validate_thread_with_hash_pid(order_sudo, hash, pid):
        return request.env["res.partner"].sudo().browse(int(pid)).exists()
    return order_sudo.partner_id


class QuotePortal(sale_portal.CustomerPortal):
    @http.route()
    def portal_order_page(self, order_id, **kwargs):
        """Show what changed since this reader's last visit. Nothing is counted here."""
        response = super().portal_order_page(order_id, **kwargs)
        values = getattr(response, "qcontext", None)
        if values and values.get("sale_order"):
            order_sudo = values["sale_order"]
            values["quote_fingerprint"] = order_sudo._get_quote_fingerprint()
            if request.env.user.share:
                reader = get_reader(order_sudo, kwargs.get("pid"), kwargs.get("hash"))
                values["quote_news"] = order_sudo._prepare_quote_news(
                    reader, request.session.get(VISIT)
                )
        return response

    @http.route(
        "/my/orders/<int:order_id>/opened",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_quote_opened(
        self, order_id, access_token=None, fingerprint=None, pid=None, **kwargs
    ):
        """Count a visit: the page asks once somebody really has it before his eyes."""
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError) as error:
            raise NotFound() from error
        if request.env.user.share:
            order_sudo._note_quote_opened(
                get_reader(order_sudo, pid, kwargs.get("hash")),
                get_visit(),
                request.httprequest.user_agent.string,
                fingerprint,
            )
        return request.make_json_response({})

    @http.route()
    def portal_quote_accept(self, order_id, access_token=None, **kwargs):
        """Refuse what has lapsed with a sentence that says so."""
        token = access_token or request.httprequest.args.get("access_token")
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=token
            )
        except (AccessError, MissingError):
            return super().portal_quote_accept(order_id, access_token, **kwargs)
        if message := order_sudo._get_quote_expired_message():
            return {"error": message}
        return super().portal_quote_accept(order_id, access_token, **kwargs)


class QuotePayment(sale_portal.PaymentPortal):
    @http.route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        """Nobody pays for an offer that has lapsed."""
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token
            )
        except (AccessError, MissingError):
            return super().portal_order_transaction(order_id, access_token, **kwargs)
        if message := order_sudo._get_quote_expired_message():
            raise ValidationError(message)
        return super().portal_order_transaction(order_id, access_token, **kwargs)

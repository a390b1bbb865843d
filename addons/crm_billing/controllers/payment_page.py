from odoo import http
from odoo.http import request

from odoo.addons.crm_base.controllers.public_page import page_headers, render_page

MAX_TOKEN_LENGTH = 64
# Every two seconds for two minutes, then the client is asked to come back.
MAX_REFRESHES = 60
REFRESH_SECONDS = 2
MAX_DIGITS = 4

# No form-action: the button leads to Stripe.
HEADERS = page_headers()
ASSETS = "crm_billing.assets_pay_page"


class PaymentPageController(http.Controller):
    @http.route(
        "/pay/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def show(self, token, n="0", **query):
        """Show the amount and a button; opening the address does nothing else."""
        link = self._find(token)
        is_number = n.isascii() and n.isdigit() and len(n) <= MAX_DIGITS
        count = min(int(n), MAX_REFRESHES) if is_number else 0
        values = self._prepare_page(link, is_back=query.get("from") == "stripe")
        if values["is_moving"] and count < MAX_REFRESHES:
            back = "&from=stripe" if query.get("from") == "stripe" else ""
            values["refresh"] = (
                f"{REFRESH_SECONDS};url=/pay/{link.token}?n={count + 1}{back}"
            )
        values["is_slow"] = count >= MAX_REFRESHES
        return render_page(
            "crm_billing.payment_page",
            values,
            assets=ASSETS,
            headers=HEADERS,
            status=200 if link else 404,
        )

    @http.route(
        "/pay/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def pay(self, token, **_form):
        """Bring the client to Stripe, or have a fresh payment page prepared."""
        link = self._find(token)
        if link and (url := link._get_live_page_url()):
            return request.redirect(url, code=303, local=False)
        is_coming = bool(link) and link._renew_page()
        target = f"/pay/{token}?n=1" if is_coming else f"/pay/{token}"
        return request.redirect(target, code=303)

    def _find(self, token):
        links = request.env["crm.payment.link"]
        if len(token) > MAX_TOKEN_LENGTH:
            return links
        link = links._find_by_token(token)
        if link:
            lang = link.partner_id.lang or link.company_id.partner_id.lang
            request.update_context(lang=lang or request.env.lang)
        return link.with_env(link.env(context=request.env.context)) if link else link

    def _prepare_page(self, link, is_back):
        """What a visitor may know: company, description, amount, state."""
        if not link:
            return {"status": "unknown", "is_moving": False}
        status = link._get_page_status()
        if status == "payable" and is_back:
            status = "confirming"
        return {
            "status": status,
            "is_moving": status in ("preparing", "confirming"),
            "company_name": link.company_id.name,
            "description": link.description,
            "amount": link.currency_id.format(link.amount),
            "action": f"/pay/{link.token}",
        }

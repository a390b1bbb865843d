from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.crm_base.controllers.public_page import PRIVATE_HEADERS, render_page

from .payment_page import (
    ASSETS,
    HEADERS,
    MAX_DIGITS,
    MAX_REFRESHES,
    REFRESH_SECONDS,
)

MAX_NAME_LENGTH = 120
PATH = "/pay/<any(i,e,p,m):letter>/<string:text>"
# The QR code is drawn for paper and for mails.
QR_PIXELS = 240


class DocumentPageController(http.Controller):
    """Invoices, instalments, plans and saved means at their signed addresses."""

    @http.route(PATH, type="http", auth="public", methods=["GET"], sitemap=False)
    def show_document(self, letter, text, n="0", **query):
        """Show what is due and a button; opening the address does nothing else."""
        document = self._find(letter, text)
        if not document:
            return self._render({"status": "unknown"}, status=404)
        is_number = n.isascii() and n.isdigit() and len(n) <= MAX_DIGITS
        count = min(int(n), MAX_REFRESHES) if is_number else 0
        # The page just asked for is there: go on without a second click.
        if query.get("go") and (url := self._get_live_url(document)):
            return request.redirect(url, code=303, local=False)
        values = document._get_page_values()
        if values["status"] == "payable" and query.get("from") == "stripe":
            values["status"] = "confirming"
        values["is_moving"] = values["status"] in (
            "preparing",
            "confirming",
            "charging",
        )
        if values["is_moving"] and count < MAX_REFRESHES:
            back = "".join(
                f"&{name}={query[name]}"
                for name in ("from", "go")
                if self._is_flag(query, name)
            )
            values["refresh"] = (
                f"{REFRESH_SECONDS};url={values['action']}?n={count + 1}{back}"
            )
        values["is_slow"] = count >= MAX_REFRESHES
        return self._render(values)

    @http.route(PATH, type="http", auth="public", methods=["POST"], sitemap=False)
    def pay_document(self, letter, text, save="", **_form):
        """Bring the client to Stripe, or have the payment page prepared."""
        document = self._find(letter, text)
        if not document or letter not in "ie":
            return self._render({"status": "unknown"}, status=404)
        url, is_coming = document._pay_from_page(
            bool(save), request.httprequest.remote_addr
        )
        if url:
            return request.redirect(url, code=303, local=False)
        path = document._get_signed_page_path()
        target = f"{path}?n=1&go=1" if is_coming else f"{path}?refused=1"
        return request.redirect(target, code=303)

    @http.route(
        f"{PATH}/agree", type="http", auth="public", methods=["POST"], sitemap=False
    )
    def agree(self, letter, text, name="", **_form):
        """The client agrees to a plan."""
        plan = self._find(letter, text)
        if not plan or letter != "p":
            return self._render({"status": "unknown"}, status=404)
        name = name.strip()[:MAX_NAME_LENGTH]
        path = plan._get_signed_page_path()
        if not name:
            return request.redirect(f"{path}?refused=1", code=303)
        try:
            plan._agree_from_page(name, request.httprequest.remote_addr)
        except UserError:
            return request.redirect(f"{path}?refused=1", code=303)
        return request.redirect(path, code=303)

    @http.route(
        f"{PATH}/withdraw", type="http", auth="public", methods=["POST"], sitemap=False
    )
    def withdraw(self, letter, text, **_form):
        """The client takes back his consent to a saved means."""
        token = self._find(letter, text)
        if not token or letter != "m":
            return self._render({"status": "unknown"}, status=404)
        token._withdraw_from_page()
        return request.redirect(token._get_signed_page_path(), code=303)

    @http.route(
        f"{PATH}/receipt/<int:payment_id>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def receipt(self, letter, text, payment_id):
        """Give the receipt of one payment of this document."""
        document = self._find(letter, text)
        payments = document._get_page_payments() if document and letter in "ie" else ()
        for payment in payments:
            if payment.id == payment_id and payment._is_receipt_ready():
                return answer_receipt(payment)
        return self._render({"status": "unknown"}, status=404)

    @http.route(
        f"{PATH}/qr.png", type="http", auth="public", methods=["GET"], sitemap=False
    )
    def qr_code(self, letter, text):
        """The address of the page as a picture, for mails."""
        document = self._find(letter, text)
        if not document:
            return request.make_response("", status=404)
        picture = document._get_page_qr(QR_PIXELS)
        headers = [("Content-Type", "image/png"), ("Cache-Control", "max-age=86400")]
        return request.make_response(picture, headers=headers)

    def _find(self, letter, text):
        document = request.env["crm.payable.page"]._find_by_page(letter, text)
        if not document:
            return None
        partner = document._get_page_partner()
        lang = partner.lang or document.company_id.partner_id.lang
        request.update_context(lang=lang or request.env.lang)
        context = {
            **request.env.context,
            "allowed_company_ids": document.company_id.ids,
        }
        return document.with_env(document.env(context=context))

    def _get_live_url(self, document):
        find = getattr(document, "_get_live_page_url", None)
        return find and find()

    def _is_flag(self, query, name):
        return query.get(name) in ("stripe", "1")

    def _render(self, values, status=200):
        values = {"is_moving": False, "is_slow": False, **values}
        values["is_refused"] = request.params.get("refused") == "1"
        return render_page(
            "crm_billing.document_page",
            values,
            assets=ASSETS,
            headers=HEADERS,
            status=status,
        )


def answer_receipt(payment):
    """Return the PDF of a receipt as a download."""
    content = payment._get_receipt_pdf()
    name = payment._get_receipt_filename()
    headers = [
        ("Content-Type", "application/pdf"),
        ("Content-Length", len(content)),
        ("Content-Disposition", http.content_disposition(name)),
        *PRIVATE_HEADERS,
    ]
    return request.make_response(content, headers=headers)

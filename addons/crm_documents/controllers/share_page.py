from odoo import http
from odoo.http import request

from odoo.addons.crm_base.controllers.public_page import (
    PRIVATE_HEADERS,
    page_headers,
    render_page,
)

PATH = "/documents/s/<string:token>"
MAX_PASSWORD_LENGTH = 200
HEADERS = page_headers(form_action="'self'")
ASSETS = "crm_documents.assets_share_page"
STATUS = {"unknown": 404, "revoked": 410, "expired": 410, "gone": 410, "blocked": 429}


class SharePageController(http.Controller):
    """The page of a shared document; a visit is noted, nothing else changes by GET."""

    @http.route(PATH, type="http", auth="public", methods=["GET"], sitemap=False)
    def show(self, token, **_query):
        """Show the document's name and its file, or ask for the password."""
        share = self._find(token)
        state = self._get_state(share)
        if state in ("open", "locked") and self._is_new_visit(share, state):
            share._log_visit("opened", self._http_facts())
        return self._render(share, token, state)

    @http.route(PATH, type="http", auth="public", methods=["POST"], sitemap=False)
    def unlock(self, token, password="", **_form):
        """Try a password; the browser that knows it keeps a pass."""
        share = self._find(token)
        if self._get_state(share) != "locked":
            return request.redirect(f"/documents/s/{token}", code=303)
        kept = share._try_password(
            password[: MAX_PASSWORD_LENGTH + 1], self._http_facts()
        )
        if kept:
            request.session[self._key(share)] = kept
            return request.redirect(f"/documents/s/{token}", code=303)
        state = self._get_state(share)
        return self._render(share, token, state, is_wrong=True)

    @http.route(
        f"{PATH}/file", type="http", auth="public", methods=["GET"], sitemap=False
    )
    def file(self, token, download="", **_query):
        """Give the file of an open link."""
        share = self._find(token)
        state = self._get_state(share)
        if state != "open":
            return self._render(share, token, state)
        attachment = share.document_id._get_main_attachment()
        share._log_visit("downloaded", self._http_facts())
        as_download = download == "1" or attachment.mimetype != "application/pdf"
        disposition = http.content_disposition(
            attachment.name, "attachment" if as_download else "inline"
        )
        headers = [
            ("Content-Type", attachment.mimetype),
            ("Content-Disposition", disposition),
            *PRIVATE_HEADERS,
        ]
        return request.make_response(attachment.raw, headers=headers)

    def _find(self, token):
        share = request.env["crm.document.share"]._find_by_token(token)
        if share:
            document = share.document_id
            lang = document.partner_id.lang or document.company_id.partner_id.lang
            request.update_context(lang=lang or request.env.lang)
            share = share.with_env(share.env(context=request.env.context))
        return share

    def _get_state(self, share):
        if not share:
            return "unknown"
        return share._get_page_state(request.session.get(self._key(share), ""))

    def _key(self, share):
        return f"crm_documents_share_{share.id}"

    def _is_new_visit(self, share, state):
        """Note a visit once per browser and link, not at each reload."""
        key = f"{self._key(share)}_seen"
        if request.session.get(key) == share.token_hash:
            return False
        request.session[key] = share.token_hash
        return True

    def _http_facts(self):
        agent = request.httprequest.user_agent.string
        return request.httprequest.remote_addr, agent

    def _render(self, share, token, state, is_wrong=False):
        values = {
            "state": state,
            "is_wrong": is_wrong,
            "action": f"/documents/s/{token}" if share else "",
        }
        if share and state not in ("unknown", "revoked", "expired", "gone"):
            document = share.document_id
            values["company_name"] = document.company_id.name
            # The name of a document tells too much before the password is known.
            values["document_name"] = document.name if state == "open" else ""
            values["expires_at"] = share.expires_at
            attachment = document._get_main_attachment()
            values["is_pdf"] = attachment.mimetype == "application/pdf"
        status = STATUS.get(state, 403 if is_wrong else 200)
        return render_page(
            "crm_documents.share_page",
            values,
            assets=ASSETS,
            headers=HEADERS,
            status=status,
        )

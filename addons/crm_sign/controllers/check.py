from odoo import http
from odoo.http import request
from odoo.tools.misc import get_lang

from odoo.addons.crm_base.controllers.public_page import page_headers, render_page

from ..models.crm_sign_check import MAX_FILE_BYTES

ASSETS = "crm_sign.assets_check_page"
MAX_REFERENCE_CHARS = 64
# Beside the file: names of fields, token and boundaries.
FORM_BYTES = 64 * 1024
HEADERS = page_headers(script_src="'self'", connect_src="'self'", form_action="'self'")


class CheckPageController(http.Controller):
    """The public page where a signed file is checked. No rule is here."""

    @http.route(
        "/sign/check", type="http", auth="public", methods=["GET"], sitemap=False
    )
    def show(self, reference="", **_query):
        """Show the page; a reference in the address is only filled in."""
        self._speak()
        return self._show(None, reference)

    @http.route(
        "/sign/check",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
        max_content_length=MAX_FILE_BYTES + FORM_BYTES,
    )
    def check(self, reference="", part="", **_form):
        """Check a file that was sent, or a reference without file."""
        file = request.httprequest.files.get("file")
        content = file.read(MAX_FILE_BYTES + 1) if file else b""
        reference = reference[:MAX_REFERENCE_CHARS].strip()
        self._speak()
        if not content and not reference:
            return self._show("empty", reference, part)
        if not self._allow("file" if content else "reference"):
            return self._show("too_many", reference, part)
        checks = request.env["crm.sign.check"]
        if content:
            result = checks._check_file(content, reference)
        else:
            result = checks._check_reference(reference)
        return self._show(result, reference, part)

    @http.route(
        "/sign/check/hash", type="http", auth="public", methods=["POST"], sitemap=False
    )
    def check_hash(self, sha256="", proof="", challenge="", reference="", **_form):
        """Check a file that stayed in the browser; answers with a piece of page."""
        self._speak()
        if not self._allow("hash"):
            return self._show("too_many", reference, part=True)
        reference = reference[:MAX_REFERENCE_CHARS].strip()
        result = request.env["crm.sign.check"]._check_hash(
            sha256, challenge, proof, reference
        )
        return self._show(result, reference, part=True)

    def _speak(self):
        """Answer in the language of the browser, whoever is logged in there."""
        lang = get_lang(request.env, request.best_lang)
        request.update_context(lang=lang.code)

    def _allow(self, kind):
        address = request.httprequest.remote_addr
        return request.env["crm.sign.check.visit"]._allow(kind, address)

    def _show(self, result, reference, part=False):
        """Render the page, or only the answer for the script of the page.

        :param result: `CheckResult`, or the verdict alone
        """
        checks = request.env["crm.sign.check"]
        verdict = result if isinstance(result, str) else result and result.verdict
        values = {
            "result": None if isinstance(result, str) else result,
            "verdict": verdict,
            "reference": reference[:MAX_REFERENCE_CHARS],
            "max_bytes": MAX_FILE_BYTES,
        }
        name = "crm_sign.check_result" if part else "crm_sign.check_page"
        if not part:
            values["challenge"] = checks._make_challenge()
        status = {"too_many": 429, "too_large": 413}.get(verdict, 200)
        return render_page(name, values, assets=ASSETS, headers=HEADERS, status=status)

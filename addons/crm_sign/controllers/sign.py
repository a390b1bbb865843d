import json

from odoo import http
from odoo.http import request

from odoo.addons.crm_base.controllers.public_page import (
    PRIVATE_HEADERS,
    page_headers,
    render_page,
)

from ..exceptions import SignRefused

MAX_TOKEN_LENGTH = 64
MAX_SECRET_LENGTH = 128
MAX_IMAGE_BYTES = 2 * 1024 * 1024
COOKIE = "crm_sign"
ASSETS = "crm_sign.assets_sign_page"
PATH = "/sign/s/<string:token>"

# Everything comes from this server; pdf.js draws fonts and pictures it made itself.
HEADERS = page_headers(
    script_src="'self'",
    worker_src="'self'",
    connect_src="'self'",
    img_src="'self' data: blob:",
    font_src="'self' data:",
    form_action="'self'",
)


def _route(path="", method="GET", **options):
    """A route of the signing page."""
    return http.route(
        f"{PATH}{path}",
        type="http",
        auth="public",
        methods=[method],
        sitemap=False,
        **options,
    )


class SignPageController(http.Controller):
    """The signer's pages: no account, one link, one code.

    Opening an address never changes where the signature stands; every step is a
    button that posts. No rule is here: the engine judges.
    """

    # === Screens === #

    @_route()
    def show(self, token, view="", **_query):
        """Show where the signature stands for this browser."""
        return self._show(self._find(token), token, view=view)

    @_route("/opened", "POST")
    def note_opening(self, token, **_form):
        """A browser shows the pages: the scanner of a mail server does not."""
        signer = self._find(token)
        if signer:
            signer._open(self._get_facts())
        return request.make_response("", headers=HEADERS, status=204)

    @_route("/code", "POST")
    def send_code(self, token, **_form):
        """From reading to the code; also sends another code."""
        signer = self._find(token)
        if not signer:
            return self._show(signer, token)
        signer._open(self._get_facts())
        if signer._page_state(self._get_session()).is_identified:
            # Link only, or this browser already typed a good code.
            return self._go(token, "?view=sign")
        try:
            signer._send_code(self._get_facts())
        except SignRefused as refusal:
            return self._show(signer, token, refusal)
        return self._go(token)

    @_route("/check", "POST")
    def check_code(self, token, code="", **_form):
        """The code of the mail opens the last screen in this browser only."""
        signer = self._find(token)
        if not signer:
            return self._show(signer, token)
        try:
            secret = signer._check_code(code, self._get_facts())
        except SignRefused as refusal:
            return self._show(signer, token, refusal)
        response = self._go(token)
        response.set_cookie(
            COOKIE,
            secret,
            path=f"/sign/s/{token}",
            max_age=signer._get_session_seconds(),
            httponly=True,
            samesite="Strict",
            secure=request.httprequest.scheme == "https",
        )
        return response

    @_route("/sign", "POST")
    def sign(self, token, **form):
        """Sign. The answer is read by the page, which keeps what was typed."""
        signer = self._find(token)
        if not signer:
            return self._tell(problem=request.env._("This link is unknown."))
        signature, initials = (
            self._read_image("signature"),
            self._read_image("initials"),
        )
        if signature is False or initials is False:
            return self._tell(problem=request.env._("This picture is too large."))
        values = {
            "consent": bool(form.get("consent")),
            "signature": signature,
            "initials": initials,
            "fields": self._read_fields(form),
        }
        try:
            signer._sign(values, self._get_facts())
        except SignRefused as refusal:
            return self._tell(problem=refusal.sentence)
        return self._tell(next=f"/sign/s/{token}")

    @_route("/refuse", "POST")
    def refuse(self, token, reason="", **_form):
        """Refuse to sign, with the reason."""
        signer = self._find(token)
        if not signer:
            return self._show(signer, token)
        try:
            signer._refuse(reason, self._get_facts())
        except SignRefused as refusal:
            typed = {"reason": reason}
            return self._show(signer, token, refusal, part="refuse", typed=typed)
        return self._go(token)

    @_route("/delegate", "POST")
    def delegate(self, token, name="", email="", **_form):
        """Pass the signature on to somebody else."""
        signer = self._find(token)
        if not signer:
            return self._show(signer, token)
        try:
            signer._delegate(name, email, self._get_facts())
        except SignRefused as refusal:
            typed = {"name": name, "email": email}
            return self._show(signer, token, refusal, part="delegate", typed=typed)
        return self._go(token)

    # === Files === #

    @_route("/document/<int:number>")
    def document(self, token, number, download="", **_query):
        """One document as it was sent, while its signer may read it."""
        signer = self._find(token)
        if not signer or not signer._page_state(self._get_session()).can_read:
            return self._show(signer, token)
        return self._send_file(
            signer, token, signer._get_read_files(), number, download
        )

    @_route("/final/<int:number>")
    def final(self, token, number, **_query):
        """One signed file or proof, for who signed."""
        signer = self._find(token)
        files = signer._get_final_files() if signer else ()
        return self._send_file(signer, token, files, number, True)

    # === Parts === #

    def _find(self, token):
        """Return the signer of a link in his language and company, or empty."""
        signers = request.env["crm.sign.signer"]
        if len(token) > MAX_TOKEN_LENGTH or not token.isprintable():
            return signers
        signer = signers._find_by_token(token)
        if not signer:
            return signers
        request.update_context(lang=signer._get_lang())
        return signer.with_context(
            lang=signer._get_lang(), allowed_company_ids=signer.company_id.ids
        )

    def _guess_lang(self):
        """Language for a visitor we do not know: his browser's, else the company's."""
        installed = {code for code, _name in request.env["res.lang"].get_installed()}
        if request.best_lang in installed:
            return request.best_lang
        # sudo: the language of the company is on all its pages
        return request.env.company.sudo().partner_id.lang or request.env.lang

    def _get_session(self):
        secret = request.httprequest.cookies.get(COOKIE, "")
        return secret if 0 < len(secret) <= MAX_SECRET_LENGTH else None

    def _get_facts(self):
        return request.env["crm.sign.signer"]._make_http_facts(
            ip=request.httprequest.remote_addr or "",
            user_agent=request.httprequest.headers.get("User-Agent", ""),
            session=self._get_session(),
        )

    def _read_image(self, name):
        """Bytes of a picture, None without one, False when it is too large."""
        upload = request.httprequest.files.get(name)
        if not upload:
            return None
        content = upload.stream.read(MAX_IMAGE_BYTES + 1)
        # The request runs again when the database was busy.
        upload.stream.seek(0)
        return content if len(content) <= MAX_IMAGE_BYTES else False

    def _read_fields(self, form):
        """What was typed, by id of field; the engine knows which ones count."""
        values = {}
        for key, value in form.items():
            prefix, _separator, number = key.partition("_")
            is_number = number.isascii() and number.isdigit() and len(number) < 10
            if prefix == "field" and is_number and isinstance(value, str):
                values[int(number)] = value
        return values

    def _go(self, token, query=""):
        return request.redirect(f"/sign/s/{token}{query}", code=303)

    def _tell(self, **answer):
        return request.make_response(
            json.dumps(answer),
            headers=[("Content-Type", "application/json"), *HEADERS],
            status=422 if "problem" in answer else 200,
        )

    def _show(self, signer, token, refusal=None, view="", part="", typed=None):
        """Render the screen of this browser.

        :param refusal: what was just refused, shown on top
        :param view: ``read`` shows the documents again
        """
        if signer:
            state = signer._page_state(self._get_session())
            screen, values = signer._get_screen(state, view)
        else:
            request.update_context(lang=self._guess_lang())
            screen, values = "status", request.env["crm.sign.signer"]._get_no_screen()
        values.update(
            base=f"/sign/s/{token}",
            screen_name=screen,
            problem=refusal.sentence if refusal else "",
            open_part=part,
            typed=typed or {},
        )
        status = (422 if refusal else 200) if signer else 404
        return render_page(
            f"crm_sign.sign_{screen}",
            values,
            assets=ASSETS,
            headers=HEADERS,
            status=status,
        )

    def _send_file(self, signer, token, files, number, is_copy):
        """Answer with the file of that number, or with the page.

        :param is_copy: saved by the browser, and noted as evidence
        """
        if not 0 < number <= len(files):
            return self._show(signer, token)
        file = files[number - 1]
        if is_copy:
            signer._note_copy(file, self._get_facts())
        content = file.raw or b""
        disposition = http.content_disposition(file.name)
        if not is_copy:
            disposition = disposition.replace("attachment", "inline", 1)
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(content)),
            ("Content-Disposition", disposition),
            ("Content-Security-Policy", "sandbox; default-src 'none'"),
            *PRIVATE_HEADERS,
        ]
        return request.make_response(content, headers=headers)

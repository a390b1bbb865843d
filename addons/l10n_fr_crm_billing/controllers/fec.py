import json
import re

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

MAX_UPLOAD = 1 << 30
UNSAFE_NAME = re.compile(r"[^\w.\- ]", re.UNICODE)


class FecController(http.Controller):
    """Files of accounts travel as streams, never as base64 through the web client."""

    @http.route(
        "/l10n_fr_crm_billing/fec/upload",
        type="http",
        auth="user",
        methods=["POST"],
        max_content_length=MAX_UPLOAD,
    )
    def upload(self, ufile=None, company_id=None, **_form):
        """Take a file and answer with the id of its check."""
        if not ufile:
            return self._answer_error(
                request.env._("No file was received. Choose a file and send it again.")
            )
        env = request.env
        if company_id and company_id.isdigit():
            if int(company_id) not in env.user.company_ids.ids:
                return self._answer_error(env._("This company is not yours."))
            env = env["res.company"].with_company(int(company_id)).env
        name = UNSAFE_NAME.sub("_", (ufile.filename or "").rpartition("/")[2])
        try:
            check = env["crm.fec.check"]._receive_upload(name or "fec.txt", ufile)
        except (AccessError, UserError) as error:
            return self._answer_error(str(error))
        return self._answer({"id": check.id})

    @http.route(
        "/l10n_fr_crm_billing/fec/<int:check_id>/<string:what>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download(self, check_id, what):
        """Send the file, its description or the report of a check."""
        check = request.env["crm.fec.check"].browse(check_id)
        try:
            check._check_fec_right()
            check.check_access("read")
            check.ensure_one()
            if not check.exists():
                raise MissingError(request.env._("This check no longer exists."))
            return self._send(check, what)
        except (AccessError, MissingError):
            raise request.not_found() from None
        except UserError as error:
            return request.make_response(
                str(error), [("Content-Type", "text/plain; charset=utf-8")], status=409
            )

    def _send(self, check, what):
        if what == "report":
            body = "".join(check._iter_report_lines())
            name = f"{check.name.removesuffix('.txt')}.csv"
            return self._make_file(body, name, "text/csv; charset=utf-8")
        if what == "description":
            name, body = check._get_description_file()
            return self._make_file(body, name, "text/plain; charset=utf-8")
        if what not in ("fec", "trial"):
            raise request.not_found()
        name, path = check._get_fec_file(is_trial=what == "trial")
        stream = http.Stream(
            type="path",
            path=str(path),
            download_name=name,
            mimetype="text/plain",
            size=path.stat().st_size,
            last_modified=path.stat().st_mtime,
            etag=False,
        )
        return stream.get_response(as_attachment=True, max_age=None)

    def _make_file(self, body, name, content_type):
        disposition = http.content_disposition(name)
        headers = [
            ("Content-Type", content_type),
            ("Content-Disposition", disposition),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(body, headers)

    def _answer(self, values):
        headers = [("Content-Type", "application/json")]
        return request.make_response(json.dumps(values), headers)

    def _answer_error(self, message):
        # The web client shows the message of an answer that looks like this.
        return self._answer({"error": {"message": message}})

import json

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

MAX_FILE_BYTES = 26 * 1024 * 1024
RECORDS = ("crm.lead", "calendar.event")


def _answer(status, **values):
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    return request.make_response(json.dumps(values), headers, status=status)


def _refuse(error):
    """Return the answer to an error that the person can understand."""
    if isinstance(error, AccessError | MissingError):
        return _answer(403, error=request.env._("You may not change this meeting."))
    return _answer(400, error=str(error.args[0] if error.args else error))


class MeetingController(http.Controller):
    """Files of meetings: dropped whole, or recorded in chunks."""

    @http.route(
        "/crm_ai_meeting/upload",
        type="http",
        auth="user",
        methods=["POST"],
        max_content_length=MAX_FILE_BYTES + 1024 * 1024,
    )
    def upload(self, file, res_model="", res_id="", summary_id=""):
        """Make a summary of a file dropped on a lead or a meeting."""
        content = file.stream.read(MAX_FILE_BYTES)
        summaries = request.env["crm.meeting.summary"]
        try:
            if summary_id:
                summary = summaries.browse(int(summary_id))
                summary._replace_text(file.filename, content)
            elif res_model in RECORDS:
                record = request.env[res_model].browse(int(res_id))
                summary = summaries._start_from_file(record, file.filename, content)
            else:
                return _answer(400, error="model")
        except (UserError, AccessError, MissingError) as error:
            request.env.cr.rollback()
            return _refuse(error)
        except ValueError:
            return _answer(400, error="id")
        return _answer(200, id=summary.id)

    @http.route(
        "/crm_ai_meeting/chunk/<int:summary_id>",
        type="http",
        auth="user",
        methods=["POST"],
        max_content_length=6 * 1024 * 1024,
    )
    def chunk(
        self, summary_id, file, piece="", sequence="", start="", sha256="", **_kw
    ):
        """Keep some seconds of a recording."""
        try:
            place = (int(piece), int(sequence), float(start))
            summary = request.env["crm.meeting.summary"].browse(summary_id)
            mimetype = file.mimetype or ""
            if not mimetype.startswith("audio/"):
                mimetype = "audio/webm"
            summary._add_chunk(place, file.stream.read(), sha256, mimetype[:60])
        except (UserError, AccessError, MissingError) as error:
            request.env.cr.rollback()
            return _refuse(error)
        except ValueError:
            return _answer(400, error="place")
        return _answer(200, piece=place[0], sequence=place[1])

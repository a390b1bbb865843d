from odoo import fields, models


class CrmMeetingChunk(models.Model):
    """Some seconds of a recording, as the browser sent them.

    A piece is a file of its own, begun when the recorder starts or goes on; its
    chunks put together in order are that file.
    """

    _name = "crm.meeting.chunk"
    _inherit = "crm.meeting.child"
    _description = "Chunk of a Recording"
    _order = "summary_id, piece, sequence"

    summary_id = fields.Many2one(
        "crm.meeting.summary", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="summary_id.company_id", store=True)
    piece = fields.Integer(required=True)
    sequence = fields.Integer(required=True)
    start_seconds = fields.Float(string="Start of the Piece (seconds)")
    mimetype = fields.Char(required=True)
    size_bytes = fields.Integer(required=True)
    sha256 = fields.Char(required=True)
    attachment_id = fields.Many2one("ir.attachment", ondelete="set null")

    _place_uniq = models.UniqueIndex(
        "(summary_id, piece, sequence)", "This chunk is already there."
    )

from odoo import models


class CrmMeetingSummary(models.Model):
    """What people read when something is wrong."""

    _inherit = "crm.meeting.summary"

    def _get_problem_sentence(self, code):
        sentences = {
            "empty": lambda: self.env._("The file is empty. Choose another one."),
            "too_large": lambda: self.env._(
                "The file is too large: 5 MB at most for a text, 25 MB for a sound."
            ),
            "unreadable": lambda: self.env._(
                "The file holds no readable text. Save it as text (UTF-8) and drop it"
                " again."
            ),
            "wrong_type": lambda: self.env._(
                "This kind of file is not understood. Drop a text (TXT, VTT, SRT, JSON)"
                " or a sound (MP3, M4A, WAV, WEBM, OGG, FLAC)."
            ),
            "no_speech": lambda: self.env._("Nobody says anything in this file."),
            "no_audio_model": lambda: self.env._(
                "No connection can transcribe a sound. Ask an administrator to set one"
                " up, or drop the text of the meeting here."
            ),
            "transcription_failed": lambda: self.env._(
                "The transcription did not succeed. Try again, or drop the text of the"
                " meeting here."
            ),
            "cancelled": lambda: self.env._("Stopped. You can try again."),
            "summary_failed": lambda: self.env._(
                "The summary did not succeed. Try again."
            ),
        }
        known = sentences.get(code, sentences["summary_failed"])
        return known()

    def _get_item_labels(self):
        """Return {kind: label} in the language of the user."""
        field = self.env["crm.meeting.item"]._fields["kind"]
        return dict(field._description_selection(self.env))

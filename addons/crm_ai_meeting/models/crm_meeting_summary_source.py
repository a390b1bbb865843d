import hashlib
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.crm_base.fields import EncryptedText

from ..lib.decoding import TranscriptError
from ..lib.sounds import MAX_SOUND_BYTES, is_sound, sound_ending
from ..lib.stored import dump_segments, load_segments
from ..lib.transcripts import parse_transcript

MAX_CHUNK_BYTES = 5 * 1024 * 1024
MAX_RECORDING_BYTES = 400 * 1024 * 1024
MAX_PIECES = 200
# Nobody goes on with a recording after that.
RECORDING_PATIENCE = timedelta(hours=12)


class CrmMeetingSummary(models.Model):
    """Where the words come from: a recording, a sound file, a text."""

    _inherit = "crm.meeting.summary"

    transcript = EncryptedText(readonly=True)

    def _get_segments(self):
        self.ensure_one()
        return load_segments(self.transcript or "")

    # === A file that somebody drops === #

    def _start_from_file(self, record, name, content):
        """Make a summary of a file and begin; record is a lead or a meeting.

        :raise UserError: with what is wrong with the file
        """
        name = (name or "").strip()[-120:]
        if is_sound(name, content):
            return self._start_from_sound(record, name, content)
        try:
            segments = parse_transcript(name, content)
        except TranscriptError as error:
            raise UserError(self._get_problem_sentence(error.code)) from None
        summary = self._create_for(record)
        summary.sudo().write({"source": "text", "file_name": name})
        summary._take_transcript(segments)
        return summary

    def _start_from_sound(self, record, name, content):
        if len(content) > MAX_SOUND_BYTES:
            raise UserError(self._get_problem_sentence("too_large"))
        summary = self._create_for(record)
        summary.sudo().write({"source": "audio", "file_name": name})
        summary._keep_sound(content, name, 0, 0)
        summary._transcribe()
        return summary

    def _replace_text(self, name, content):
        """Take a text for a summary whose sound could not be transcribed."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "failed", "review"):
            raise UserError(self.env._("This meeting is already being summed up."))
        try:
            segments = parse_transcript(name, content)
        except TranscriptError as error:
            raise UserError(self._get_problem_sentence(error.code)) from None
        self.sudo().write({"source": "text", "file_name": (name or "")[-120:]})
        self._take_transcript(segments)

    def _take_words_now(self, name, content):
        """Sum a text up at once, by the rules: for who cannot wait for a job."""
        self.ensure_one()
        segments = parse_transcript(name, content)
        self.sudo().write({"source": "text", "file_name": name})
        self._keep_words(segments)
        self._summarise_now()

    def _create_for(self, record):
        record.ensure_one()
        record.check_access("read")
        field = "lead_id" if record._name == "crm.lead" else "event_id"
        return self.create({field: record.id})

    def _take_transcript(self, segments):
        """Keep the words and ask for the summary."""
        self._keep_words(segments)
        self._summarise()

    def _keep_words(self, segments):
        self.ensure_one()
        last = segments[-1]
        # sudo: written by our code only
        self.sudo().write(
            {
                "transcript": dump_segments(segments),
                "segment_count": len(segments),
                "duration_seconds": int(last.end or last.start or 0),
            }
        )

    # === A recording that comes in chunks === #

    def _open_recording(self, record):
        field = "lead_id" if record._name == "crm.lead" else "event_id"
        waiting = self.search(
            [
                (field, "=", record.id),
                ("user_id", "=", self.env.uid),
                ("state", "in", ("draft", "recording")),
                ("create_date", ">", fields.Datetime.now() - RECORDING_PATIENCE),
            ],
            limit=1,
        )
        summary = waiting or self._create_for(record)
        return summary._get_form_action()

    def start_recording(self):
        """Begin to record: the participants were told and agree.

        :return: number of the next piece and seconds recorded so far
        """
        self._check_recorder()
        if not self.consent_at:
            self.sudo().consent_at = fields.Datetime.now()
        if self.state != "recording":
            self._set_state("recording", source="recording")
        pieces = self.chunk_ids.mapped("piece")
        return {"piece": max(pieces, default=-1) + 1, **self.recording_status()}

    def recording_status(self):
        """Return what has arrived: {piece: [sequences]}."""
        self.ensure_one()
        self.check_access("read")
        arrived = {}
        for chunk in self.chunk_ids:
            arrived.setdefault(str(chunk.piece), []).append(chunk.sequence)
        return {"state": self.state, "arrived": arrived}

    def _add_chunk(self, place, content, sha256, mimetype):
        """Keep a chunk; the same again changes nothing.

        :param place: (piece, sequence, start of the piece in seconds)
        :raise ValidationError: when it cannot be right
        """
        self._check_recorder()
        piece, sequence, start = place
        if not (0 <= piece < MAX_PIECES and 0 <= sequence < 20_000 and start >= 0):
            raise ValidationError(self.env._("This chunk has no place."))
        if not content or len(content) > MAX_CHUNK_BYTES:
            raise ValidationError(self.env._("This chunk is empty or too large."))
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ValidationError(self.env._("This chunk was damaged on its way."))
        known = self.chunk_ids.filtered(
            lambda chunk: (chunk.piece, chunk.sequence) == (piece, sequence)
        )
        if known:
            if known.sha256 != sha256:
                raise ValidationError(self.env._("Another chunk is already there."))
            return known
        total = sum(self.chunk_ids.mapped("size_bytes"))
        if total + len(content) > MAX_RECORDING_BYTES:
            raise ValidationError(self.env._("The recording is too long."))
        # sudo: chunks and their files are made by our code only
        attachment = self._make_attachment(
            f"chunk-{piece:03}-{sequence:05}", content, mimetype
        )
        return (
            self.env["crm.meeting.chunk"]
            .sudo()
            .create(
                {
                    "summary_id": self.id,
                    "piece": piece,
                    "sequence": sequence,
                    "start_seconds": start,
                    "mimetype": mimetype,
                    "size_bytes": len(content),
                    "sha256": sha256,
                    "attachment_id": attachment.id,
                }
            )
        )

    def finish_recording(self, expected):
        """Put the chunks together and transcribe, once all have arrived.

        :param expected: {piece: number of chunks} as the browser counted them
        :return: {"missing": [[piece, sequence], ...]}, empty when it goes on
        """
        self.ensure_one()
        if self.state == "transcribing":
            return {"missing": []}
        self._check_recorder()
        arrived = {(c.piece, c.sequence) for c in self.chunk_ids}
        wanted = {
            (int(piece), sequence)
            for piece, count in expected.items()
            for sequence in range(min(int(count), 20_000))
        }
        missing = sorted(wanted - arrived)
        if missing:
            return {"missing": missing[:500]}
        if not arrived:
            raise UserError(self._get_problem_sentence("empty"))
        self._assemble()
        self._transcribe()
        return {"missing": []}

    def _assemble(self):
        """Make one sound file of each piece; its chunks go."""
        chunks = self.sudo().chunk_ids
        for piece in sorted(set(chunks.mapped("piece"))):
            own = chunks.filtered(lambda c, piece=piece: c.piece == piece)
            own = own.sorted("sequence")
            content = b"".join(chunk.attachment_id.raw or b"" for chunk in own)
            ending = sound_ending(own[0].mimetype)
            name = f"piece-{piece:03}{ending}"
            self._keep_sound(content, name, piece, own[0].start_seconds)
        chunks.attachment_id.unlink()
        chunks.unlink()

    def _keep_sound(self, content, name, piece, start):
        attachment = self._make_attachment(name, content, False)
        attachment.description = f"{piece}:{start:.3f}"
        return attachment

    def _make_attachment(self, name, content, mimetype):
        # sudo: nobody writes on the summary by hand; the file follows its rights
        values = {
            "name": name,
            "raw": content,
            "res_model": self._name,
            "res_id": self.id,
        }
        if mimetype:
            values["mimetype"] = mimetype
        return self.env["ir.attachment"].sudo().create(values)

    def _get_sounds(self):
        """Return [(name, content, start in seconds)] in order."""
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("description", "!=", False),
                ]
            )
        )
        rows = []
        for attachment in attachments:
            piece, _colon, start = attachment.description.partition(":")
            rows.append((int(piece), attachment, float(start)))
        rows.sort(key=lambda row: row[0])
        return [(sound.name, sound.raw, start) for _piece, sound, start in rows]

    def _check_recorder(self):
        """Refuse whoever does not record this meeting."""
        self.ensure_one()
        self.check_access("write")
        if self.user_id != self.env.user or self.state not in ("draft", "recording"):
            raise UserError(self.env._("This meeting is not being recorded by you."))

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.crm_ai.lib.inputs import Source, TaskInputs
from odoo.addons.crm_ai.lib.messages import Segment
from odoo.addons.crm_ai.lib.transcript import Transcript


class CrmAiTaskMeetingTranscribe(models.AbstractModel):
    """The sound of a meeting as words."""

    _name = "crm.ai.task.meeting.transcribe"
    _inherit = "crm.ai.task"
    _description = "Transcription of a Meeting"

    _ai_feature = "meeting.transcribe"
    _ai_kind = "audio"
    _ai_result = Transcript

    def _prepare_inputs(self, call):
        summary = call._get_record()
        return TaskInputs(sources=(Source(summary._name, summary.id, summary.name),))

    def _prepare_audio(self, call):
        return call._get_record()._get_sounds()

    def _answer_by_rules(self, call, inputs):
        """No rule hears: say what to do instead."""
        code = self._get_problem_code(call)
        raise UserError(call._get_record()._get_problem_sentence(code))

    def _on_answer(self, call, result):
        summary = call._get_record()
        if not summary._is_answer_to(call, "transcribing"):
            return
        segments = tuple(
            Segment(spoken.text.strip(), spoken.start, spoken.end, spoken.speaker)
            for spoken in result.segments
            if spoken.text.strip()
        )
        if segments:
            summary._take_transcript(segments)
        else:
            summary._fail("no_speech")

    def _on_failure(self, call):
        summary = call._get_record()
        if summary._is_answer_to(call, "transcribing"):
            summary._fail(self._get_problem_code(call))

    def _get_problem_code(self, call):
        """Return why there are no words: nobody to ask, or it went wrong."""
        # sudo: the reason is in the register
        register = call.sudo()
        if register.state == "cancelled":
            return "cancelled"
        nobody = ("no_model", "not_capable", "rules_chosen", False)
        is_alone = register.fallback_code in nobody
        return "no_audio_model" if is_alone else "transcription_failed"

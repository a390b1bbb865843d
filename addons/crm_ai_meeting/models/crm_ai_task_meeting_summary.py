from dataclasses import replace

from odoo import models

from odoo.addons.crm_ai.lib.inputs import Identity, Source, TaskInputs

from ..lib.check import drop_faults, find_faults
from ..lib.complete import complete
from ..lib.extract import extract
from ..lib.merge import merge
from ..lib.parts import render, split
from ..lib.results import MeetingResult

# mark on the facts of a part: the model was asked to mend its answer
REPAIRED = "_repaired"


class CrmAiTaskMeetingSummary(models.AbstractModel):
    """The words of a meeting as facts, promises and feelings, each with its place."""

    _name = "crm.ai.task.meeting.summary"
    _inherit = "crm.ai.task"
    _description = "Summary of a Meeting"

    _ai_feature = "meeting.summary"
    _ai_result = MeetingResult
    _ai_max_output_tokens = 4000

    def _prepare_inputs(self, call):
        summary = call._get_record()
        meeting = summary._get_meeting()
        segments = summary._get_segments()
        speakers = {segment.speaker for segment in segments if segment.speaker}
        people = (*meeting.ours[:-1], *meeting.clients, *sorted(speakers))
        lead = summary.sudo().lead_id
        contacts = [
            Identity(kind, value)
            for kind, value in (
                ("email", lead.email_from),
                ("phone", lead.phone),
                ("email", lead.partner_id.email),
                ("phone", lead.partner_id.phone),
            )
            if value
        ]
        return TaskInputs(
            facts={
                "date_reunion": meeting.day.isoformat(),
                "notre_equipe": list(meeting.ours),
                "client": list(meeting.clients),
            },
            texts={"transcription": "".join(self._render(segments))},
            identities=(
                *(Identity("person", name) for name in dict.fromkeys(people)),
                Identity("company", summary.company_id.name),
                *contacts,
            ),
            sources=(
                Source(summary._name, summary.id, summary.name),
                *([Source("crm.lead", lead.id, lead.display_name)] if lead else []),
            ),
        )

    def _render(self, segments):
        return [render(segments, part) for part in split(segments)]

    def _split_inputs(self, call, inputs):
        segments = call._get_record()._get_segments()
        return [
            replace(inputs, facts={**inputs.facts}, texts={"transcription": text})
            for text in self._render(segments)
        ]

    def _merge_results(self, call, inputs, results):
        return merge(results)

    def _check_result(self, call, inputs, result):
        """Ask for one repair of what the words do not bear out.

        What still stands on nothing after it is dropped, the rest is kept: one made-up
        line does not cost the person the whole answer.
        """
        if inputs.facts.get(REPAIRED):
            return []
        inputs.facts[REPAIRED] = True
        summary = call._get_record()
        names = summary._get_meeting().ours
        return find_faults(result, summary._get_segments(), names)

    def _answer_by_rules(self, call, inputs):
        summary = call._get_record()
        return extract(summary._get_segments(), summary._get_meeting())

    def _on_answer(self, call, result):
        summary = call._get_record()
        if not summary._is_answer_to(call, "summarising"):
            return
        if call.answered_by == "model":
            segments, meeting = summary._get_segments(), summary._get_meeting()
            result = drop_faults(result, segments, meeting.ours)
            result = complete(result, extract(segments, meeting))
        summary._take_result(call, result)

    def _on_failure(self, call):
        summary = call._get_record()
        if summary._is_answer_to(call, "summarising"):
            is_stopped = call.state == "cancelled"
            summary._fail("cancelled" if is_stopped else "summary_failed")

    def _get_draft_text(self, result):
        """Return the summary as lines: what an edit is measured against."""
        lines = []
        for name in MeetingResult.model_fields:
            value = getattr(result, name)
            for item in value if isinstance(value, list) else [value] if value else []:
                fields = item.model_dump(exclude={"segment", "also"})
                lines.append(" ".join(str(v) for v in fields.values() if v is not None))
        return "\n".join(lines)

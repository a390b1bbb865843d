from dataclasses import replace

from odoo import models

from ..lib.draft_rules import apply_instruction, find_faults, write_sms
from ..lib.results import SmsResult
from ..lib.sms_text import fits_one_part, simplify


class CrmAiTaskSms(models.AbstractModel):
    """A text message about a deal, in one part."""

    _name = "crm.ai.task.sms"
    _inherit = "crm.ai.task.draft"
    _description = "Task: Draft of a Text Message"

    _ai_feature = "copilot.sms"
    _ai_result = SmsResult
    _ai_stream_field = "text"
    _ai_max_output_tokens = 200

    def _get_wish(self, call):
        return replace(super()._get_wish(call), kind="sms")

    def _check_result(self, call, inputs, result):
        strange = self._find_strange_contacts(call, result.text)
        faults = find_faults("SMS", result.text, strange)
        if not fits_one_part(simplify(result.text)):
            faults.append("The text has more than 160 characters.")
        return faults

    def _answer_by_rules(self, call, inputs):
        wish = apply_instruction(self._get_wish(call), self._get_instruction(call))
        return write_sms(call._get_record()._prepare_deal_context(), wish)

    def _on_answer(self, call, result):
        """Nothing to keep: the composer reads the call."""

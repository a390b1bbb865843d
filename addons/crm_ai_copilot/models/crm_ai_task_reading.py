from odoo import models
from odoo.tools import html2plaintext

from odoo.addons.crm_ai.lib.inputs import Identity, Source, TaskInputs

from ..lib.mood import own_words, read_mood
from ..lib.results import FoundField, ReadingResult
from ..lib.signature import company_from_address, read_signature

MAX_TEXT = 6000


class CrmAiTaskReading(models.AbstractModel):
    """What an incoming mail says: an unhappy client, fields that we miss."""

    _name = "crm.ai.task.reading"
    _inherit = "crm.ai.task"
    _description = "Task: Reading of an Incoming Mail"

    _ai_feature = "copilot.reading"
    _ai_result = ReadingResult
    _ai_max_output_tokens = 600

    def _get_message(self, call):
        lead = call._get_record()
        # sudo: the message of a deal that the person may read
        message = (
            self.env["mail.message"]
            .sudo()
            .browse(int(call._get_params().get("message_id") or 0))
            .exists()
        )
        return message.filtered(
            lambda message: message.model == lead._name and message.res_id == lead.id
        )

    def _get_text(self, call):
        body = self._get_message(call).body or ""
        return own_words(html2plaintext(body))[:MAX_TEXT]

    def _prepare_inputs(self, call):
        lead, message = call._get_record(), self._get_message(call)
        identities = [
            Identity("person", message.author_id.name or ""),
            Identity("person", lead.contact_name or ""),
            Identity("email", lead.email_normalized or ""),
            Identity("company", lead.partner_name or ""),
        ]
        return TaskInputs(
            facts={"champs_manquants": lead._find_missing_fields()},
            texts={"message": self._get_text(call)},
            identities=tuple(found for found in identities if found.value.strip()),
            sources=(
                Source(lead._name, lead.id, lead.display_name or ""),
                Source("mail.message", message.id, message.subject or ""),
            ),
        )

    def _check_result(self, call, inputs, result):
        text, faults = " ".join(self._get_text(call).split()), []
        if result.unhappy and " ".join((result.sentence or "").split()) not in text:
            faults.append("`sentence` must be copied word for word from the message.")
        if result.unhappy and not (result.sentence or "").strip():
            faults.append("`sentence` is missing.")
        for found in result.found:
            if " ".join(found.value.split()) not in text:
                faults.append(f"The value of {found.field} is not in the message.")
        return faults

    def _answer_by_rules(self, call, inputs):
        lead, message = call._get_record(), self._get_message(call)
        text = self._get_text(call)
        mood = read_mood(text)
        name = message.author_id.name or lead.contact_name or ""
        found = [
            FoundField(field=item.field, value=item.value, evidence=item.evidence)
            for item in read_signature(text, name)
        ]
        address = lead.email_normalized or message.author_id.email_normalized or ""
        company = company_from_address(address)
        if company and not any(item.field == "partner_name" for item in found):
            found.append(
                FoundField(field="partner_name", value=company, evidence=address)
            )
        return ReadingResult(
            unhappy=mood.is_unhappy, sentence=mood.sentence or None, found=found
        )

    def _on_answer(self, call, result):
        self.env["crm.ai.suggestion"]._keep_reading(
            call, self._get_message(call), result
        )

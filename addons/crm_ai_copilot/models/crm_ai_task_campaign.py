from dataclasses import replace

from odoo import models

from odoo.addons.crm_ai.lib.inputs import TaskInputs

from ..lib.draft_rules import apply_instruction, write_mail


class CrmAiTaskCampaign(models.AbstractModel):
    """A text for many readers: it knows the sender and the subject, no client."""

    _name = "crm.ai.task.campaign"
    _inherit = "crm.ai.task.draft"
    _description = "Task: Campaign Text"

    _ai_feature = "copilot.campaign"

    def _get_wish(self, call):
        return replace(super()._get_wish(call), kind="campaign")

    def _prepare_inputs(self, call):
        inputs = super()._prepare_inputs(call)
        facts = inputs.facts["faits"]
        common = {name: facts[name] for name in ("aujourd_hui", "vendeur", "societe")}
        return TaskInputs(
            facts={"demande": inputs.facts["demande"], "faits": common},
            texts={"echanges": "", "brouillon": inputs.texts["brouillon"]},
            identities=inputs.identities,
            sources=inputs.sources[:1],
        )

    def _answer_by_rules(self, call, inputs):
        instruction = self._get_instruction(call)
        wish = apply_instruction(self._get_wish(call), instruction)
        context = call._get_record()._prepare_deal_context()
        return write_mail(
            replace(
                context,
                deal=instruction[:80].strip(" .!"),
                contact="",
                client="",
                quotes=(),
                exchanges=(),
                meetings=(),
            ),
            wish,
        )

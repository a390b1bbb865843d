from odoo import models

from odoo.addons.crm_ai.lib.inputs import Source, TaskInputs

from ..lib.results import NextActionResult


class CrmAiTaskNextAction(models.AbstractModel):
    """The decision on a proposed step, for the register; rules propose, no model."""

    _name = "crm.ai.task.next.action"
    _inherit = "crm.ai.task"
    _description = "Task: Next Action"

    _ai_feature = "copilot.next_action"
    _ai_result = NextActionResult

    def _get_action(self, call):
        action = self.env["crm.next.action"].browse(
            int(call._get_params().get("action_id") or 0)
        )
        return action.exists().filtered(
            lambda action: action.lead_id == call._get_record()
        )

    def _prepare_inputs(self, call):
        lead = call._get_record()
        return TaskInputs(
            sources=(Source(lead._name, lead.id, lead.display_name or ""),)
        )

    def _answer_by_rules(self, call, inputs):
        action = self._get_action(call)
        return NextActionResult(
            kind=action.kind or "",
            reason=action.reason or "",
            # The rule may be gone.
            rule=action.rule_id.name or "",
        )

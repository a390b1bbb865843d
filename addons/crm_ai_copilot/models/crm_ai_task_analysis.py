from odoo import fields, models

from odoo.addons.crm_ai.lib.inputs import Identity, Source, TaskInputs

from ..lib.analysis_words import find_faults, word_fact, word_facts
from ..lib.results import AnalysisResult


class CrmAiTaskAnalysis(models.AbstractModel):
    """The wording of facts that code computed; no number may change."""

    _name = "crm.ai.task.analysis"
    _inherit = "crm.ai.task"
    _description = "Task: Wording of an Analysis"

    _ai_feature = "copilot.analysis"
    _ai_result = AnalysisResult
    _ai_max_output_tokens = 2500

    def _prepare_inputs(self, call):
        analysis = call._get_record()
        currency = analysis.currency_id.name
        told = {
            name: word_fact(fact, currency)
            for name, fact in analysis._get_facts().items()
        }
        names = {
            label
            for fact in analysis.facts
            for name, label in fact["labels"].items()
            if name == "client"
        }
        return TaskInputs(
            facts={
                "monnaie": currency,
                "faits": [
                    {
                        "id": fact["id"],
                        "text": told[fact["id"]],
                        "numbers": fact["numbers"],
                        "days": fact["days"],
                    }
                    for fact in analysis.facts
                ],
            },
            texts={"question": analysis.question or ""},
            identities=tuple(Identity("company", name) for name in sorted(names)),
            sources=(Source(analysis._name, analysis.id, analysis.question or ""),),
        )

    def _check_result(self, call, inputs, result):
        analysis = call._get_record()
        today = fields.Date.context_today(analysis)
        return find_faults(result, analysis._get_facts(), today)

    def _answer_by_rules(self, call, inputs):
        analysis = call._get_record()
        facts = list(analysis._get_facts().values())
        return word_facts(facts, analysis.currency_id.name)

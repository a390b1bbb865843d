from odoo import fields, models

from odoo.addons.crm_ai.lib.inputs import Identity, Source, TaskInputs

from ..lib.analysis_words import find_faults, word_fact, word_facts
from ..lib.results import AnalysisResult

# Of how many deals the names are hidden: more are never told.
MAX_LEADS = 500


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
            identities=self._prepare_identities(analysis),
            sources=(Source(analysis._name, analysis.id, analysis.question or ""),),
        )

    def _prepare_identities(self, analysis):
        """Return the people and companies that the facts may name."""
        facts = analysis.facts
        clients = {
            fact["labels"]["client"] for fact in facts if "client" in fact["labels"]
        }
        ids = {
            res_id
            for fact in facts
            if fact["model"] == "crm.lead"
            for res_id in fact["res_ids"]
        }
        leads = self.env["crm.lead"].browse(sorted(ids)[:MAX_LEADS]).exists()
        partners = leads.partner_id
        people = {*leads.mapped("contact_name"), *partners.mapped("name")}
        clients |= {*leads.mapped("partner_name")}
        clients |= {*partners.commercial_partner_id.mapped("name")}
        return (
            *(Identity("company", name) for name in sorted(filter(None, clients))),
            *(
                Identity("person", name)
                for name in sorted(filter(None, people - clients))
            ),
        )

    def _check_result(self, call, inputs, result):
        analysis = call._get_record()
        today = fields.Date.context_today(analysis)
        return find_faults(result, analysis._get_facts(), today)

    def _answer_by_rules(self, call, inputs):
        analysis = call._get_record()
        facts = list(analysis._get_facts().values())
        return word_facts(facts, analysis.currency_id.name)

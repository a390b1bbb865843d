from odoo import models

from odoo.addons.crm_ai_copilot.models.crm_lead_next_action import Chance


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_deal_chances(self):
        """Take the score where the company's own deals have taught it."""
        chances = super()._get_deal_chances()
        scored = self.filtered("ai_score_at")
        for company, lead_ids in scored._group_by_score_company().items():
            version = self.env["crm.score.model"]._find_live(company)
            if version:
                # another version gives other scores: that is no move of the deal
                source = f"crm.score.model,{version.id}"
                for lead in self.browse(lead_ids):
                    chances[lead.id] = Chance(lead.ai_score, source)
        return chances

from odoo import models

from odoo.addons.crm_ai_scoring.models.crm_score_engine_scoring import MOST_TOLD


class CrmScoreEngine(models.AbstractModel):
    _inherit = "crm.score.engine"

    def _after_scores(self, company, scored, written):
        """Have the next actions follow a score that moved during the day."""
        result = super()._after_scores(company, scored, written)
        is_learnt = self.env["crm.score.model"]._find_live(company)
        # more change at night only, when every deal is looked at again anyway
        if is_learnt and len(written) <= MOST_TOLD:
            lead_ids = scored.frame.ids[written].tolist()
            self.env["crm.lead"].browse(lead_ids)._request_next_actions()
        return result

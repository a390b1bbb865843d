from odoo import api, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._score_leads_soon()
        return activities

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"active", "date_deadline", "res_id", "activity_type_id"}:
            self._score_leads_soon()
        return result

    def unlink(self):
        self._score_leads_soon()
        return super().unlink()

    def _score_leads_soon(self):
        lead_ids = [a.res_id for a in self if a.res_model == "crm.lead" and a.res_id]
        if lead_ids:
            self.env["crm.score.pending"]._note(lead_ids)

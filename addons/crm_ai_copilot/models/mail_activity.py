from odoo import api, fields, models

from .crm_next_action_rule import VISIT_RESULTS

WATCHED = {"active", "date_deadline", "activity_type_id"}


class MailActivity(models.Model):
    _inherit = "mail.activity"

    crm_visit_result = fields.Selection(
        VISIT_RESULTS, string="Result of the Visit", readonly=True, copy=False
    )

    def _get_watched_leads(self):
        ids = [activity.res_id for activity in self if activity.res_model == "crm.lead"]
        return self.env["crm.lead"].browse(ids)

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._get_watched_leads()._request_next_actions()
        return activities

    def write(self, vals):
        done = super().write(vals)
        if not WATCHED.isdisjoint(vals):
            self._get_watched_leads()._request_next_actions()
        return done

    def unlink(self):
        leads = self._get_watched_leads()
        done = super().unlink()
        leads._request_next_actions()
        return done

from odoo import api, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._score_leads_soon()
        return events

    def write(self, vals):
        watched = vals.keys() & {"start", "active", "opportunity_id"}
        if watched:
            self._score_leads_soon()
        result = super().write(vals)
        if watched:
            self._score_leads_soon()
        return result

    def unlink(self):
        self._score_leads_soon()
        return super().unlink()

    def _score_leads_soon(self):
        # sudo: whoever moves a meeting changes the score of its deal
        leads = self.sudo().opportunity_id
        if leads:
            leads._score_soon()

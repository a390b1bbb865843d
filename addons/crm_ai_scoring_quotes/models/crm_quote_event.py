from odoo import api, models


class CrmQuoteEvent(models.Model):
    _inherit = "crm.quote.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        # sudo: the client's visit moves the deal of a seller he cannot read
        events.sudo().order_id.opportunity_id._score_soon()
        return events

from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_quote_reads(self, orders):
        reads = super()._get_quote_reads(orders)
        return reads | {order.id: order.quote_opened_count for order in orders}

from odoo import models


class CrmScoreReader(models.AbstractModel):
    _inherit = "crm.score.reader"

    def _open_fact_quotes(self, lead):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotations of the deal"),
            "res_model": "sale.order",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("opportunity_id", "=", lead.id)],
            "context": {"create": False},
        }

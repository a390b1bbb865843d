from odoo import api, models

from ..lib.comparison import choose_pair


class ReportComparison(models.AbstractModel):
    _name = "report.crm_quotes.report_comparison"
    _description = "Comparison of two Versions, on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        # The web client sends either the ids of records or our data, not both.
        order = self.env["sale.order"].browse(data["order_id"])
        order._check_may_compare()
        comparison = self.env["crm.quote.comparison"]
        numbers = [choice["number"] for choice in comparison._get_choices(order)]
        left, right = choose_pair(numbers, data["left"], data["right"])
        views = []
        if left is not None:
            views.append(comparison._prepare_view(order, left, right))
        return {"docs": order, "views": views}

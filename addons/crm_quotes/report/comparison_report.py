from odoo import api, models


class ReportComparison(models.AbstractModel):
    _name = "report.crm_quotes.report_comparison"
    _description = "Comparison of two Versions, on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        orders = self.env["sale.order"].browse(docids)
        orders.check_access("read")
        comparison, data = self.env["crm.quote.comparison"], data or {}
        views = []
        for order in orders:
            left, right = comparison._choose(
                comparison._get_choices(order), data.get("left"), data.get("right")
            )
            if left is not None:
                views.append(comparison._prepare_view(order, left, right))
        return {"doc_ids": docids, "docs": orders, "views": views}

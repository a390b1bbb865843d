from odoo import api, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model
    def _get_basket_domain(self, company):
        """Return the lines that say what is bought together in a company."""
        return [
            ("company_id", "=", company.id),
            ("product_id", "!=", False),
            ("display_type", "=", False),
            ("is_downpayment", "=", False),
        ]

from odoo import models

from odoo.addons.l10n_fr_crm_billing.lib.document_kind import merge_operations


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_fr_operation(self, lines=None):
        """A deposit is of the category of the sale it is asked for."""
        if lines is None and self._is_downpayment():
            found = self.line_ids.sale_line_ids.order_id._get_fr_operations()
            if found:
                return merge_operations(found, default="services")
        return super()._get_fr_operation(lines)

    def _get_fr_order_number(self):
        """Return the numbers the client gave, not those of our own orders."""
        orders = self.line_ids.sale_line_ids.order_id
        if orders and self.move_type == "out_invoice":
            given = [order.client_order_ref for order in orders]
            return ", ".join(dict.fromkeys(filter(None, given)))
        return super()._get_fr_order_number()

from odoo import Command, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _prepare_payment_transaction_values(self):
        """Name the orders and invoices of the deal: the core settles them.

        Open invoices are paid; a confirmed order without invoice keeps the payment
        and gives it to its invoice when that is posted.
        """
        values = super()._prepare_payment_transaction_values()
        company = self._get_payment_link_company()
        # sudo: a seller need not read the orders and invoices of colleagues
        orders = self.sudo().order_ids.filtered(
            lambda order: (
                order.state == "sale"
                and order.company_id == company
                and order.currency_id == company.currency_id
            )
        )
        invoices = orders.invoice_ids.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and move.amount_residual > 0
            )
        )
        return {
            **values,
            "sale_order_ids": [Command.set(orders.ids)],
            "invoice_ids": [Command.set(invoices.ids)],
        }

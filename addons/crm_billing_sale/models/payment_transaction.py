from odoo import models

from .mail_template import ATTACHMENTS_OPTIONAL


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        """The order's mail may lack its PDF; the payment is booked all the same."""
        linked = self.filtered("payment_link_id")
        optional = linked.with_context(**{ATTACHMENTS_OPTIONAL: True})
        for transactions in (self - linked, optional):
            if transactions:
                super(PaymentTransaction, transactions)._post_process()

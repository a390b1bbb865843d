from odoo import models

from .mail_template import ATTACHMENTS_OPTIONAL


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        """The order's mail may lack its PDF; the payment is booked all the same."""
        linked = self.filtered("payment_link_id")
        if linked and linked != self:
            linked._post_process()
            return super(PaymentTransaction, self - linked)._post_process()
        optional = {ATTACHMENTS_OPTIONAL: bool(linked)}
        return super(PaymentTransaction, self.with_context(**optional))._post_process()

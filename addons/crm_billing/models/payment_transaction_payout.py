from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _create_payment(self, **extra_create_values):
        """The first payment of a Stripe account finds its books ready."""
        self.provider_id._prepare_payout_books()
        return super()._create_payment(**extra_create_values)

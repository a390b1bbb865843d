from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _create_payment(self, **extra_create_values):
        """The first payment of a Stripe account finds its books ready."""
        self.provider_id._prepare_payout_books()
        payment = super()._create_payment(**extra_create_values)
        if self.is_lost_dispute:
            self._take_disputed_movement()
        return payment

    def _take_disputed_movement(self):
        """The payout had made the client owe: from now on this payment does."""
        # sudo: whoever books need not see payouts
        movements = (
            self.env["crm.payout.line"]
            .sudo()
            .search(
                [
                    ("source", "=", self.provider_reference),
                    ("role", "=", "dispute"),
                    ("place", "=", "receivable"),
                    (
                        "connection_id.payment_provider_id",
                        "=",
                        self.provider_id.id,
                    ),
                ]
            )
        )
        movements._settle_waiting()

from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _ask_intent(self):
        """Nobody at Stripe knows the payments of the story."""
        if self.env.context.get("crm_demo_quiet"):
            return None
        return super()._ask_intent()

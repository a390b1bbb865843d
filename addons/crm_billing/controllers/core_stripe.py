from werkzeug.exceptions import Forbidden

from odoo.addons.payment_stripe.controllers.main import StripeController


class CrmStripeController(StripeController):
    def _verify_signature(self, tx_sudo):
        """Core lets events through when no secret is set: anybody could pay."""
        if not tx_sudo.provider_id.stripe_webhook_secret:
            raise Forbidden()
        return super()._verify_signature(tx_sudo)

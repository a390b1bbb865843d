from odoo import models

from odoo.addons.crm_integrations.exceptions import IgnoreExchange

from .. import const
from ..lib import stripe_intent
from ..lib import stripe_session as shapes
from ..lib.link_state import Fact
from ..providers.stripe_means import StripeMeansClient


class CrmConnection(models.Model):
    """Stripe's calls and events about means of payment and money given back."""

    _inherit = "crm.connection"

    def _get_stripe_calls(self, request, key):
        client = StripeMeansClient
        return {
            **super()._get_stripe_calls(request, key),
            const.CALL_INTENT: (
                client,
                lambda c: c.retrieve_payment_intent(request["payment_intent"]),
            ),
            const.CALL_CHARGE: (
                client,
                lambda c: c.charge_saved_means(request["params"], key),
            ),
            const.CALL_REFUND: (
                client,
                lambda c: c.create_refund(request["params"], key),
            ),
            const.CALL_DETACH: (
                client,
                lambda c: c.detach_payment_method(request["payment_method"], key),
            ),
        }

    def _get_stripe_handlers(self):
        return {
            **super()._get_stripe_handlers(),
            "refund.created": self._on_stripe_refund_failed,
            "refund.updated": self._on_stripe_refund_failed,
            "charge.dispute.updated": self._on_stripe_dispute,
            "payment_intent.processing": self._on_stripe_intent,
            "payment_intent.succeeded": self._on_stripe_intent,
            "payment_intent.payment_failed": self._on_stripe_intent,
            "mandate.updated": self._on_stripe_mandate,
        }

    # === Events === #

    def _on_stripe_intent(self, item, event, exchange):
        """A charge without a page; pages have events of their own."""
        news = stripe_intent.read_intent(item)
        charge = self._find_page(
            payment_intent_id=news.payment_intent_id, metadata=news.metadata
        )
        if not charge:
            self._ignore_foreign()
        if charge.operation != "offline":
            raise IgnoreExchange(
                self.env._("The event of the payment page tells the same.")
            )
        charge._receive_charge(news)

    def _on_stripe_mandate(self, item, event, exchange):
        """A client's bank ended a mandate."""
        tokens = self.env["payment.token"].search(
            [
                ("provider_id", "=", self.payment_provider_id.id),
                ("stripe_mandate", "=", item["id"]),
            ]
        )
        if not tokens:
            self._ignore_foreign()
        if item.get("status") == "inactive":
            tokens._withdraw(self.env._("The customer's bank ended the mandate."))

    # === Answers === #

    def _apply_stripe_answer(self, exchange, page, answer):
        if exchange.event == const.CALL_INTENT:
            page._receive_intent(stripe_intent.read_intent(answer))
        elif exchange.event == const.CALL_CHARGE:
            self._apply_charge(page, answer)
        elif exchange.event == const.CALL_REFUND:
            page._receive_own_refund(shapes.read_refund(answer))
        elif exchange.event != const.CALL_DETACH:
            return super()._apply_stripe_answer(exchange, page, answer)
        return None

    def _apply_charge(self, charge, answer):
        if answer["object"] != "charge_refusal":
            charge._receive_intent(stripe_intent.read_intent(answer))
            return
        refusal = stripe_intent.read_refusal(answer)
        link = charge.payment_link_id
        if charge.state == "done":
            # An event of a later success was faster than this answer.
            return
        if refusal.needs_client and charge == link.transaction_id:
            link._fall_back_to_page(refusal.message)
        else:
            charge._refuse_charge(refusal.means_is_dead, refusal.message)

    def _on_exchange_failed_stripe(self, exchange, trouble):
        is_page = exchange.res_model == "payment.transaction"
        page = self.env["payment.transaction"].browse(is_page and exchange.res_id or [])
        if exchange.event == const.CALL_REFUND:
            page._refuse_refund(trouble.message)
        elif exchange.event == const.CALL_INTENT:
            # Without its details the receipt is still a receipt.
            page._offer_receipt()
        elif exchange.event == const.CALL_CHARGE:
            self._give_up_charge(page, trouble)
        else:
            return super()._on_exchange_failed_stripe(exchange, trouble)
        return None

    def _give_up_charge(self, charge, trouble):
        """No answer to a charge: an event may still tell that it worked."""
        if charge.state == "draft":
            charge._set_error(trouble.message)
        if charge == charge.payment_link_id.transaction_id:
            charge.payment_link_id._learn(
                Fact.CREATION_FAILED,
                reason=self.env._(
                    "The saved means could not be charged: %(cause)s Look in Stripe"
                    " before asking again.",
                    cause=trouble.message,
                ),
            )

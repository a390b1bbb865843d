"""Payments without a page, refunds and saved means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import stripe

from odoo.addons.crm_base.lib.errors import RefusedError

from ..lib.stripe_intent import MEANS_IS_DEAD
from .stripe_client import StripeAccountClient, StripeAnswer, first_line


class StripeMeansClient(StripeAccountClient):
    """What is asked of Stripe about means of payment and money given back."""

    def retrieve_payment_intent(self, payment_intent_id: str) -> StripeAnswer:
        """Read a payment and the means it was made with."""
        intents = self._client.v1.payment_intents
        params = {"expand": ["latest_charge"]}
        return self._ask(lambda: intents.retrieve(payment_intent_id, params))

    def charge_saved_means(
        self, params: Mapping[str, Any], idempotency_key: str
    ) -> StripeAnswer:
        """Charge a saved means; a refusal by the bank is an answer like another.

        :return: a payment intent, or ``{"object": "charge_refusal", ...}``
        """
        intents = self._client.v1.payment_intents
        options = {"idempotency_key": idempotency_key}
        refusal: dict[str, Any] = {}

        def call() -> Any:
            try:
                return intents.create(dict(params), options)
            except stripe.StripeError as error:
                is_card = isinstance(error, stripe.CardError)
                if is_card or error.code in MEANS_IS_DEAD:
                    refusal.update(_read_refusal(error))
                raise

        try:
            return self._ask(call)
        except RefusedError as error:
            if not refusal:
                raise
            return StripeAnswer(
                refusal,
                error.status or 402,
                error.request_id or "",
                self._transport.duration_ms,
            )

    def create_refund(
        self, params: Mapping[str, Any], idempotency_key: str
    ) -> StripeAnswer:
        """Give money back, in part or in full."""
        options = {"idempotency_key": idempotency_key}
        refunds = self._client.v1.refunds
        return self._ask(lambda: refunds.create(dict(params), options))

    def detach_payment_method(
        self, method_id: str, idempotency_key: str
    ) -> StripeAnswer:
        """Forget a saved means."""
        methods = self._client.v1.payment_methods
        options = {"idempotency_key": idempotency_key}
        return self._ask(lambda: methods.detach(method_id, {}, options))


def _read_refusal(error: stripe.StripeError) -> dict[str, Any]:
    """Keep what a refused charge tells."""
    body = error.json_body if isinstance(error.json_body, dict) else {}
    details = body.get("error") or {}
    intent = details.get("payment_intent") or {}
    return {
        "object": "charge_refusal",
        "code": error.code or "",
        "decline_code": details.get("decline_code") or "",
        "message": first_line(error),
        "payment_intent": intent.get("id", "") if isinstance(intent, dict) else intent,
    }

"""Payments without a page: what is asked of Stripe and what a payment intent says.

https://docs.stripe.com/api/payment_intents and /payment_methods, read 2026-11.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .link_state import Fact

METADATA_VALUE_MAX = 500
# Codes of a refusal after which only the client can go on, on a page.
# https://docs.stripe.com/error-codes, read 2026-11.
NEEDS_CLIENT = frozenset({"authentication_required"})
# Codes after which the saved means is of no use any more.
MEANS_IS_DEAD = frozenset(
    {
        "payment_method_invalid_parameter",
        "payment_method_unactivated",
        "payment_method_provider_decline",
        "mandate_invalid",
        "resource_missing",
        "expired_card",
        "lost_card",
        "stolen_card",
    }
)
_FACTS = {
    "succeeded": Fact.PAID,
    "processing": Fact.PROCESSING,
    "requires_payment_method": Fact.PAYMENT_FAILED,
    "canceled": Fact.PAYMENT_FAILED,
}


@dataclass(frozen=True)
class ChargeRequest:
    """One charge of a saved means, the client being away.

    :param amount_minor: integer as Stripe counts this currency
    :param mandate: of a bank debit; empty for a card
    """

    amount_minor: int
    currency: str
    customer_id: str
    method_id: str
    method_type: str
    description: str
    mandate: str = ""
    metadata: dict[str, str] = field(default_factory=dict)


def build_charge_v1(request: ChargeRequest) -> dict:
    """Return the parameters of ``POST /v1/payment_intents``, confirmed at once."""
    params = {
        "amount": request.amount_minor,
        "currency": request.currency.lower(),
        "customer": request.customer_id,
        "payment_method": request.method_id,
        "payment_method_types": [request.method_type],
        "confirm": True,
        "off_session": True,
        "description": request.description,
        "metadata": {
            key: str(value)[:METADATA_VALUE_MAX]
            for key, value in request.metadata.items()
            if value
        },
        "expand": ["latest_charge"],
    }
    if request.mandate:
        params["mandate"] = request.mandate
    return params


@dataclass(frozen=True)
class IntentNews:
    """What a payment intent says of the payment and of its means.

    :param fact: None while nothing is decided
    :param method_type: ``card``, ``sepa_debit``...; empty when not known
    """

    payment_intent_id: str
    amount_minor: int
    currency: str
    fact: Fact | None
    customer_id: str
    method_id: str
    charge_id: str
    method_type: str
    brand: str
    last4: str
    mandate: str
    error_code: str
    error_message: str
    metadata: dict[str, str]


def read_intent(item: dict) -> IntentNews:
    """Read a payment intent, with its charge when that was asked for too.

    :raise KeyError, TypeError: when it is not a payment intent
    """
    if item["object"] != "payment_intent":
        raise KeyError(item["object"])
    charge = item.get("latest_charge") or {}
    charge_id = charge.get("id", "") if isinstance(charge, dict) else charge
    details = _details(charge)
    method_type = details.get("type") or _only(item.get("payment_method_types"))
    means = details.get(method_type) or {}
    error = item.get("last_payment_error") or {}
    return IntentNews(
        payment_intent_id=item["id"],
        amount_minor=int(item["amount"]),
        currency=item["currency"].upper(),
        fact=_FACTS.get(item.get("status") or ""),
        customer_id=_id(item.get("customer")),
        method_id=_id(item.get("payment_method")),
        charge_id=charge_id,
        method_type=method_type,
        brand=means.get("brand") or "",
        last4=means.get("last4") or "",
        mandate=_id(means.get("mandate")),
        error_code=error.get("decline_code") or error.get("code") or "",
        error_message=error.get("message") or "",
        metadata=dict(item.get("metadata") or {}),
    )


@dataclass(frozen=True)
class RefusalNews:
    """Stripe refused a charge of a saved means."""

    code: str
    decline_code: str
    message: str
    payment_intent_id: str

    @property
    def needs_client(self) -> bool:
        """Whether the client can still pay, on a page, in person."""
        return bool({self.code, self.decline_code} & NEEDS_CLIENT)

    @property
    def means_is_dead(self) -> bool:
        """Whether the saved means will be refused again."""
        return bool({self.code, self.decline_code} & MEANS_IS_DEAD)


def read_refusal(item: dict) -> RefusalNews:
    """Read the refusal kept by `providers/stripe_client.py`."""
    return RefusalNews(
        code=item.get("code") or "",
        decline_code=item.get("decline_code") or "",
        message=item.get("message") or "",
        payment_intent_id=item.get("payment_intent") or "",
    )


def _details(charge: Any) -> dict:
    details = charge.get("payment_method_details") if isinstance(charge, dict) else None
    return details if isinstance(details, dict) else {}


def _id(value: Any) -> str:
    """An id, whether the object was asked for or only its name came."""
    return (value.get("id") if isinstance(value, dict) else value) or ""


def _only(values: Any) -> str:
    return values[0] if isinstance(values, list) and len(values) == 1 else ""

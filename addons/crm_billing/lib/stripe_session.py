"""What is asked of Stripe for one payment page, and what its answer says."""

from __future__ import annotations

from dataclasses import dataclass, field

from .link_state import Fact

# https://docs.stripe.com/api/checkout/sessions/create, read 2026-09.
REFERENCE_MAX = 200
PRODUCT_NAME_MAX = 250
METADATA_VALUE_MAX = 500
LOCALES = frozenset(
    "bg cs da de el en es et fi fil fr hr hu id it ja ko lt lv ms mt nb nl pl pt ro "
    "ru sk sl sv th tr vi zh".split()
)


@dataclass(frozen=True)
class SessionRequest:
    """One payment page to ask for.

    :param reference: our transaction reference
    :param amount_minor: integer as Stripe counts this currency
    :param currency: ISO code, any case
    :param description: what the client reads above the amount
    :param success_url: where the client lands after paying
    :param cancel_url: where the page's "back" leads
    :param expires_at: Unix time, 30 minutes to 24 hours after the creation
    :param email: the client's address, may be empty
    :param language: an Odoo language code such as ``fr_FR``
    :param metadata: our references, readable in Stripe's dashboard
    :param customer_id: the client as Stripe knows him, may be empty
    :param save_means: keep the means for later charges, as the client agreed
    """

    reference: str
    amount_minor: int
    currency: str
    description: str
    success_url: str
    cancel_url: str
    expires_at: int
    email: str = ""
    language: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    customer_id: str = ""
    save_means: bool = False


def build_session_v1(request: SessionRequest) -> dict:
    """Return the parameters of ``POST /v1/checkout/sessions``.

    The metadata also goes to the payment intent, hence to the charge: a refund or
    a dispute can be traced back without asking Stripe. No payment method is named,
    so the account's dashboard decides what is offered.
    """
    metadata = {
        key: str(value)[:METADATA_VALUE_MAX]
        for key, value in request.metadata.items()
        if value
    }
    description = request.description.strip()[:PRODUCT_NAME_MAX]
    params = {
        "mode": "payment",
        "client_reference_id": request.reference[:REFERENCE_MAX],
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": request.currency.lower(),
                    "unit_amount": request.amount_minor,
                    "product_data": {"name": description or request.reference},
                },
            }
        ],
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
        "expires_at": request.expires_at,
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata},
    }
    # Stripe refuses a customer and an address together.
    if request.customer_id:
        params["customer"] = request.customer_id
    elif request.email:
        params["customer_email"] = request.email
    if request.save_means:
        params["payment_intent_data"]["setup_future_usage"] = "off_session"
        if not request.customer_id:
            params["customer_creation"] = "always"
    language = request.language.split("_")[0]
    if language in LOCALES:
        params["locale"] = language
    return params


@dataclass(frozen=True)
class SessionNews:
    """What a Checkout Session says about its payment.

    :param fact: None when the page is simply still open
    """

    session_id: str
    url: str
    amount_minor: int
    currency: str
    payment_intent_id: str
    expires_at: int
    metadata: dict[str, str]
    fact: Fact | None
    method_type: str


def read_session(item: dict, event_type: str = "") -> SessionNews:
    """Read a session from an event or from an answer.

    :param item: the object as decoded from JSON
    :param event_type: empty for an answer
    :raise KeyError, TypeError: when it is not a session at all
    """
    if item["object"] != "checkout.session":
        raise KeyError(item["object"])
    intent = item.get("payment_intent") or ""
    if isinstance(intent, dict):
        intent = intent["id"]
    methods = item.get("payment_method_types") or []
    return SessionNews(
        session_id=item["id"],
        url=item.get("url") or "",
        amount_minor=int(item.get("amount_total") or 0),
        currency=(item.get("currency") or "").upper(),
        payment_intent_id=intent,
        expires_at=int(item.get("expires_at") or 0),
        metadata=dict(item.get("metadata") or {}),
        fact=_session_fact(item, event_type),
        method_type=methods[0] if len(methods) == 1 else "",
    )


def _session_fact(item: dict, event_type: str) -> Fact | None:
    if event_type == "checkout.session.async_payment_failed":
        return Fact.PAYMENT_FAILED
    status = item.get("status")
    if status == "expired":
        return Fact.EXPIRED
    if status != "complete":
        return None
    if item.get("payment_status") in ("paid", "no_payment_required"):
        return Fact.PAID
    # Complete and unpaid: a debit on its way, or one the bank has refused. Only
    # the payment intent, when it was asked for, tells these two apart.
    intent = item.get("payment_intent")
    if isinstance(intent, dict) and intent.get("status") in (
        "requires_payment_method",
        "canceled",
    ):
        return Fact.PAYMENT_FAILED
    return Fact.PROCESSING


@dataclass(frozen=True)
class ChargeNews:
    """What a charge says: how much came in and how much went back."""

    charge_id: str
    payment_intent_id: str
    amount_minor: int
    refunded_minor: int
    currency: str
    metadata: dict[str, str]


def read_charge(item: dict) -> ChargeNews:
    """Read the charge carried by ``charge.refunded``.

    :raise KeyError, TypeError: when it is not a charge
    """
    if item["object"] != "charge":
        raise KeyError(item["object"])
    return ChargeNews(
        charge_id=item["id"],
        payment_intent_id=item.get("payment_intent") or "",
        amount_minor=int(item["amount"]),
        refunded_minor=int(item.get("amount_refunded") or 0),
        currency=item["currency"].upper(),
        metadata=dict(item.get("metadata") or {}),
    )


@dataclass(frozen=True)
class DisputeNews:
    """What a dispute says."""

    dispute_id: str
    payment_intent_id: str
    charge_id: str
    amount_minor: int
    currency: str
    reason: str
    status: str
    due_by: int


def read_dispute(item: dict) -> DisputeNews:
    """Read the dispute of ``charge.dispute.*``.

    :raise KeyError, TypeError: when it is not a dispute
    """
    if item["object"] != "dispute":
        raise KeyError(item["object"])
    evidence = item.get("evidence_details") or {}
    return DisputeNews(
        dispute_id=item["id"],
        payment_intent_id=item.get("payment_intent") or "",
        charge_id=item.get("charge") or "",
        amount_minor=int(item["amount"]),
        currency=item["currency"].upper(),
        reason=item.get("reason") or "",
        status=item.get("status") or "",
        due_by=int(evidence.get("due_by") or 0),
    )


@dataclass(frozen=True)
class RefundNews:
    """One refund of a charge."""

    refund_id: str
    amount_minor: int
    currency: str
    status: str
    metadata: dict[str, str] = field(default_factory=dict)
    failure: str = ""


def read_refund(item: dict) -> RefundNews:
    """Read one refund of a list or of ``refund.*``.

    :raise KeyError, TypeError: when it is not a refund
    """
    if item["object"] != "refund":
        raise KeyError(item["object"])
    return RefundNews(
        refund_id=item["id"],
        amount_minor=int(item["amount"]),
        currency=item["currency"].upper(),
        status=item.get("status") or "",
        metadata=dict(item.get("metadata") or {}),
        failure=item.get("failure_reason") or "",
    )

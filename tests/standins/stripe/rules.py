"""What Stripe refuses on ``POST /v1/checkout/sessions``, in its own words."""

import re
from urllib.parse import urlsplit

from . import money
from .errors import ApiError, missing_param

# Names only; docs.stripe.com/api/checkout/sessions/create, read 2026-09.
SESSION_PARAMS = frozenset(
    "adaptive_pricing after_expiration allow_promotion_codes automatic_tax "
    "billing_address_collection branding_settings cancel_url client_reference_id "
    "consent_collection currency custom_fields custom_text customer "
    "customer_creation customer_email customer_update discounts "
    "excluded_payment_method_types expand expires_at invoice_creation line_items "
    "locale metadata mode name_collection optional_items origin_context "
    "payment_intent_data payment_method_collection payment_method_configuration "
    "payment_method_data payment_method_options payment_method_types permissions "
    "phone_number_collection redirect_on_completion return_url "
    "saved_payment_method_options setup_intent_data shipping_address_collection "
    "shipping_options submit_type subscription_data success_url "
    "tax_id_collection ui_mode wallet_options".split()
)
LOCALES = frozenset(
    "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko "
    "lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW".split()
)
SHORTEST_SECONDS = 30 * 60
LONGEST_SECONDS = 24 * 60 * 60
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def check_session(params, now):
    """Raise the first complaint Stripe would have; return the lines and total."""
    _check_names(params)
    if params.get("mode") not in ("payment", None):
        raise ApiError(
            "This stand-in serves Checkout Sessions in payment mode only.",
            param="mode",
        )
    if not params.get("mode"):
        raise missing_param("mode")
    if not params.get("success_url"):
        raise missing_param("success_url")
    _check_urls(params)
    _check_customer(params)
    _check_texts(params)
    check_metadata(params.get("metadata"), "metadata")
    intent = params.get("payment_intent_data") or {}
    check_metadata(intent.get("metadata"), "payment_intent_data[metadata]")
    expires_at = _check_expiry(params, now)
    lines, currency = _check_lines(params.get("line_items"))
    total = sum(line["amount"] for line in lines)
    _check_total(total, currency)
    return lines, currency, total, expires_at


def _check_names(params):
    for name in params:
        if name not in SESSION_PARAMS:
            raise ApiError(
                f"Received unknown parameter: {name}",
                code="parameter_unknown",
                param=name,
            )


def _check_urls(params):
    for name in ("success_url", "cancel_url"):
        value = params.get(name)
        if value and urlsplit(value).scheme not in ("http", "https"):
            raise ApiError("Not a valid URL", code="url_invalid", param=name)


def _check_customer(params):
    if params.get("customer") and params.get("customer_email"):
        raise ApiError(
            "You may only specify one of these parameters: customer, customer_email.",
            param="customer",
        )
    email = params.get("customer_email")
    if email and not _EMAIL.match(email):
        raise ApiError(
            f"Invalid email address: {email}",
            code="email_invalid",
            param="customer_email",
        )


def _check_texts(params):
    if len(params.get("client_reference_id", "")) > 200:
        raise ApiError(
            "Invalid string: must be at most 200 characters",
            param="client_reference_id",
        )
    locale = params.get("locale")
    if locale and locale not in LOCALES:
        raise ApiError(f"Invalid locale: {locale}", param="locale")


def check_metadata(metadata, param):
    if not metadata:
        return
    if not isinstance(metadata, dict):
        raise ApiError("Invalid object", param=param)
    if len(metadata) > 50:
        raise ApiError(
            "Metadata can have at most 50 keys, you passed "
            f"in {len(metadata)} keys instead.",
            param=param,
        )
    for key, value in metadata.items():
        if len(key) > 40:
            raise ApiError(
                f"Metadata keys can have up to 40 characters: {key}", param=param
            )
        if len(value) > 500:
            raise ApiError(
                "Metadata values can have up to 500 characters, but you passed in "
                f"a value that is {len(value)} characters.",
                param=f"{param}[{key}]",
            )


def _check_expiry(params, now):
    if not params.get("expires_at"):
        return now + LONGEST_SECONDS
    expires_at = check_integer(params["expires_at"], "expires_at")
    if expires_at < now + SHORTEST_SECONDS - 60:
        raise ApiError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout "
            "Session creation.",
            param="expires_at",
        )
    if expires_at > now + LONGEST_SECONDS:
        raise ApiError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout "
            "Session creation.",
            param="expires_at",
        )
    return expires_at


def check_integer(value, param):
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ApiError(
            f"Invalid integer: {value}",
            code="parameter_invalid_integer",
            param=param,
        ) from None


def check_currency(value, param):
    currency = (value or "").lower()
    if not currency:
        raise missing_param(param)
    if currency not in money.KNOWN:
        raise ApiError(
            f"Invalid currency: {currency}. Stripe currently supports these "
            f"currencies: {', '.join(sorted(money.KNOWN))}",
            param=param,
        )
    return currency


def _check_lines(items):
    if not items or not isinstance(items, list):
        raise ApiError(
            "You must provide at least one line item in `payment` mode.",
            code="parameter_missing",
            param="line_items",
        )
    lines = [_check_line(item, f"line_items[{i}]") for i, item in enumerate(items)]
    currencies = {line["currency"] for line in lines}
    if len(currencies) > 1:
        raise ApiError(
            "All line items must have the same currency.", param="line_items"
        )
    return lines, currencies.pop()


def _check_line(item, param):
    price = item.get("price_data")
    if not isinstance(price, dict):
        raise missing_param(f"{param}[price_data]")
    base = f"{param}[price_data]"
    currency = check_currency(price.get("currency"), f"{base}[currency]")
    if "unit_amount" not in price and "unit_amount_decimal" not in price:
        raise missing_param(f"{base}[unit_amount]")
    unit = check_integer(price.get("unit_amount"), f"{base}[unit_amount]")
    if unit < 0:
        raise ApiError(
            "Invalid non-negative integer",
            code="parameter_invalid_integer",
            param=f"{base}[unit_amount]",
        )
    product = price.get("product_data")
    if not price.get("product") and not isinstance(product, dict):
        raise missing_param(f"{base}[product_data]")
    if isinstance(product, dict) and not product.get("name"):
        raise missing_param(f"{base}[product_data][name]")
    quantity = check_integer(item.get("quantity", 1), f"{param}[quantity]")
    return {
        "currency": currency,
        "unit_amount": unit,
        "quantity": quantity,
        "amount": unit * quantity,
        "name": (product or {}).get("name") or price.get("product"),
        "description": (product or {}).get("description"),
    }


def _check_total(total, currency):
    minimum = money.MINIMUM.get(currency, 1)
    if total < minimum:
        raise ApiError(
            "The Checkout Session's total amount due must add up to at least "
            f"{money.english(minimum, currency)}",
            code="amount_too_small",
            param="line_items",
        )
    if total > money.MAXIMUM:
        raise ApiError(
            "The Checkout Session's total amount due must be no more than "
            f"{money.english(money.MAXIMUM, currency)}",
            code="amount_too_large",
            param="line_items",
        )
    if currency in money.THREE_DECIMAL and total % 10:
        raise ApiError(
            "Invalid amount: three-decimal amounts must end with 0.",
            param="line_items",
        )

"""The API's objects as dictionaries, with every field the real ones carry."""

from copy import deepcopy

from .store import new_id

EMPTY_ADDRESS = {
    "city": None,
    "country": None,
    "line1": None,
    "line2": None,
    "postal_code": None,
    "state": None,
}


# Fields of a Checkout Session that the stand-in never changes by itself.
_SESSION = {
    "object": "checkout.session",
    "adaptive_pricing": {"enabled": False},
    "after_expiration": None,
    "allow_promotion_codes": None,
    "automatic_tax": {
        "enabled": False,
        "liability": None,
        "provider": None,
        "status": None,
    },
    "billing_address_collection": None,
    "client_secret": None,
    "collected_information": None,
    "consent": None,
    "consent_collection": None,
    "currency_conversion": None,
    "custom_fields": [],
    "custom_text": {
        "after_submit": None,
        "shipping_address": None,
        "submit": None,
        "terms_of_service_acceptance": None,
    },
    "customer_account": None,
    "customer_creation": "if_required",
    "customer_details": None,
    "discounts": [],
    "integration_identifier": None,
    "invoice": None,
    "invoice_creation": {
        "enabled": False,
        "invoice_data": {
            "account_tax_ids": None,
            "custom_fields": None,
            "description": None,
            "footer": None,
            "issuer": None,
            "metadata": {},
            "rendering_options": None,
        },
    },
    "mode": "payment",
    "origin_context": None,
    "payment_intent": None,
    "payment_link": None,
    "payment_method_collection": "if_required",
    "payment_method_configuration_details": None,
    "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
    "payment_status": "unpaid",
    "permissions": None,
    "phone_number_collection": {"enabled": False},
    "recovered_from": None,
    "saved_payment_method_options": None,
    "setup_intent": None,
    "shipping_address_collection": None,
    "shipping_cost": None,
    "shipping_options": [],
    "status": "open",
    "subscription": None,
    "total_details": {
        "amount_discount": 0,
        "amount_shipping": 0,
        "amount_tax": 0,
    },
    "ui_mode": "hosted_page",
    "wallet_options": None,
}


def session(account, now, params, lines, currency, total, expires_at, base_url):
    """A Checkout Session as just created: open and unpaid."""
    live = "live" if account.livemode else "test"
    session_id = new_id(f"cs_{live}_", 58)
    return {
        **deepcopy(_SESSION),
        "id": session_id,
        "amount_subtotal": total,
        "amount_total": total,
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "created": now,
        "currency": currency,
        "customer": params.get("customer"),
        "customer_creation": params.get("customer_creation") or "if_required",
        "customer_email": params.get("customer_email"),
        "expires_at": expires_at,
        "livemode": account.livemode,
        "locale": params.get("locale"),
        "metadata": dict(params.get("metadata") or {}),
        "payment_method_types": params.get("payment_method_types")
        or (["card", "sepa_debit"] if currency == "eur" else ["card"]),
        "submit_type": params.get("submit_type"),
        "success_url": params["success_url"],
        "url": f"{base_url}/c/pay/{session_id}",
        "_lines": [line_item(line) for line in lines],
        "_intent": dict(params.get("payment_intent_data") or {}),
    }


def line_item(line):
    return {
        "id": new_id("li_"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": line["amount"],
        "amount_tax": 0,
        "amount_total": line["amount"],
        "currency": line["currency"],
        "description": line["name"],
        "price": None,
        "quantity": line["quantity"],
    }


def payment_intent(account, now, paid_session, method_type):
    intent_id = new_id("pi_")
    extra = paid_session["_intent"]
    return {
        "id": intent_id,
        "object": "payment_intent",
        "amount": paid_session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_{new_id('', 25)}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": paid_session["currency"],
        "customer": paid_session["customer"],
        "customer_account": None,
        "description": extra.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": account.livemode,
        "metadata": dict(extra.get("metadata") or {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": new_id("pm_"),
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": [method_type],
        "processing": None,
        "receipt_email": extra.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": extra.get("statement_descriptor"),
        "statement_descriptor_suffix": None,
        "status": "processing",
        "transfer_data": None,
        "transfer_group": None,
    }


def charge(account, now, intent, email, method_type, last4, base_url):
    charge_id = new_id("ch_" if method_type == "card" else "py_")
    return {
        "id": charge_id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {
            "address": dict(EMPTY_ADDRESS),
            "email": email,
            "name": None,
            "phone": None,
            "tax_id": None,
        },
        "calculated_statement_descriptor": "LUMEN",
        "captured": True,
        "created": now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": account.livemode,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": None,
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": {
            "type": method_type,
            method_type: means_details(method_type, last4),
        },
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": f"{base_url}/receipts/{charge_id}",
        "refunded": False,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "pending",
        "transfer_data": None,
        "transfer_group": None,
    }


def means_details(method_type, last4):
    """What is shown of the means of payment: never its whole number."""
    if method_type != "card":
        return {"bank_code": "20041", "country": "FR", "last4": last4}
    return {
        "brand": "visa",
        "country": "FR",
        "exp_month": 12,
        "exp_year": 2034,
        "funding": "credit",
        "last4": last4,
    }


def refund(now, paid_charge, amount, reason, metadata):
    prefix = "re_" if paid_charge["id"].startswith("ch_") else "pyr_"
    return {
        "id": new_id(prefix),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": paid_charge["id"],
        "created": now,
        "currency": paid_charge["currency"],
        "customer": None,
        "customer_account": None,
        "destination_details": {"type": "card", "card": {"type": "refund"}},
        "metadata": dict(metadata or {}),
        "payment_intent": paid_charge["payment_intent"],
        "payment_method": None,
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def dispute(account, now, paid_charge, reason):
    return {
        "id": new_id("du_"),
        "object": "dispute",
        "amount": paid_charge["amount"],
        "balance_transactions": [],
        "charge": paid_charge["id"],
        "created": now,
        "currency": paid_charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": now + 7 * 86400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": account.livemode,
        "metadata": {},
        "payment_intent": paid_charge["payment_intent"],
        "payment_method_details": {
            "type": "card",
            "card": {
                "brand": "visa",
                "case_type": "chargeback",
                "network_reason_code": "10.4",
            },
        },
        "reason": reason,
        "status": "needs_response",
    }


def event(account, now, kind, item, request_id, idempotency_key, api_version):
    return {
        "id": new_id("evt_"),
        "object": "event",
        "api_version": api_version,
        "created": now,
        "data": {"object": public(item)},
        "livemode": account.livemode,
        "pending_webhooks": 1,
        "request": {"id": request_id, "idempotency_key": idempotency_key},
        "type": kind,
    }


def webhook_endpoint(account, now, url, enabled_events, secret, api_version):
    return {
        "id": new_id("we_"),
        "object": "webhook_endpoint",
        "api_version": api_version,
        "application": None,
        "created": now,
        "description": None,
        "enabled_events": enabled_events,
        "livemode": account.livemode,
        "metadata": {},
        "status": "enabled",
        "url": url,
        "_secret": secret,
    }


def account_object(account, now):
    return {
        "id": account.id,
        "object": "account",
        "business_profile": {"name": account.name, "url": None},
        "business_type": "company",
        "charges_enabled": True,
        "country": account.country,
        "created": now,
        "default_currency": account.currency,
        "details_submitted": True,
        "email": "compta@agence-lumen.example",
        "metadata": {},
        "payouts_enabled": True,
        "settings": {
            "branding": {
                "icon": None,
                "logo": None,
                "primary_color": None,
                "secondary_color": None,
            },
            "card_payments": {
                "statement_descriptor_prefix": None,
                "statement_descriptor_prefix_kana": None,
                "statement_descriptor_prefix_kanji": None,
            },
            "dashboard": {"display_name": account.name, "timezone": "Europe/Paris"},
            "payments": {
                "statement_descriptor": None,
                "statement_descriptor_kana": None,
                "statement_descriptor_kanji": None,
            },
        },
        "type": "standard",
    }


def public(item):
    """A copy without the stand-in's own notes (names that start with _)."""
    if isinstance(item, dict):
        return {k: public(v) for k, v in item.items() if not k.startswith("_")}
    if isinstance(item, list):
        return [public(child) for child in item]
    return item

"""Customers, saved means of payment, mandates, and charges made with them."""

from . import money, objects, rules
from .errors import ApiError, missing_param, no_such
from .store import new_id

# docs.stripe.com/testing: what a saved card does when its owner is away.
AUTHENTICATE = frozenset({"4000002500003155", "4000002760003184"})
INTENT_PARAMS = frozenset(
    "amount application_fee_amount automatic_payment_methods capture_method confirm "
    "confirmation_method currency customer description error_on_requires_action "
    "expand mandate mandate_data metadata off_session on_behalf_of payment_method "
    "payment_method_data payment_method_options payment_method_types receipt_email "
    "return_url setup_future_usage shipping statement_descriptor "
    "statement_descriptor_suffix transfer_data transfer_group use_stripe_sdk".split()
)


def customer(account, now, email="", name="", metadata=None):
    return {
        "id": new_id("cus_", 14),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": email or None,
        "invoice_prefix": new_id("", 8).upper(),
        "livemode": account.livemode,
        "metadata": dict(metadata or {}),
        "name": name or None,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
    }


def payment_method(account, now, intent, email, method_type, number):
    return {
        "id": intent["payment_method"],
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": {
            "address": dict(objects.EMPTY_ADDRESS),
            "email": email,
            "name": None,
            "phone": None,
            "tax_id": None,
        },
        "created": now,
        "customer": intent["customer"],
        "livemode": account.livemode,
        "metadata": {},
        "type": method_type,
        method_type: objects.means_details(method_type, number[-4:]),
        "_number": number,
    }


def mandate(account, now, method_id):
    return {
        "id": new_id("mandate_"),
        "object": "mandate",
        "customer_acceptance": {
            "accepted_at": now,
            "online": {"ip_address": "203.0.113.7", "user_agent": "stand-in"},
            "type": "online",
        },
        "livemode": account.livemode,
        "multi_use": {},
        "payment_method": method_id,
        "payment_method_details": {
            "sepa_debit": {
                "reference": new_id("", 16).upper(),
                "url": "https://hooks.stripe.example/mandate",
            },
            "type": "sepa_debit",
        },
        "status": "active",
        "type": "multi_use",
    }


class Means:
    """What a client left with the merchant, and what is charged to it."""

    def __init__(self, state, payments):
        self.state = state
        self.payments = payments

    def now(self):
        return int(self.state.now())

    # === Left on a payment page === #

    def keep(self, account, session, intent, charge, email, number):
        """Write down the means of a page, and save it when that was agreed."""
        method_type = intent["payment_method_types"][0]
        wanted = session["_intent"].get("setup_future_usage")
        if session.get("customer_creation") == "always" and not intent["customer"]:
            made = customer(account, self.now(), email)
            account.put("customer", made)
            session["customer"] = made["id"]
        intent["customer"] = charge["customer"] = session["customer"]
        intent["setup_future_usage"] = wanted
        method = payment_method(account, self.now(), intent, email, method_type, number)
        method["customer"] = intent["customer"] if wanted else None
        account.put("payment_method", method)
        if method_type == "sepa_debit":
            made = mandate(account, self.now(), method["id"])
            account.put("mandate", made)
            charge["payment_method_details"]["sepa_debit"]["mandate"] = made["id"]

    # === Charged later === #

    def charge_later(self, account, params):
        """`POST /v1/payment_intents`, confirmed at once, the client being away."""
        amount, currency = self._check(params)
        method = self._check_method(account, params)
        session = {
            "amount_total": amount,
            "currency": currency,
            "customer": params["customer"],
            "_intent": {
                "metadata": params.get("metadata"),
                "description": params.get("description"),
            },
        }
        number = method["_number"]
        email = method["billing_details"]["email"]
        intent, charge = self.payments.start(
            account, session, email, method["type"], number, method["id"]
        )
        if method["type"] == "sepa_debit":
            details = charge["payment_method_details"]["sepa_debit"]
            details["mandate"] = params["mandate"]
            self.payments.debit_later(account, intent, charge, number)
        else:
            self._charge_card(account, intent, charge, number)
        return self.expand(account, intent, params)

    def _check(self, params):
        for name in params:
            if name not in INTENT_PARAMS:
                raise ApiError(
                    f"Received unknown parameter: {name}",
                    code="parameter_unknown",
                    param=name,
                )
        for name in ("amount", "currency"):
            if not params.get(name):
                raise missing_param(name)
        if params.get("confirm") != "true" or params.get("off_session") != "true":
            raise ApiError("This stand-in confirms off-session payments only.")
        rules.check_metadata(params.get("metadata"), "metadata")
        amount = rules.check_integer(params["amount"], "amount")
        currency = params["currency"]
        if amount < money.MINIMUM.get(currency, 1):
            raise ApiError(
                "Amount must be at least "
                f"{money.english(money.MINIMUM.get(currency, 1), currency)}",
                code="amount_too_small",
                param="amount",
            )
        return amount, currency

    def _check_method(self, account, params):
        method = account.get("payment_method", params.get("payment_method"))
        if method is None:
            raise no_such("PaymentMethod", params.get("payment_method"))
        if not method["customer"] or method["customer"] != params.get("customer"):
            raise ApiError(
                "The provided PaymentMethod cannot be attached. To reuse a "
                "PaymentMethod, you must attach it to a Customer first.",
                code="payment_method_unactivated",
                param="payment_method",
            )
        if method["type"] == "sepa_debit":
            agreed = account.get("mandate", params.get("mandate"))
            if agreed is None or agreed["status"] != "active":
                raise ApiError(
                    "The provided mandate is no longer active.",
                    code="mandate_invalid",
                    param="mandate",
                )
        return method

    def _charge_card(self, account, intent, charge, number):
        if number in AUTHENTICATE:
            intent["status"] = "requires_payment_method"
            charge["status"] = "failed"
            raise self._refused(
                intent, "authentication_required", "authentication_required",
                "Your card was declined. This transaction requires authentication.",
            )  # fmt: skip
        outcome = self.payments.card_outcome(number)
        if outcome not in ("paid", "disputed"):
            intent["status"] = "requires_payment_method"
            charge["status"] = "failed"
            self.payments.emit(account, "payment_intent.payment_failed", intent)
            raise self._refused(
                intent, "card_declined", outcome, "Your card was declined."
            )
        self.payments.succeed(account, intent, charge)

    def _refused(self, intent, code, decline_code, message):
        error = ApiError(
            message, status=402, type="card_error", code=code, decline_code=decline_code
        )
        error.error["payment_intent"] = objects.public(intent)
        return error

    # === Read, forgotten, revoked === #

    def expand(self, account, intent, params):
        """Put whole objects where the caller asked for them."""
        answer = dict(intent)
        for name, kind in (
            ("latest_charge", "charge"),
            ("payment_method", "payment_method"),
        ):
            if name in (params.get("expand") or []) and answer[name]:
                answer[name] = account.get(kind, answer[name]) or answer[name]
        return answer

    def detach(self, account, method_id):
        method = account.get("payment_method", method_id)
        if method is None:
            raise no_such("PaymentMethod", method_id)
        if not method["customer"]:
            raise ApiError(
                "The payment method you provided is not attached to a customer so "
                "detachment is impossible."
            )
        method["customer"] = None
        self.payments.emit(account, "payment_method.detached", method)
        return method

    def revoke(self, account, mandate_id):
        """The client's bank reports that the mandate ended."""
        agreed = account.get("mandate", mandate_id)
        if agreed is None:
            raise no_such("mandate", mandate_id)
        agreed["status"] = "inactive"
        self.payments.emit(account, "mandate.updated", agreed)
        return agreed

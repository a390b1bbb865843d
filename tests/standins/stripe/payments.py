"""What happens to money: paying, settling late, refunding, disputing, expiring."""

from . import money, objects
from .errors import ApiError, Declined, missing_param, no_such
from .means import Means
from .rules import check_integer, check_metadata

# docs.stripe.com/testing, read 2026-09
CARD_OUTCOMES = {
    "4242424242424242": "paid",
    "4000000000000077": "paid",
    "4000002500003155": "paid",
    "4000000000000259": "disputed",
    "4000000000009995": "insufficient_funds",
    "4000000000000002": "generic_decline",
    "4000000000009987": "lost_card",
    "4000000000000069": "expired_card",
}
IBAN_OUTCOMES = {
    "FR1420041010050500013M02606": "paid",
    "FR8420041010050500013M02607": "failed",
    "FR5720041010050500013M02608": "disputed",
}
DECLINES = {
    "insufficient_funds": (
        "card_declined",
        "Your card has insufficient funds.",
        "Votre carte a été refusée : provision insuffisante.",
    ),
    "generic_decline": (
        "card_declined",
        "Your card was declined.",
        "Votre carte a été refusée.",
    ),
    "lost_card": (
        "card_declined",
        "Your card was declined.",
        "Votre carte a été refusée.",
    ),
    "expired_card": (
        "expired_card",
        "Your card has expired.",
        "Votre carte a expiré.",
    ),
}


class Payments:
    """Moves objects from state to state and emits the events Stripe emits."""

    def __init__(self, state, emit, later, balance):
        self.state = state
        self.emit = emit
        self.balance = balance
        self.later = later
        self.means = Means(state, self)

    def now(self):
        return int(self.state.now())

    def refresh(self, account, session):
        """Expire a session whose time has passed (Stripe does it by itself)."""
        if session["status"] == "open" and session["expires_at"] <= self.now():
            self._expire(account, session)
        return session

    def expire(self, account, session):
        self.refresh(account, session)
        if session["status"] != "open":
            raise ApiError(
                'Only Checkout Sessions with a status in ["open"] can be expired. '
                f'This Checkout Session has a status of "{session["status"]}".',
            )
        self._expire(account, session)
        return session

    def _expire(self, account, session):
        session.update(status="expired", url=None)
        self.emit(account, "checkout.session.expired", session)

    def pay(self, account, session, *, email, card=None, iban=None):
        """Pay an open session as the client would on the hosted page."""
        self.refresh(account, session)
        if session["status"] != "open":
            raise ApiError("This Checkout Session is no longer open.")
        if iban:
            return self._pay_by_debit(account, session, email, _compact(iban).upper())
        outcome = self.card_outcome(_compact(card or ""))
        intent, charge = self.start(account, session, email, "card", _compact(card))
        self.means.keep(account, session, intent, charge, email, _compact(card))
        if outcome in DECLINES:
            self._decline(account, intent, charge, outcome)
        self.succeed(account, intent, charge)
        self._complete(account, session, intent, email, "paid")
        if outcome == "disputed":
            self.open_dispute(account, charge, "fraudulent")
        return session

    def card_outcome(self, number):
        if self.state.refused_cards:
            self.state.refused_cards -= 1
            return "generic_decline"
        if number not in CARD_OUTCOMES:
            raise Declined("Le numéro de carte n'est pas valide.", "incorrect_number")
        return CARD_OUTCOMES[number]

    def _pay_by_debit(self, account, session, email, iban):
        outcome = IBAN_OUTCOMES.get(iban)
        if outcome is None or session["currency"] != "eur":
            raise Declined("L'IBAN n'est pas valide.", "invalid_iban")
        intent, charge = self.start(account, session, email, "sepa_debit", iban)
        self.means.keep(account, session, intent, charge, email, iban)
        session["_debit"] = (intent["id"], charge["id"], outcome)
        self.emit(account, "payment_intent.processing", intent)
        self._complete(account, session, intent, email, "unpaid")
        self.later(
            self.state.settings.async_settle_seconds,
            lambda: self.settle(account, session),
        )
        return session

    def settle(self, account, session):
        """The bank's answer to a debit arrives."""
        with self.state.lock:
            pending = session.pop("_debit", None)
            if pending is None:
                return session
            intent = account.get("payment_intent", pending[0])
            charge = account.get("charge", pending[1])
            if charge is None:
                # Everything was cleared meanwhile.
                return session
            if pending[2] == "failed":
                self._fail_debit(account, session, intent, charge)
                return session
            self.succeed(account, intent, charge)
            session["payment_status"] = "paid"
            self.emit(account, "checkout.session.async_payment_succeeded", session)
            if pending[2] == "disputed":
                self.open_dispute(account, charge, "debit_not_authorized")
            return session

    def debit_later(self, account, intent, charge, iban):
        """A debit without a page: processing now, the bank answers later."""
        self.emit(account, "payment_intent.processing", intent)
        intent["_debit"] = (charge["id"], IBAN_OUTCOMES.get(iban, "failed"))
        self.later(
            self.state.settings.async_settle_seconds,
            lambda: self.settle_intent(account, intent),
        )

    def settle_intent(self, account, intent):
        """The bank's answer to a debit made without a page."""
        with self.state.lock:
            pending = intent.pop("_debit", None)
            if pending is None:
                return intent
            charge = account.get("charge", pending[0])
            if charge is None:
                return intent
            if pending[1] == "failed":
                self._refuse_debit(account, intent, charge)
            else:
                self.succeed(account, intent, charge)
            return intent

    def start(self, account, session, email, method_type, number, method_id=None):
        now = self.now()
        intent = objects.payment_intent(account, now, session, method_type)
        intent["payment_method"] = method_id or intent["payment_method"]
        charge = objects.charge(
            account, now, intent, email, method_type, number[-4:], self.state.base_url
        )
        intent["latest_charge"] = charge["id"]
        account.put("payment_intent", intent)
        account.put("charge", charge)
        self.emit(account, "payment_intent.created", intent)
        return intent, charge

    def succeed(self, account, intent, charge):
        charge.update(status="succeeded", paid=True, amount_captured=charge["amount"])
        intent.update(status="succeeded", amount_received=intent["amount"])
        self.emit(account, "charge.succeeded", charge)
        self.emit(account, "payment_intent.succeeded", intent)
        # Written a moment later (automatic_async): not yet in the events above.
        self.balance.record_charge(account, charge)

    def _complete(self, account, session, intent, email, payment_status):
        session.update(
            status="complete",
            payment_status=payment_status,
            payment_intent=intent["id"],
            url=None,
            customer_details={
                "address": dict(objects.EMPTY_ADDRESS),
                "business_name": None,
                "email": email,
                "individual_name": None,
                "name": None,
                "phone": None,
                "tax_exempt": "none",
                "tax_ids": [],
            },
        )
        self.emit(account, "checkout.session.completed", session)

    def _decline(self, account, intent, charge, outcome):
        code, english, french = DECLINES[outcome]
        charge.update(status="failed", failure_code=code, failure_message=english)
        intent.update(
            status="requires_payment_method",
            last_payment_error={
                "type": "card_error",
                "code": code,
                "decline_code": outcome,
                "message": english,
            },
        )
        self.emit(account, "charge.failed", charge)
        self.emit(account, "payment_intent.payment_failed", intent)
        raise Declined(french, code)

    def _fail_debit(self, account, session, intent, charge):
        self._refuse_debit(account, intent, charge)
        self.emit(account, "checkout.session.async_payment_failed", session)

    def _refuse_debit(self, account, intent, charge):
        message = "The customer's bank account could not be debited."
        charge.update(
            status="failed", failure_code="insufficient_funds", failure_message=message
        )
        intent.update(
            status="requires_payment_method",
            last_payment_error={
                "type": "invalid_request_error",
                "code": "payment_intent_payment_attempt_failed",
                "message": message,
            },
        )
        self.emit(account, "charge.failed", charge)
        self.emit(account, "payment_intent.payment_failed", intent)

    def charge_elsewhere(self, account, amount, currency, description=None):
        """A card payment taken without us: in the dashboard, by another tool."""
        session = {
            "amount_total": amount,
            "currency": currency,
            "customer": None,
            "_intent": {"description": description},
        }
        intent, charge = self.start(
            account, session, "elsewhere@example.com", "card", "4242424242424242"
        )
        self.succeed(account, intent, charge)
        return charge

    def create_refund(self, account, params):
        charge = self._charge_to_refund(account, params)
        check_metadata(params.get("metadata"), "metadata")
        left = charge["amount"] - charge["amount_refunded"]
        amount = left
        if params.get("amount"):
            amount = check_integer(params["amount"], "amount")
        if charge["refunded"] or not charge["paid"]:
            raise ApiError(
                f"Charge {charge['id']} has already been refunded.",
                code="charge_already_refunded",
            )
        if charge["disputed"]:
            raise ApiError(
                f"Charge {charge['id']} has been charged back; cannot issue a refund.",
                code="charge_disputed",
            )
        if amount <= 0 or amount > left:
            raise ApiError(
                f"Refund amount ({money.english(amount, charge['currency'])}) is "
                "greater than unrefunded amount on charge "
                f"({money.english(left, charge['currency'])})",
                param="amount",
            )
        refund = objects.refund(
            self.now(), charge, amount, params.get("reason"), params.get("metadata")
        )
        refund["status"] = self.state.settings.refund_status
        account.put("refund", refund)
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        self.balance.record_refund(account, refund, charge)
        self.emit(account, "charge.refunded", charge)
        self.emit(account, "refund.created", refund)
        return refund

    def _charge_to_refund(self, account, params):
        charge_id = params.get("charge")
        if params.get("payment_intent"):
            intent = account.get("payment_intent", params["payment_intent"])
            if intent is None:
                raise no_such("payment_intent", params["payment_intent"])
            charge_id = intent["latest_charge"]
        if not charge_id:
            raise missing_param("charge or payment_intent")
        charge = account.get("charge", charge_id)
        if charge is None:
            raise no_such("charge", charge_id)
        return charge

    def settle_refund(self, account, refund, status):
        """The bank has taken, or refused, money given back."""
        refund["status"] = status
        charge = account.get("charge", refund["charge"])
        if status == "failed":
            refund["failure_reason"] = "lost_or_stolen_card"
            charge["amount_refunded"] -= refund["amount"]
            charge["refunded"] = False
            self.emit(account, "refund.failed", refund)
        self.emit(account, "refund.updated", refund)
        return refund

    def open_dispute(self, account, charge, reason):
        dispute = objects.dispute(account, self.now(), charge, reason)
        charge["disputed"] = True
        account.put("dispute", dispute)
        self.balance.record_dispute(account, dispute)
        self.emit(account, "charge.dispute.created", dispute)
        return dispute

    def close_dispute(self, account, dispute, status):
        dispute["status"] = status
        if status == "won":
            self.balance.record_dispute(account, dispute, won=True)
        self.emit(account, "charge.dispute.closed", dispute)
        return dispute


def _compact(number):
    return "".join(str(number).split())

"""The HTTP server: authentication, idempotency, pages, routes."""

import base64
import time

from ..calls import Call
from ..partner import Partner
from ..serving import Handler
from . import checkout, forms
from .admin import Admin
from .api import Api
from .balance import Balance
from .errors import FAULTS, ApiError, Declined, bad_key
from .payments import Payments
from .store import State, new_id
from .webhooks import Webhooks


class _Handler(Handler):
    server_version = "stripe-standin"

    def dispatch(self, method, url, body):
        if url.path.startswith("/v1/"):
            _Call(self, method, url, body).run()
        elif url.path.startswith("/c/pay/"):
            self._checkout(method, url, body)
        else:
            self.answer(404, checkout.missing_page().encode())

    def _checkout(self, method, url, body):
        standin = self.standin
        account, session = standin.state.find(
            "checkout.session", url.path[len("/c/pay/") :]
        )
        if session is None:
            self.answer(404, checkout.missing_page().encode())
            return
        with standin.state.lock:
            standin.payments.refresh(account, session)
            if session["status"] != "open":
                self.answer(410, checkout.closed_page(session).encode())
                return
            if method == "GET":
                self.answer(200, checkout.payment_page(account, session).encode())
                return
            values = forms.decode_form(body.decode())
            try:
                standin.payments.pay(
                    account,
                    session,
                    email=values.get("email", ""),
                    card=values.get("card", ""),
                    iban=values.get("iban"),
                )
            except Declined as error:
                page = checkout.payment_page(account, session, str(error), values)
                self.answer(402, page.encode())
                return
        target = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
        self.answer(303, b"", headers={"Location": target})


class StripeStandin(Partner):
    """Stripe on this machine; ``add_account`` makes a customer."""

    name = "stripe-standin"
    handler_class = _Handler
    state_class = State

    def __init__(self, port=0, host="127.0.0.1", now=time.time):
        super().__init__(port, host, now)
        self.webhooks = Webhooks(self.state, self.delivery)
        self.balance = Balance(self.state, self.webhooks.emit)
        self.payments = Payments(
            self.state, self.webhooks.emit, self.delivery.later, self.balance
        )
        self.api = Api(self.state, self.payments, self.webhooks)
        self.admin = Admin(self.state, self.payments, self.webhooks)

    def add_account(self, secret_key, webhook_url="", webhook_secret="", **values):
        values.update(
            secret_key=secret_key,
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
        )
        self.admin.call("POST", "accounts", values)
        return self.state.accounts[secret_key]


class _Call(Call):
    """One call of the API."""

    def __init__(self, handler, method, url, body):
        super().__init__(handler, method, url, body)
        self.request_id = new_id("req_", 14)
        self.text = body.decode(errors="replace") if method == "POST" else url.query
        self.key = self._api_key()
        self.idempotency_key = (
            handler.headers.get("Idempotency-Key") if method == "POST" else None
        )
        self.version = handler.headers.get("Stripe-Version")
        self.headers = {
            "Request-Id": self.request_id,
            "Stripe-Version": self.version or self.state.settings.api_version,
        }
        if self.idempotency_key:
            self.headers["Idempotency-Key"] = self.idempotency_key

    def facts(self):
        try:
            params = forms.decode_form(self.text)
        except ValueError:
            params = {"_unreadable": self.text[:200]}
        return {
            "id": self.request_id,
            "secret_key": self.key,
            "idempotency_key": self.idempotency_key,
            "version": self.version,
            "params": params,
        }

    def _api_key(self):
        header = self.handler.headers.get("Authorization", "")
        scheme, _space, value = header.partition(" ")
        if scheme.lower() == "bearer":
            return value.strip()
        if scheme.lower() == "basic":
            try:
                return base64.b64decode(value).decode().split(":", 1)[0]
            except ValueError:
                return ""
        return ""

    def error_for(self, fault):
        make = FAULTS.get(fault.kind)
        return make and self._named(make())

    def _named(self, error):
        """Give an error the name of this call."""
        error.request_id = self.request_id
        return error

    def execute(self):
        try:
            return self._execute()
        except ApiError as error:
            raise self._named(error) from None

    def _execute(self):
        account = self.state.accounts.get(self.key)
        if account is None:
            raise bad_key(self.key)
        kind = self.handler.headers.get("Content-Type", "")
        if self.method == "POST" and "json" in kind:
            raise ApiError(
                "Invalid request: v1 of the API takes form-encoded bodies, not JSON."
            )
        try:
            params = forms.decode_form(self.text)
        except ValueError as error:
            raise ApiError(f"Invalid request: {error}") from error
        if not self.idempotency_key:
            return 200, self._call(account, params)
        return self._once(account, params)

    def _call(self, account, params):
        return self.standin.api.call(account, self.method, self.path, params)

    def _once(self, account, params):
        """Replay the stored outcome of the same key, or store this one."""
        if len(self.idempotency_key) > 255:
            raise ApiError("Idempotency keys can be at most 255 characters long.")
        asked = (self.method, self.path, params)
        with self.state.lock:
            known = account.idempotency.get(self.idempotency_key)
            if known and known["asked"] != asked:
                raise ApiError(
                    "Keys for idempotent requests can only be used with the same "
                    "parameters they were first used with. Try using a key other "
                    f"than '{self.idempotency_key}' if you meant to execute a "
                    "different request.",
                    type="idempotency_error",
                )
            if known and "answer" not in known:
                raise ApiError(
                    "There is currently another in-progress request using this "
                    "Idempotent Key (that probably means you submitted twice, and "
                    "the other request is still going through).",
                    status=409,
                    type="idempotency_error",
                    code="idempotency_key_in_use",
                )
            if known:
                self.headers["Idempotent-Replayed"] = "true"
                self.headers["Original-Request"] = known["request_id"]
                return known["answer"]
            entry = {"asked": asked, "request_id": self.request_id}
            account.idempotency[self.idempotency_key] = entry
        try:
            entry["answer"] = (200, self._call(account, params))
        except Exception:
            # Refused before execution: the key stays free for a corrected call.
            del account.idempotency[self.idempotency_key]
            raise
        return entry["answer"]

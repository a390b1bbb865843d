"""Routes under /_standin/ that steer the stand-in; JSON in, JSON out."""

from ..backdoor import Backdoor
from ..faults import TRANSPORT
from . import objects
from .errors import FAULTS, no_such


class Admin(Backdoor):
    """What a test or a demo may do at Stripe behind the back of the application."""

    fault_kinds = (*FAULTS, *TRANSPORT)

    def __init__(self, state, payments, webhooks):
        super().__init__(state, webhooks.delivery)
        self.payments = payments
        self.webhooks = webhooks

    def routes(self):
        return {
            ("GET", "sessions"): self.get_sessions,
            ("POST", "accounts"): self.add_account,
            ("POST", "pay"): self.pay,
            ("POST", "settle"): self.settle,
            ("POST", "settle_intent"): self.settle_intent,
            ("POST", "settle_refund"): self.settle_refund,
            ("POST", "revoke_mandate"): self.revoke_mandate,
            ("POST", "expire"): self.expire,
            ("POST", "refund"): self.refund,
            ("POST", "dispute"): self.dispute,
            ("POST", "close_dispute"): self.close_dispute,
            ("POST", "charge"): self.charge,
            ("POST", "add_transaction"): self.add_transaction,
            ("POST", "payout"): self.pay_out,
            ("POST", "update_payout"): self.update_payout,
            ("POST", "fail_payout"): self.fail_payout,
            ("POST", "replay"): self.replay,
            ("POST", "bad_signature"): self.bad_signature,
            ("POST", "emit"): self.emit,
        }

    def get_sessions(self, values):
        return [
            objects.public(item)
            for account in self.state.accounts.values()
            for item in account.all("checkout.session")
        ]

    def add_account(self, values):
        """``secret_key`` and, to receive events, ``webhook_url``/``webhook_secret``."""
        url = values.pop("webhook_url", "")
        secret = values.pop("webhook_secret", "")
        account = self.state.add_account(values.pop("secret_key"), **values)
        if url:
            endpoint = objects.webhook_endpoint(
                account, int(self.state.now()), url, ["*"], secret, None
            )
            account.objects["webhook_endpoint"] = {endpoint["id"]: endpoint}
        return {"id": account.id}

    def add_fault(self, values):
        """A fault of the next calls, or a card refused by its bank."""
        key = values.pop("secret_key", "")
        if values.get("kind") != "card_declined":
            return super().add_fault({"key": key, **values})
        self.state.refused_cards += int(values.get("count", 1))
        return {}

    def _find(self, kind, object_id):
        account, item = self.state.find(kind, object_id)
        if item is None:
            raise no_such(kind, object_id)
        return account, item

    def _session(self, values):
        return self._find("checkout.session", values["session"])

    def _charge(self, values):
        if "charge" in values:
            account, charge = self.state.find("charge", values["charge"])
        else:
            account, session = self._session(values)
            intent = account.get("payment_intent", session["payment_intent"])
            charge = intent and account.get("charge", intent["latest_charge"])
        if charge is None:
            raise no_such("charge", values.get("charge", values.get("session")))
        return account, charge

    def pay(self, values):
        account, session = self._session(values)
        self.payments.pay(
            account,
            session,
            email=values.get("email", "client@example.com"),
            card=values.get("card") or "4242424242424242",
            iban=values.get("iban"),
        )
        return objects.public(session)

    def settle(self, values):
        account, session = self._session(values)
        return objects.public(self.payments.settle(account, session))

    def settle_intent(self, values):
        account, intent = self._find("payment_intent", values["payment_intent"])
        return objects.public(self.payments.settle_intent(account, intent))

    def settle_refund(self, values):
        """``refund`` and the ``status`` the bank gave it."""
        account, refund = self._find("refund", values["refund"])
        return objects.public(
            self.payments.settle_refund(account, refund, values["status"])
        )

    def revoke_mandate(self, values):
        account, mandate = self._find("mandate", values["mandate"])
        return objects.public(self.payments.means.revoke(account, mandate["id"]))

    def expire(self, values):
        account, session = self._session(values)
        return objects.public(self.payments.expire(account, session))

    def refund(self, values):
        account, charge = self._charge(values)
        params = {"charge": charge["id"]}
        if values.get("amount"):
            params["amount"] = values["amount"]
        return objects.public(self.payments.create_refund(account, params))

    def dispute(self, values):
        account, charge = self._charge(values)
        reason = values.get("reason", "fraudulent")
        return objects.public(self.payments.open_dispute(account, charge, reason))

    def close_dispute(self, values):
        account, dispute = self._find("dispute", values["dispute"])
        return objects.public(
            self.payments.close_dispute(account, dispute, values["status"])
        )

    def charge(self, values):
        """A payment taken elsewhere on the account (``amount``, ``currency``)."""
        account = self.state.accounts[values["secret_key"]]
        return objects.public(
            self.payments.charge_elsewhere(
                account,
                values["amount"],
                values.get("currency", account.currency),
                values.get("description"),
            )
        )

    def add_transaction(self, values):
        """A balance transaction of any type, such as ``stripe_fee``."""
        account = self.state.accounts[values.pop("secret_key")]
        kind, amount = values.pop("type"), values.pop("amount")
        currency = values.pop("currency", account.currency)
        return objects.public(
            self.payments.balance.add(account, kind, amount, currency, **values)
        )

    def pay_out(self, values):
        """See `Balance.pay_out`; the account by ``secret_key``."""
        account = self.state.accounts[values["secret_key"]]
        return objects.public(self.payments.balance.pay_out(account, values))

    def update_payout(self, values):
        """Another ``status``, and the breakdown is ready unless ``hold``."""
        account, payout = self._find("payout", values["payout"])
        status = values.get("status", payout["status"])
        return objects.public(
            self.payments.balance.update(
                account, payout, status, complete=not values.get("hold")
            )
        )

    def fail_payout(self, values):
        account, payout = self._find("payout", values["payout"])
        return objects.public(self.payments.balance.fail(account, payout))

    def _event(self, values):
        """The event asked for, of one account when ``secret_key`` names it."""
        accounts = self.state.accounts
        if "secret_key" in values:
            accounts = {0: accounts[values["secret_key"]]}
        for account in accounts.values():
            for event in reversed(account.events):
                if values.get("event") in (event["id"], event["type"], None):
                    return account, event
        raise no_such("event", values.get("event"))

    def replay(self, values):
        """Send an event again; by id, by type (the latest), or the very latest."""
        account, event = self._event(values)
        self.webhooks.send_again(account, event)
        return event

    def bad_signature(self, values):
        account, event = self._event(values)
        self.webhooks.send_again(account, event, forged=True)
        return event

    def emit(self, values):
        """Send an event of any type (``type``, ``object``, ``secret_key``)."""
        account = self.state.accounts[values["secret_key"]]
        return self.webhooks.emit(account, values["type"], values["object"])

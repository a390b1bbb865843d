"""Routes under /_standin/ that steer the stand-in; JSON in, JSON out."""

from ..backdoor import Backdoor
from ..faults import TRANSPORT
from . import objects
from .api import add_webhook
from .errors import FAULTS, missing


class Admin(Backdoor):
    """What a test or a demo may do at Yousign behind the back of the application.

    A request is named by its id or its external id, a signer by his address.
    """

    fault_kinds = (*FAULTS, *TRANSPORT)

    def __init__(self, state, flow, webhooks):
        super().__init__(state, webhooks.delivery)
        self.flow = flow
        self.webhooks = webhooks

    def routes(self):
        return {
            ("GET", "signature_requests"): self.get_signature_requests,
            ("POST", "accounts"): self.add_account,
            ("POST", "open"): self.open,
            ("POST", "sign"): self.sign,
            ("POST", "decline"): self.decline,
            ("POST", "trouble"): self.trouble,
            ("POST", "expire"): self.expire,
            ("POST", "cancel"): self.cancel,
            ("POST", "replay"): self.replay,
            ("POST", "forge"): self.forge,
            ("POST", "emit"): self.emit,
        }

    def get_signature_requests(self, values):
        return [
            {
                **objects.read_request(request),
                "signers": [objects.public(s) for s in request["_signers"]],
                "reminders": sum(s["_reminders"] for s in request["_signers"]),
            }
            for account in self.state.accounts.values()
            for request in account.requests.values()
        ]

    def add_account(self, values):
        """``key`` and, to receive events, ``webhook_url`` and ``webhook_secret``."""
        url = values.pop("webhook_url", "")
        secret = values.pop("webhook_secret", "")
        account = self.state.add_account(values.pop("key"), **values)
        if url:
            account.webhooks.clear()
            hook = {"endpoint": url, "secret_key": secret, "description": "stand-in"}
            add_webhook(self.state, account, hook)
        return {"id": account.id, "workspace_id": account.workspace_id}

    def _find(self, values):
        account, request = self.state.find_request(values["request"])
        if request is None:
            raise missing("Signature Request", values["request"])
        return account, request

    def _find_signer(self, values):
        account, request = self._find(values)
        for signer in request["_signers"]:
            wanted = values.get("signer")
            if wanted in (None, signer["info"]["email"], signer["id"]):
                return account, request, signer
        raise missing("Signer", values["signer"])

    def open(self, values):
        account, request, signer = self._find_signer(values)
        self.flow.open(account, request, signer)
        return objects.public(signer)

    def sign(self, values):
        """``request`` and ``signer`` (all in their order when absent)."""
        if values.get("signer"):
            account, request, signer = self._find_signer(values)
            self.flow.sign(account, request, signer, values.get("answers"))
            return objects.read_request(request)
        account, request = self._find(values)
        for signer in sorted(
            request["_signers"], key=lambda s: s["recipient_stage_index"]
        ):
            if signer["status"] != "signed":
                self.flow.sign(account, request, signer, values.get("answers"))
        return objects.read_request(request)

    def decline(self, values):
        account, request, signer = self._find_signer(values)
        self.flow.decline(account, request, signer, values.get("reason", "No"))
        return objects.read_request(request)

    def trouble(self, values):
        account, request, signer = self._find_signer(values)
        self.flow.trouble(account, request, signer, values["event"])
        return objects.public(signer)

    def expire(self, values):
        account, request = self._find(values)
        self.flow.expire(account, request)
        return objects.read_request(request)

    def cancel(self, values):
        """Somebody cancels on the vendor's own pages."""
        account, request = self._find(values)
        self.flow.cancel(account, request)
        return objects.read_request(request)

    def _event(self, values):
        for account in self.state.accounts.values():
            for event in reversed(account.events):
                names = (event["event_id"], event["event_name"])
                if values.get("event", names[0]) in names:
                    return account, event
        raise missing("Event", values.get("event"))

    def replay(self, values):
        """Deliver a recorded event again, the latest of this name."""
        account, event = self._event(values)
        self.webhooks.send_again(account, event)
        return event

    def forge(self, values):
        """The same with a wrong signature."""
        account, event = self._event(values)
        self.webhooks.send_again(account, event, forged=True)
        return event

    def emit(self, values):
        """An event that nothing caused: late, or about an unknown request."""
        account, request, signer = self._find_signer(values)
        return self.webhooks.emit(
            account, values["event"], {**request, **values.get("change", {})}, signer
        )

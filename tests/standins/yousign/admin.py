"""Routes under /_standin/ that steer the stand-in; JSON in, JSON out."""

import dataclasses

from ..faults import Fault
from . import objects
from .api import add_webhook
from .errors import ApiError, missing


class Admin:
    """What a test or a demo may do behind the back of the application.

    A request is named by its id or its external id, a signer by his address.
    """

    def __init__(self, state, flow, webhooks):
        self.state = state
        self.flow = flow
        self.webhooks = webhooks
        self._routes = {
            ("GET", "calls"): self.get_calls,
            ("GET", "deliveries"): self.get_deliveries,
            ("GET", "signature_requests"): self.get_requests,
            ("POST", "accounts"): self.add_account,
            ("POST", "settings"): self.change_settings,
            ("POST", "faults"): self.add_fault,
            ("POST", "open"): self.open,
            ("POST", "sign"): self.sign,
            ("POST", "decline"): self.decline,
            ("POST", "trouble"): self.trouble,
            ("POST", "expire"): self.expire,
            ("POST", "cancel"): self.cancel,
            ("POST", "replay"): self.replay,
            ("POST", "forge"): self.forge,
            ("POST", "release"): self.release,
            ("POST", "emit"): self.emit,
            ("POST", "reset"): self.reset,
        }

    def call(self, method, name, values):
        action = self._routes.get((method, name))
        if action is None:
            raise ApiError(f"No stand-in route {method} {name}", status=404)
        with self.state.lock:
            return action(values)

    def get_calls(self, values):
        return {"data": list(self.state.calls)}

    def get_deliveries(self, values):
        return {"data": list(self.webhooks.deliveries)}

    def get_requests(self, values):
        return {
            "data": [
                {
                    **objects.read_request(request),
                    "signers": [objects.public(s) for s in request["_signers"]],
                    "reminders": sum(s["_reminders"] for s in request["_signers"]),
                }
                for account in self.state.accounts.values()
                for request in account.requests.values()
            ]
        }

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

    def change_settings(self, values):
        known = {item.name for item in dataclasses.fields(self.state.settings)}
        for name, value in values.items():
            if name not in known:
                raise ApiError(f"Unknown setting: {name}")
            setattr(self.state.settings, name, value)
        return dataclasses.asdict(self.state.settings)

    def add_fault(self, values):
        self.state.faults.append(Fault(**values))
        return {"faults": [dataclasses.asdict(item) for item in self.state.faults]}

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
        self.webhooks.deliver(account, event, retry=False)
        return event

    def forge(self, values):
        """The same with a wrong signature."""
        account, event = self._event(values)
        self.webhooks.deliver(account, event, retry=False, forged=True)
        return event

    def release(self, values):
        self.state.settings.hold_webhooks = False
        count = self.webhooks.release(
            reverse=bool(values.get("reverse")), copies=int(values.get("copies", 1))
        )
        return {"count": count}

    def emit(self, values):
        """An event that nothing caused: late, or about an unknown request."""
        account, request, signer = self._find_signer(values)
        return self.webhooks.emit(
            account, values["event"], {**request, **values.get("change", {})}, signer
        )

    def reset(self, values):
        self.state.reset()
        self.webhooks.held.clear()
        self.webhooks.deliveries.clear()
        return {}

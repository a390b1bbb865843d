"""Signed events for whoever subscribed."""

import hashlib
import hmac
import json

from ..delivery import Message
from . import objects
from .store import new_id


def signature(body, secret):
    """``sha256=<hex>`` over the raw body, keyed with the text of the secret."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Webhooks:
    """Keeps the events of every account and brings them to its subscriptions."""

    def __init__(self, state, delivery):
        self.state = state
        self.delivery = delivery

    def emit(self, account, name, request, signer=None, **more):
        """Record an event and start delivering it."""
        event = {
            "event_id": new_id(),
            "event_name": name,
            "event_time": str(int(self.state.now())),
            "sandbox": True,
            "data": self._data(request, signer, more),
        }
        account.events.append(event)
        for message in self._messages(account, event):
            self.delivery.publish(message)
        return event

    def _data(self, request, signer, more):
        names = ("id", "status", "name", "external_id", "delivery_mode")
        names += ("created_at", "expiration_date", "source", "workspace_id")
        short = {name: request[name] for name in names}
        read = objects.read_request(request)
        short["signers"] = read["signers"]
        short["documents"] = read["documents"]
        if request["decline_information"]:
            short["decline_information"] = request["decline_information"]
        data = {"signature_request": short}
        if signer is not None:
            kept = ("id", "status", "info", "signature_level", "signed_at")
            data["signer"] = {name: signer[name] for name in kept}
            data["signer"].update(more)
        return data

    def send_again(self, account, event, *, forged=False):
        for message in self._messages(account, event, forged):
            self.delivery.send(message, retry=False)

    def _messages(self, account, event, forged=False):
        return [
            self._message(event, hook, forged)
            for hook in account.webhooks
            if hook["enabled"]
            and {"*", event["event_name"]} & set(hook["subscribed_events"])
        ]

    def _message(self, event, hook, forged):
        subscription = {
            "subscription_id": hook["id"],
            "subscription_description": hook["description"],
        }
        body = json.dumps({**event, **subscription}, ensure_ascii=False).encode()
        secret = "forged" * 5 if forged else hook["secret_key"]
        return Message(
            url=hook["endpoint"],
            body=body,
            headers=lambda attempt: {
                "Content-Type": "application/json",
                "User-Agent": "Yousign Webhook Bot",
                "X-Yousign-Signature-256": signature(body, secret),
                "X-Yousign-Retry": str(attempt - 1),
                "X-Yousign-Issued-At": str(int(self.state.now())),
            },
            facts={
                "event": event["event_id"],
                "name": event["event_name"],
                "forged": forged,
            },
        )

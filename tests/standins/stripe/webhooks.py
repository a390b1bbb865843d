"""Signed events, delivered in the background and tried again with back-off."""

import hashlib
import hmac
import json

from ..delivery import Message
from . import objects


def signature_header(body, secret, timestamp):
    """``t=...,v1=...`` over ``<t>.<raw body>`` with the whole secret as key."""
    signed = str(timestamp).encode() + b"." + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


class Webhooks:
    """Keeps the events of every account and brings them to its endpoints."""

    def __init__(self, state, delivery):
        self.state = state
        self.delivery = delivery

    def emit(self, account, kind, item, request_id=None, idempotency_key=None):
        """Record an event and start delivering it to whoever asked for it."""
        with self.state.lock:
            event = objects.event(
                account,
                int(self.state.now()),
                kind,
                item,
                request_id,
                idempotency_key,
                self.state.settings.api_version,
            )
            account.events.append(event)
        for message in self._messages(account, event):
            self.delivery.publish(message)
        return event

    def send_again(self, account, event, *, forged=False):
        for message in self._messages(account, event, forged):
            self.delivery.send(message, retry=False)

    def _messages(self, account, event, forged=False):
        return [
            self._message(event, item, forged)
            for item in account.all("webhook_endpoint")
            if item["status"] == "enabled"
            and {"*", event["type"]} & set(item["enabled_events"])
        ]

    def _message(self, event, endpoint, forged):
        body = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
        secret = "whsec_forged" if forged else endpoint["_secret"]
        return Message(
            url=endpoint["url"],
            body=body,
            headers=lambda _attempt: {
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                "Stripe-Signature": signature_header(
                    body, secret, int(self.state.now())
                ),
            },
            facts={
                "event": event["id"],
                "type": event["type"],
                "endpoint": endpoint["id"],
                "forged": forged,
            },
            on_taken=lambda: event.update(pending_webhooks=0),
        )

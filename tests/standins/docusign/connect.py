"""Connect: signed events, in the JSON SIM shape, delivered in the background."""

import base64
import hashlib
import hmac
import json

from ..delivery import Message
from . import envelopes
from .store import new_guid


def signature(body, key):
    """Base64 of HMAC-SHA256 over the raw bytes, key = the text shown once."""
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


class Connect:
    """Keeps every event and brings it to whoever asked for it."""

    def __init__(self, state, delivery):
        self.state = state
        self.delivery = delivery
        self.events = []

    def emit(self, account, envelope, name, recipient_id=None):
        """Write down what happened as it is now, and deliver it."""
        with self.state.lock:
            targets = _targets(account, envelope, name)
            for url, asked in targets:
                event = self._event(account, envelope, name, recipient_id, asked)
                record = {"account": account, "url": url, "event": event}
                self.events.append(record)
                self.delivery.publish(_message(record))

    def _event(self, account, envelope, name, recipient_id, asked):
        path = f"/restapi/v2.1/accounts/{account.id}/envelopes/{envelope['envelopeId']}"
        data = {
            "accountId": account.id,
            "userId": envelope["sender"].guid,
            "envelopeId": envelope["envelopeId"],
        }
        if recipient_id:
            data["recipientId"] = recipient_id
        if asked:
            data["envelopeSummary"] = json.loads(
                json.dumps(envelopes.public(envelope, account, asked))
            )
        return {
            "event": name,
            "apiVersion": "v2.1",
            "uri": path,
            "retryCount": 0,
            "configurationId": new_guid(),
            "generatedDateTime": self.state.time(),
            "data": data,
        }

    def send_again(self, record, *, forged=False):
        """:param forged: signed with a key that nobody knows"""
        self.delivery.send(_message(record, forged), retry=False)


def _message(record, forged=False):
    event = record["event"]
    keys = ["forged"] if forged else record["account"].hmac_keys
    body = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
    facts = {
        "event": event["event"],
        "envelope": event["data"]["envelopeId"],
        "forged": forged,
    }
    return Message(record["url"], body, lambda _n: _headers(body, keys), facts)


def _headers(body, keys):
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "DocuSign Connect/1.0",
    }
    for position, key in enumerate(keys, start=1):
        headers[f"X-DocuSign-Signature-{position}"] = signature(body, key)
    if keys:
        headers["X-Authorization-Digest"] = "HMACSHA256"
    return headers


def _targets(account, envelope, name):
    """Return [(url, data to include)]: the envelope's own, then the account's."""
    targets = []
    own = envelope.get("eventNotification") or {}
    if name in own.get("events", ()):
        included = (own.get("eventData") or {}).get("includeData") or []
        targets.append((own["url"], included))
    if account.connect_url:
        targets.append((account.connect_url, ["recipients", "custom_fields"]))
    return targets

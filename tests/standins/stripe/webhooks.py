"""Signed events, delivered in the background and tried again with back-off."""

import hashlib
import hmac
import json
import logging
import queue
import threading
import urllib.error
import urllib.request

from ..timers import Timers
from . import objects

_logger = logging.getLogger(__name__)


def signature_header(body, secret, timestamp):
    """``t=...,v1=...`` over ``<t>.<raw body>`` with the whole secret as key."""
    signed = str(timestamp).encode() + b"." + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())


class Webhooks:
    """Keeps the events of every account and brings them to its endpoints."""

    def __init__(self, state):
        self.state = state
        self.deliveries = []
        self._queue = queue.Queue()
        self._timers = Timers("stripe-standin-timers")
        self._stopped = threading.Event()
        self._worker = threading.Thread(
            target=self._run, name="stripe-standin-webhooks", daemon=True
        )
        self._worker.start()

    def stop(self):
        self._stopped.set()
        self._timers.stop()
        self._queue.put(None)
        self._worker.join(timeout=5)

    def later(self, delay_seconds, action):
        self._timers.later(delay_seconds, action)

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
            if self.state.settings.drop_webhooks:
                return event
            delay = self.state.settings.webhook_delay_seconds
        for endpoint in self._endpoints(account, kind):
            self._plan(event, endpoint, attempt=1, delay_seconds=delay)
        return event

    def send_again(self, account, event):
        for endpoint in self._endpoints(account, event["type"]):
            self._plan(event, endpoint, attempt=1, delay_seconds=0, retry=False)

    def send_with_bad_signature(self, account, event):
        for endpoint in self._endpoints(account, event["type"]):
            self._plan(
                event, endpoint, attempt=1, delay_seconds=0, retry=False, forged=True
            )

    def _endpoints(self, account, kind):
        return [
            item
            for item in account.all("webhook_endpoint")
            if item["status"] == "enabled"
            and ("*" in item["enabled_events"] or kind in item["enabled_events"])
        ]

    def _plan(self, event, endpoint, *, attempt, delay_seconds, retry=True, **extra):
        job = (event, endpoint, attempt, retry, extra.get("forged", False))
        if delay_seconds:
            self.later(delay_seconds, lambda: self._queue.put(job))
        else:
            self._queue.put(job)

    def _run(self):
        while True:
            job = self._queue.get()
            try:
                if job is None:
                    return
                self._deliver(*job)
            except Exception:
                _logger.exception("Delivery of an event failed")
            finally:
                self._queue.task_done()

    def wait_idle(self):
        """Block until every event queued so far was tried once."""
        self._queue.join()

    def _deliver(self, event, endpoint, attempt, retry, forged):
        body = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
        secret = "whsec_forged" if forged else endpoint["_secret"]
        status, cause = self._post(endpoint["url"], body, secret)
        self.deliveries.append(
            {
                "event": event["id"],
                "type": event["type"],
                "endpoint": endpoint["id"],
                "url": endpoint["url"],
                "attempt": attempt,
                "status": status,
                "cause": cause,
                "forged": forged,
            }
        )
        delays = self.state.settings.webhook_retry_seconds
        if status and 200 <= status < 300:
            event["pending_webhooks"] = 0
        elif retry and attempt <= len(delays) and not self._stopped.is_set():
            self._plan(
                event,
                endpoint,
                attempt=attempt + 1,
                delay_seconds=delays[attempt - 1],
            )

    def _post(self, url, body, secret):
        request = urllib.request.Request(url, data=body, method="POST")
        request.add_header("Content-Type", "application/json; charset=utf-8")
        request.add_header(
            "User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)"
        )
        stamp = int(self.state.now())
        request.add_header("Stripe-Signature", signature_header(body, secret, stamp))
        timeout = self.state.settings.webhook_timeout_seconds
        try:
            with _OPENER.open(request, timeout=timeout) as answer:
                return answer.status, None
        except urllib.error.HTTPError as error:
            return error.code, error.reason
        except (OSError, ValueError) as error:
            return None, str(error)

"""Webhooks on their way: delivered in the background, tried again with back-off."""

import logging
import queue
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

from .timers import Timers

_logger = logging.getLogger(__name__)


@dataclass
class Message:
    """One event for one address.

    :param headers: called with the number of the attempt (first: 1)
    :param facts: what the log of deliveries says of it
    :param on_taken: called when the receiver has taken it
    """

    url: str
    body: bytes
    headers: Callable[[int], dict]
    facts: dict = field(default_factory=dict)
    on_taken: Callable[[], None] = lambda: None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())


class Delivery:
    """Brings messages to their addresses, one after the other.

    :param settings: see `state.Settings`, read at each attempt
    """

    def __init__(self, settings, name="standin-webhooks"):
        self.settings = settings
        self.log = []
        self._held = []
        self._queue = queue.Queue()
        self._timers = Timers(f"{name}-timers")
        self._stopped = threading.Event()
        self._worker = threading.Thread(target=self._run, name=name, daemon=True)
        self._worker.start()

    def stop(self):
        self._stopped.set()
        self._timers.stop()
        self._queue.put(None)
        self._worker.join(timeout=5)

    def later(self, delay_seconds, action):
        self._timers.later(delay_seconds, action)

    def publish(self, message):
        """Deliver as the settings say: soon, when released, or never."""
        if self.settings.drop_webhooks:
            return
        if self.settings.hold_webhooks:
            self._held.append(message)
        else:
            self.send(message, delay_seconds=self.settings.webhook_delay_seconds)

    def release(self, *, reverse=False, copies=1):
        """Deliver what was held, in the other order or several times; count it."""
        held, self._held = self._held, []
        for message in reversed(held) if reverse else held:
            for _copy in range(copies):
                self.send(message)
        return len(held)

    def forget(self):
        """Forget what was delivered and what is held."""
        self.log.clear()
        self._held.clear()

    def send(self, message, *, delay_seconds=0, retry=True):
        self._plan(message, 1, delay_seconds, retry)

    def wait_idle(self):
        """Block until every message queued so far was tried once."""
        self._queue.join()

    def _plan(self, message, attempt, delay_seconds, retry):
        job = (message, attempt, retry)
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

    def _deliver(self, message, attempt, retry):
        status, cause = self._post(message, attempt)
        facts = {"url": message.url, "attempt": attempt, "status": status}
        self.log.append({**message.facts, **facts, "cause": cause})
        delays = self.settings.webhook_retry_seconds
        taken = status is not None and 200 <= status < 300
        again = retry and attempt <= len(delays) and not self._stopped.is_set()
        if taken:
            message.on_taken()
        elif again:
            self._plan(message, attempt + 1, delays[attempt - 1], retry)

    def _post(self, message, attempt):
        request = urllib.request.Request(
            message.url,
            data=message.body,
            method="POST",
            headers=message.headers(attempt),
        )
        timeout = self.settings.webhook_timeout_seconds
        try:
            with _OPENER.open(request, timeout=timeout) as answer:
                return answer.status, None
        except urllib.error.HTTPError as error:
            return error.code, error.reason
        except (OSError, ValueError) as error:
            return None, str(error)

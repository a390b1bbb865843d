"""What every stand-in remembers: its switches, who calls it, what was asked."""

import threading
from dataclasses import dataclass


@dataclass
class Settings:
    """Switches that a test or a demo may turn; a stand-in adds its own.

    :ivar drop_webhooks: events are recorded and never delivered
    :ivar hold_webhooks: kept until the back door's ``release``
    :ivar webhook_retry_seconds: pauses between the attempts of a delivery
    """

    latency_seconds: float = 0.0
    fault_timeout_seconds: float = 30.0
    drop_webhooks: bool = False
    hold_webhooks: bool = False
    webhook_delay_seconds: float = 0.0
    webhook_retry_seconds: tuple = (1, 3, 10, 30, 120, 600)
    webhook_timeout_seconds: float = 10.0


class State:
    """Everything shared between the request threads, behind one lock.

    :cvar settings_class: `Settings` or more
    """

    settings_class = Settings

    def __init__(self, now):
        self.lock = threading.RLock()
        self.now = now
        self.base_url = ""
        self.settings = self.settings_class()
        self.accounts = {}
        self.faults = []
        self.requests = []

    def reset(self):
        """Forget what happened; who exists stays."""
        with self.lock:
            # The same object: others hold it.
            self.settings.__init__()
            self.faults.clear()
            self.requests.clear()

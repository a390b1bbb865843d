"""What the stand-in remembers: accounts, their signature requests, their webhooks."""

import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone

DEFAULT_KEY = "yousign_standin"
DEFAULT_SECRET = "standin-secret-of-32-characters!"


def new_id():
    return str(uuid.uuid4())


@dataclass
class Account:
    """One organisation: its key, its requests, where its events go."""

    key: str
    name: str = "Agence Lumen SAS"
    id: str = field(default_factory=new_id)
    workspace_id: str = field(default_factory=new_id)
    user_id: str = field(default_factory=new_id)
    requests: dict = field(default_factory=dict)
    webhooks: list = field(default_factory=list)
    events: list = field(default_factory=list)
    calls: list = field(default_factory=list)


@dataclass
class Settings:
    """Switches of the stand-in that a test or a demo may turn.

    :ivar drop_webhooks: events are recorded and never delivered
    :ivar hold_webhooks: kept until ``release``
    :ivar files_not_ready: downloads still refused after a request is done
    :ivar limit_minute: calls per minute, 0 for no limit (the real sandbox: 30)
    """

    latency_seconds: float = 0.0
    drop_webhooks: bool = False
    hold_webhooks: bool = False
    webhook_delay_seconds: float = 0.0
    webhook_retry_seconds: tuple = (1, 3, 10, 30, 120, 600)
    webhook_timeout_seconds: float = 10.0
    files_not_ready: int = 0
    limit_minute: int = 0
    page_size: int = 100


class State:
    """Everything shared between the request threads, behind one lock."""

    def __init__(self, now):
        self.lock = threading.RLock()
        self.now = now
        self.base_url = ""
        self.settings = Settings()
        self.accounts = {}
        self.faults = []
        self.calls = []
        # times of the last calls, by key
        self.recent = {}

    def iso(self, seconds=0):
        """Now, or some seconds later, as the API writes instants."""
        moment = datetime.fromtimestamp(self.now() + seconds, timezone.utc)
        return moment.isoformat(timespec="seconds")

    def today(self):
        return datetime.fromtimestamp(self.now(), timezone.utc).date()

    def add_account(self, key, **values):
        with self.lock:
            if key not in self.accounts:
                self.accounts[key] = Account(key, **values)
            return self.accounts[key]

    def find_request(self, request_id):
        """Return (account, request), also by external id; (None, None) if unknown."""
        for account in self.accounts.values():
            for request in account.requests.values():
                if request_id in (request["id"], request["external_id"]):
                    return account, request
        return None, None

    def find_signer(self, signer_id):
        for account in self.accounts.values():
            for request in account.requests.values():
                for signer in request["_signers"]:
                    if signer["id"] == signer_id:
                        return account, request, signer
        return None, None, None

    def reset(self):
        with self.lock:
            self.settings.__init__()
            self.faults.clear()
            self.calls.clear()
            self.recent.clear()
            for account in self.accounts.values():
                account.requests.clear()
                account.events.clear()
                account.calls.clear()

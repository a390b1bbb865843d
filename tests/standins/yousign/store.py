"""What the stand-in remembers: accounts, their signature requests, their webhooks."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .. import state

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


@dataclass
class Settings(state.Settings):
    """Switches of the stand-in that a test or a demo may turn.

    :ivar files_not_ready: downloads still refused after a request is done
    :ivar limit_minute: calls per minute, 0 for no limit (the real sandbox: 30)
    """

    files_not_ready: int = 0
    limit_minute: int = 0
    page_size: int = 100


class State(state.State):
    """With the times of the last calls, by key."""

    settings_class = Settings

    def __init__(self, now):
        super().__init__(now)
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
            super().reset()
            self.recent.clear()
            for account in self.accounts.values():
                account.requests.clear()
                account.events.clear()

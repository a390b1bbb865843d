"""What the stand-in remembers: applications, people, accounts, envelopes."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .. import state

DAY_SECONDS = 86_400
# What an account of a firm in Europe may have switched on.
PROVIDERS = (
    ("universalsignaturepen_default", "DocuSign Electronic Signature"),
    ("universalsignaturepen_opentrust_hash_tsp", "DocuSign EU Advanced"),
)
PHONE_WORKFLOW = "c368e411-1592-4001-a3df-dca94ac539ae"


def new_guid():
    return str(uuid.uuid4())


def moment(seconds):
    """A time as the API writes it, with its seven decimals."""
    at = datetime.fromtimestamp(seconds, timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


@dataclass
class Person:
    """Somebody with a login at DocuSign, whom an application may speak for."""

    guid: str = field(default_factory=new_guid)
    name: str = "Nadia Benali"
    email: str = "nadia@agence-lumen.example"


@dataclass
class App:
    """An integration key with its public RSA keys and who agreed to it."""

    key: str = field(default_factory=new_guid)
    public_keys: list = field(default_factory=list)
    redirect_uris: list = field(default_factory=list)
    consents: set = field(default_factory=set)


@dataclass
class Account:
    """One customer account: members, keys of Connect, what its plan offers."""

    id: str = field(default_factory=new_guid)
    name: str = "Agence Lumen SAS"
    members: list = field(default_factory=list)
    hmac_keys: list = field(default_factory=list)
    # Address of a Connect configuration of the whole account, if any.
    connect_url: str = ""
    providers: list = field(default_factory=lambda: [list(p) for p in PROVIDERS])
    phone_workflow: str = PHONE_WORKFLOW
    envelopes: dict = field(default_factory=dict)
    bin: list = field(default_factory=list)


@dataclass
class Settings(state.Settings):
    """Switches of the stand-in that a test or a demo may turn.

    :ivar unreadable_reads: completed, but not yet readable, for so many reads
    :ivar envelope_reads_per_hour: of one envelope before they are refused; 0: no limit
    """

    token_seconds: int = 3600
    unreadable_reads: int = 0
    envelope_reads_per_hour: int = 0


class State(state.State):
    """With people, their applications and their mails."""

    settings_class = Settings

    def __init__(self, now):
        super().__init__(now)
        self.apps = {}
        self.people = {}
        self.tokens = {}
        self.mails = []

    def add_app(self, **values):
        with self.lock:
            app = App(**values)
            return self.apps.setdefault(app.key, app)

    def add_person(self, **values):
        with self.lock:
            person = Person(**values)
            return self.people.setdefault(person.guid, person)

    def add_account(self, **values):
        with self.lock:
            account = Account(**values)
            return self.accounts.setdefault(account.id, account)

    def find(self, envelope_id):
        """Return (account, envelope) wherever the envelope lives."""
        for account in self.accounts.values():
            if envelope := account.envelopes.get(envelope_id):
                return account, envelope
        return None, None

    def time(self):
        return moment(self.now())

    def reset(self):
        """Forget envelopes, faults and logs; who and what exists stays."""
        with self.lock:
            super().reset()
            self.mails.clear()
            self.tokens.clear()
            for account in self.accounts.values():
                account.envelopes.clear()
                account.bin.clear()

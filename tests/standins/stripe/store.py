"""What the stand-in remembers: accounts, their objects, their events."""

import secrets
import string
from dataclasses import dataclass, field

from .. import state

_ALPHABET = string.ascii_letters + string.digits


def new_id(prefix, length=24):
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


@dataclass
class Account:
    """One Stripe account: its key, its data, where its events go."""

    secret_key: str
    publishable_key: str = ""
    country: str = "FR"
    currency: str = "eur"
    name: str = "Agence Lumen SAS"
    # Currencies kept as they are, each paid out to a bank account of its own.
    settles: tuple = ()
    id: str = field(default_factory=lambda: new_id("acct_", 16))
    objects: dict = field(default_factory=dict)
    events: list = field(default_factory=list)
    idempotency: dict = field(default_factory=dict)

    @property
    def livemode(self):
        return "_live_" in self.secret_key

    def clear(self):
        endpoints = self.objects.get("webhook_endpoint", {})
        self.objects = {"webhook_endpoint": endpoints} if endpoints else {}
        self.events = []
        self.idempotency = {}

    def put(self, kind, item):
        self.objects.setdefault(kind, {})[item["id"]] = item
        return item

    def get(self, kind, object_id):
        return self.objects.get(kind, {}).get(object_id)

    def all(self, kind):
        """Newest first, as every list of the API."""
        return list(reversed(self.objects.get(kind, {}).values()))


@dataclass
class Settings(state.Settings):
    """Switches of the stand-in that a test or a demo may turn."""

    async_settle_seconds: float = 5.0
    refund_status: str = "succeeded"
    # Prices in France of European cards and debits; hundredths of the currency.
    card_fee_percent: float = 1.5
    card_fee_fixed: int = 25
    debit_fee_fixed: int = 35
    dispute_fee: int = 2000
    payout_delay_days: int = 3
    # Value of one unit of a currency in the currency of the account.
    rates: dict = field(default_factory=lambda: {"usd": 0.92, "gbp": 1.17})
    api_version: str = "2026-06-24.dahlia"


class State(state.State):
    """With the cards that are refused, to come."""

    settings_class = Settings

    def __init__(self, now):
        super().__init__(now)
        self.refused_cards = 0

    def add_account(self, secret_key, **values):
        with self.lock:
            account = self.accounts.get(secret_key)
            if account is None:
                account = Account(secret_key, **values)
                self.accounts[secret_key] = account
            return account

    def reset(self):
        with self.lock:
            super().reset()
            self.refused_cards = 0
            for account in self.accounts.values():
                account.clear()

    def find(self, kind, object_id):
        """Return (account, object) wherever the object lives."""
        for account in self.accounts.values():
            item = account.get(kind, object_id)
            if item is not None:
                return account, item
        return None, None

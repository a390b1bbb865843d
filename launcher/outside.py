"""The outside world of a trial: our stand-ins, unless others are given.

``CRM_STANDIN_STRIPE_URL`` names a stand-in that runs elsewhere (a container of its
own), ``CRM_MAIL_HOST``/``CRM_MAIL_PORT`` another place for mails.
"""

import http.client
import json
import os
import time
import urllib.request
from dataclasses import replace

from . import proc
from .console import say
from .odoo_conf import ServerSettings
from .paths import Paths
from .python_env import Venv
from .server import OdooServer
from .standins import MODELS, SIGNING, Standins, stripe_accounts


class Outside:
    """Starts and stops what ``./crm up`` brings along."""

    def __init__(self, paths: Paths, venv: Venv, settings: ServerSettings):
        self.settings = settings
        self.standins = Standins(paths, venv)
        self.standins.choose_ports()
        self.given_stripe_url = os.environ.get("CRM_STANDIN_STRIPE_URL", "")
        self._mourned: set[str] = set()

    @property
    def stripe_url(self) -> str:
        return self.given_stripe_url or self.standins.stripe_url

    @property
    def children(self) -> list[proc.Child]:
        return self.standins.children

    @property
    def _has_stripe(self) -> bool:
        return self._has("stripe")

    def _has(self, name: str) -> bool:
        return (self.standins.paths.root / "tests/standins" / name).is_dir()

    @property
    def _signing(self) -> list[str]:
        """The signature services whose stand-in is there."""
        return [name for name in SIGNING if self._has(name)]

    @property
    def _models(self) -> list[str]:
        """The vendors of language models whose stand-in is there."""
        return list(MODELS) if self._has("llm") else []

    def env(self) -> dict[str, str]:
        """What the server must know of them."""
        env = {}
        if self._has_stripe:
            env["CRM_STANDIN_STRIPE_URL"] = self.stripe_url
        for name in self._signing:
            env[f"CRM_STANDIN_{name.upper()}_URL"] = self.standins.signing_url(name)
        for vendor in self._models:
            env[f"CRM_STANDIN_{vendor.upper()}_URL"] = self.standins.models_url(vendor)
        if not self.settings.mail_host:
            env["CRM_MAIL_CATCHER_PORT"] = str(self.standins.ports["mail_smtp"])
        return env

    def start(self, server: OdooServer, database: str) -> str:
        """Start what is not given; returns it in words."""
        names = []
        if not self.settings.mail_host:
            self.standins.start_mail()
            names.append("mail catcher")
        if self._has_stripe and not self.given_stripe_url:
            webhooks = find_webhooks(server, database, self.settings.local_url)
            self.standins.start_stripe(webhooks)
            names.append("Stripe")
        for name in self._signing:
            url = find_signing_webhook(server, database, self.settings.local_url, name)
            self.standins.start_signing(name, url)
            names.append(name.capitalize())
        if self._models:
            self.standins.start_models()
            names.append("language models")
        return ", ".join(names) or "all given"

    def add_mail(self, settings: ServerSettings) -> ServerSettings:
        """The settings with our mail catcher where no other place is given."""
        if settings.mail_host:
            return settings
        port = self.standins.ports["mail_smtp"]
        return replace(settings, mail_host="127.0.0.1", mail_port=port)

    def describe(self) -> list[str]:
        """One line each for the summary."""
        if self.settings.mail_host:
            mail = f"sent through {self.settings.mail_host}"
        else:
            mail = f"caught, none leaves: {self.standins.mail_page_url}"
        stripe = (
            f"stand-in at {self.stripe_url}, no real money"
            if self._has_stripe
            else "off"
        )
        signing = [
            f"{name.capitalize()}:".ljust(15)
            + f"stand-in at {self.standins.signing_url(name)}"
            for name in self._signing
        ]
        models = [
            f"{vendor.capitalize()}:".ljust(15)
            + f"stand-in at {self.standins.models_url(vendor)}"
            for vendor in self._models
        ]
        lines = [f"Mails:         {mail}", f"Stripe:        {stripe}"]
        return [*lines, *signing, *models]

    def watch(self) -> None:
        """Say once when one of them has ended."""
        for child in self.children:
            if not child.is_running() and child.name not in self._mourned:
                self._mourned.add(child.name)
                log = self.standins.paths.logs / f"standin-{child.name}.log"
                say(f"The stand-in for {child.name} has ended. Details: {log}")

    def stop(self) -> None:
        self.standins.stop()


def find_webhooks(server: OdooServer, database: str, url: str) -> list[tuple[str, str]]:
    """Company and address of each account the payment stand-in sends events to."""
    pairs = _find_doors(server, database, "stripe")
    return [(name, f"{url}/crm_billing/stripe/webhook/{key}") for name, key in pairs]


def _find_doors(
    server: OdooServer, database: str, provider: str
) -> list[tuple[str, str]]:
    """Company and key of the address of each local connection of a provider."""
    psql = server.postgres.psql
    has_doors = psql(
        "SELECT 1 FROM information_schema.columns WHERE table_name = 'crm_connection'"
        " AND column_name = 'webhook_key'",
        database,
    )
    if not has_doors:
        return []
    rows = psql(
        "SELECT company.name, webhook_key FROM crm_connection connection"  # noqa: S608
        " JOIN res_company company ON company.id = connection.company_id"
        f" WHERE provider = '{provider}' AND webhook_key IS NOT NULL"
        " AND base_url LIKE 'http://127.0.0.1:%'"
        " ORDER BY connection.company_id, connection.id",
        database,
    )
    return [tuple(row.rsplit("\t", 1)) for row in rows.splitlines()]


def find_signing_webhook(server: OdooServer, database: str, url: str, name: str) -> str:
    """Where a signature service sends its events: its first local connection."""
    _port, _path, route = SIGNING[name]
    rows = _find_doors(server, database, name)
    return f"{url}{route}{rows[0][1]}" if rows else ""


def introduce_server(server: OdooServer, database: str, url: str) -> None:
    """Tell a payment stand-in that runs elsewhere where its events go."""
    given = os.environ.get("CRM_STANDIN_STRIPE_URL", "").rstrip("/")
    webhooks = find_webhooks(server, database, url) if given else []
    for account in stripe_accounts(webhooks):
        if not _add_account(f"{given}/_standin/accounts", account):
            say(f"    the stand-in at {given} does not answer: payments show late")
            return


def _add_account(address: str, account: dict[str, str], patience: float = 15) -> bool:
    """The stand-in may start at the same time as we do."""
    request = urllib.request.Request(  # noqa: S310 - the address comes from the operator
        address, json.dumps(account).encode(), {"Content-Type": "application/json"}
    )
    deadline = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310
                return True
        except (OSError, http.client.HTTPException):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.3)

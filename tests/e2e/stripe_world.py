"""The stand-in for Stripe, and small businesses with an account there."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

from launcher import proc, system
from tests.e2e.company_world import Company
from tests.e2e.running_site import RunningSite, wait_until

ROOT = Path(__file__).resolve().parents[2]
SESSIONS = "/v1/checkout/sessions"
CARD = "4242424242424242"


@dataclass(frozen=True)
class Stripe:
    """The stand-in's address and its back door."""

    url: str

    def admin(self, route: str, /, **values) -> dict:
        """Steer the stand-in."""
        answer = requests.post(f"{self.url}/_standin/{route}", json=values, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def kept(self, name: str) -> list[dict]:
        """What it has kept: `requests`, `deliveries`, `sessions`."""
        answer = requests.get(f"{self.url}/_standin/{name}", timeout=20)
        answer.raise_for_status()
        return answer.json()["data"]

    def session(self, reference: str) -> dict:
        """The payment page whose reference for the merchant this is."""
        (found,) = [
            session
            for session in self.kept("sessions")
            if session["client_reference_id"] == reference
        ]
        return found

    def created_sessions(self) -> list[dict]:
        """The requests that created a payment page."""
        return [
            entry
            for entry in self.kept("requests")
            if (entry["method"], entry["path"]) == ("POST", SESSIONS)
        ]


@contextlib.contextmanager
def stripe_standin(output_file: Path) -> Iterator[Stripe]:
    """Run the stand-in as a process of its own.

    One database, one stand-in: two copies of the template give their payments the
    same references.
    """
    port = system.free_port()
    command = [sys.executable, "-m", "tests.standins.stripe", "--port", str(port)]
    with output_file.open("w") as output:
        child = proc.start(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: not system.is_port_free(port), 20, "the stand-in's start")
        yield Stripe(f"http://127.0.0.1:{port}")
    finally:
        child.stop(grace_seconds=3)


class Business(Company):
    """A company with one user, one client and a Stripe account."""

    def __init__(
        self, site: RunningSite, stripe: Stripe, name: str, currency: str = "EUR"
    ):
        super().__init__(site, name, currency=currency)
        self.stripe = stripe
        self.partner_id = site.admin.create(
            "res.partner",
            name="Boulangerie Roux",
            email="contact@boulangerie-roux.example",
            lang="fr_FR",
            company_id=self.company_id,
        )
        self.connection_id = self.rpc.create(
            "crm.connection",
            name=f"Stripe {name}",
            provider="stripe",
            company_id=self.company_id,
            base_url=stripe.url,
        )

    @property
    def keys(self) -> dict[str, str]:
        """What Stripe gave to this business."""
        return {
            "stripe_publishable_key": f"pk_test_{self.key}",
            "stripe_secret_key": f"sk_test_{self.key}",
            "stripe_webhook_secret": f"whsec_{self.key}",
        }

    def open_account(self) -> None:
        """Open the account at Stripe, which will send its events to us."""
        connection = self.rpc.read("crm.connection", self.connection_id, "webhook_url")
        self.stripe.admin(
            "accounts",
            secret_key=self.keys["stripe_secret_key"],
            name=self.name,
            webhook_url=connection["webhook_url"],
            webhook_secret=self.keys["stripe_webhook_secret"],
        )

    def save_keys(self) -> None:
        """Enter the keys without a browser."""
        self.rpc.call("crm.connection", "write", [self.connection_id], self.keys)

    def make_deal(self, name: str, amount: float) -> int:
        return self.rpc.create(
            "crm.lead",
            name=name,
            type="opportunity",
            partner_id=self.partner_id,
            expected_revenue=amount,
            company_id=self.company_id,
            user_id=self.user_id,
        )

    def win(self, lead_id: int) -> None:
        self.rpc.call("crm.lead", "action_set_won", [lead_id])

    def ask_link(self, lead_id: int) -> dict:
        """Win the deal, make its link, wait until Stripe has given the page."""
        self.win(lead_id)
        self.rpc.call("crm.lead", "action_create_payment_link", [lead_id])
        self.wait_state(lead_id, "waiting")
        return self.link_of(lead_id)

    def state(self, lead_id: int) -> str:
        values = self.rpc.read("crm.lead", lead_id, "payment_link_state")
        return values["payment_link_state"]

    def wait_state(self, lead_id: int, state: str, seconds: float = 30) -> None:
        wait_until(
            lambda: self.state(lead_id) == state, seconds, f"{self.name}: {state}"
        )

    def link_of(self, lead_id: int) -> dict:
        """The link of a deal and the reference of its payment page."""
        lead = self.rpc.read("crm.lead", lead_id, "payment_link_id")
        link_id = lead["payment_link_id"][0]
        link = self.rpc.read("crm.payment.link", link_id, "url", "state", "amount")
        link["reference"] = self.site.sql(
            "SELECT t.reference FROM payment_transaction t"
            f" WHERE t.payment_link_id = {link_id} ORDER BY t.id DESC LIMIT 1"
        )
        return link

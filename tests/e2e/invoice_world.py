"""A business that sends invoices, and the mails its clients receive."""

import email
import email.policy
import io
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pypdf

from launcher import proc, system
from tests.e2e.company_world import find_currency
from tests.e2e.running_site import wait_until
from tests.e2e.stripe_world import Business

ROOT = Path(__file__).resolve().parents[2]
# What a French company prints on its documents; unknown fields are left out.
IDENTITY = {
    "street": "12 rue de la Lumiere",
    "zip": "75002",
    "city": "Paris",
    "vat": "FR44732829320",
    "siret": "73282932000074",
    "company_registry": "732829320",
    "phone": "+33 1 23 45 67 89",
    "email": "compta@agence-lumen.example",
    "fr_legal_form": "sas",
    "fr_share_capital": 10000,
    "fr_registry_kind": "rcs",
    "fr_registry_town": "Paris",
}


class InvoicingBusiness(Business):
    """A company with its books, whose one user bills."""

    def start(self) -> None:
        """Complete the company, open the account at Stripe, enter the keys."""
        admin = self.site.admin
        self.keep_books()
        known = admin.call("res.company", "fields_get", list(IDENTITY))
        values = {name: value for name, value in IDENTITY.items() if name in known}
        (country,) = admin.search("res.country", ("code", "=", "FR"))
        admin.call(
            "res.company", "write", [self.company_id], {**values, "country_id": country}
        )
        self.grant("account.group_account_manager")
        admin.call(
            "res.partner",
            "write",
            [self.partner_id],
            {"street": "3 quai Sud", "zip": "33000", "city": "Bordeaux"},
        )
        self.open_account()
        self.save_keys()

    def make_invoice(self, net: float, currency: str = "") -> dict:
        """Post an invoice of this amount plus 20 % of tax."""
        line = {
            "name": "Refonte du site",
            "price_unit": net,
            "tax_ids": [(6, 0, [self.sale_tax()])],
        }
        values = {
            "move_type": "out_invoice",
            "partner_id": self.partner_id,
            "company_id": self.company_id,
            "invoice_line_ids": [(0, 0, line)],
        }
        if currency:
            values["currency_id"] = find_currency(self.site.admin, currency)
        move_id = self.rpc.create("account.move", **values)
        self.rpc.call("account.move", "action_post", [move_id])
        return self.invoice(move_id)

    def invoice(self, move_id: int) -> dict:
        names = (
            "name", "amount_total", "amount_residual", "payment_state",
            "payment_link_state",
        )  # fmt: skip
        return self.rpc.read("account.move", move_id, *names)

    def wait_paid(self, move_id: int, seconds: float) -> float:
        """Wait until the invoice says paid; return how long it took."""
        start = time.monotonic()
        wait_until(
            lambda: self.invoice(move_id)["payment_state"] == "paid",
            seconds,
            f"invoice {move_id} paid",
        )
        return time.monotonic() - start

    def payments(self, move_id: int) -> list[dict]:
        move = self.rpc.read("account.move", move_id, "reconciled_payment_ids")
        return self.rpc.call(
            "account.payment",
            "read",
            move["reconciled_payment_ids"],
            ["amount", "state", "currency_id"],
        )


class Mailbox:
    """The mails a stand-in server caught."""

    def __init__(self, folder: Path):
        self.folder = folder

    def to(self, address: str, subject: str) -> list[email.message.EmailMessage]:
        found = []
        for path in sorted(self.folder.glob("*.eml")):
            message = email.message_from_bytes(
                path.read_bytes(), policy=email.policy.default
            )
            is_for = address in path.read_text("utf-8", "replace").split("\n", 3)[1]
            if is_for and subject in (message["Subject"] or ""):
                found.append(message)
        return found

    def wait(self, address: str, subject: str, seconds: float = 30):
        """The first mail with these words in its subject."""
        return wait_until(
            lambda: self.to(address, subject), seconds, f"a mail about {subject}"
        )[0]


@contextmanager
def mail_server(site, folder: Path):
    """Catch the mails of the site."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.eml"):
        old.unlink()
    smtp, page = system.free_port(), system.free_port()
    command = [
        sys.executable, "-m", "tests.standins.mail", "--smtp-port", str(smtp),
        "--http-port", str(page), "--folder", str(folder),
    ]  # fmt: skip
    child = proc.start(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: not system.is_port_free(smtp), 20, "the mail catcher")
        server = site.admin.create(
            "ir.mail_server",
            name="Stand-in",
            smtp_host="127.0.0.1",
            smtp_port=smtp,
            smtp_encryption="none",
        )
        yield Mailbox(folder)
        # The next catcher must not compete with one that is gone.
        site.admin.call("ir.mail_server", "write", [server], {"active": False})
    finally:
        child.stop(grace_seconds=3)


def html_of(message) -> str:
    """The HTML part of a mail."""
    return message.get_body(("html",)).get_content()


def pdf_text(content: bytes) -> str:
    """The text of a PDF, as a person would copy it."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    text = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def pdf_of(message) -> bytes:
    """The first PDF attached to a mail."""
    for part in message.iter_attachments():
        if part.get_content_type() == "application/pdf":
            return part.get_content()
    raise AssertionError("no PDF is attached")

"""An agency that quotes, compares, has its quotations signed; and its clients."""

import base64
import re
from dataclasses import dataclass

import requests

from tests.e2e.invoice_world import Mailbox, html_of
from tests.e2e.running_site import wait_until
from tests.e2e.sign_world import LINK, SigningCompany, code_in, codes_to
from tests.standins.docusign import make_keys

TEMPLATE = "Proposition Agence IA - Grande entreprise"
HMAC_KEY = "at09-key="


@dataclass(frozen=True)
class Figures:
    """What is quoted, what changes in the next version, and what it comes to.

    :param lines: (name, days, price) of the version before
    :param new_price: (name, price); new_quantity: (name, days); added: a new line
    :param net: untaxed amounts of both versions, tax and total of the new one
    """

    client: str
    key: str
    lines: tuple[tuple[str, float, float], ...]
    new_price: tuple[str, float]
    new_quantity: tuple[str, float]
    added: tuple[str, float, float]
    net: tuple[int, int]
    tax: float
    total: float


TECHCORP = Figures(
    client="TechCorp",
    key="techcorp",
    lines=(("Cadrage", 4, 800), ("Développement", 20, 750), ("Support", 5, 600)),
    new_price=("Développement", 720),
    new_quantity=("Support", 10),
    added=("Formation", 2, 700),
    net=(21200, 25000),
    tax=5000,
    total=30000,
)
MONTJOIE = Figures(
    client="Groupe Montjoie",
    key="montjoie",
    lines=(("Audit", 3, 900), ("Intégration", 12, 650), ("Maintenance", 6, 450)),
    new_price=("Intégration", 610),
    new_quantity=("Maintenance", 12),
    added=("Atelier", 1, 1200),
    net=(13200, 16620),
    tax=3324,
    total=19944,
)


def french(amount: float, decimals: int = 2) -> str:
    """An amount as French readers see it, with plain spaces."""
    return f"{amount:,.{decimals}f}".replace(",", " ").replace(".", ",")


def plain(text: str) -> str:
    """A text with all its spaces alike."""
    return re.sub(r"[\s\u202f\xa0]+", " ", text)


class QuotingAgency(SigningCompany):
    """Sophie's agency with its books, its client and one quotation in version 2."""

    def __init__(self, site, figures: Figures, number: int):
        super().__init__(site, f"Agence Lumen {'ABCDEFG'[number]}")
        self.figures = figures
        self.keep_books()
        self.grant("account.group_account_invoice")
        self.people = [
            f"dg@{figures.key}{number}.example",
            f"daf@{figures.key}{number}.example",
        ]
        self.client_id = self.rpc.create(
            "res.partner",
            name=figures.client,
            is_company=True,
            lang="fr_FR",
            street="1 rue Neuve",
            zip="69001",
            city="Lyon",
            company_id=self.company_id,
        )
        self.signer_ids = [
            self.rpc.create(
                "res.partner",
                name=name,
                email=email,
                parent_id=self.client_id,
                lang="fr_FR",
                company_id=self.company_id,
            )
            for name, email in zip(
                ("Henri Dupont", "Claire Petit"), self.people, strict=True
            )
        ]
        self.tax_id = self.sale_tax()
        self.lead_id = self.rpc.create(
            "crm.lead",
            name=f"Agence IA {figures.client}",
            type="opportunity",
            partner_id=self.client_id,
            expected_revenue=1000,
            company_id=self.company_id,
            user_id=self.user_id,
        )
        self.order_id = self._make_quote()

    def _product(self, name, price):
        return self.site.admin.create(
            "product.product", name=name, type="service", list_price=price,
            invoice_policy="order", company_id=self.company_id,
        )  # fmt: skip

    def _line(self, name, days, price):
        return {
            "product_id": self._product(name, price),
            "name": name,
            "product_uom_qty": days,
            "price_unit": price,
            "tax_ids": [(6, 0, [self.tax_id])],
        }

    def _make_quote(self):
        """Version 1 was sent with one day less; version 2 is what is given."""
        lines = [self._line(*line) for line in self.figures.lines]
        first = dict(lines[0], product_uom_qty=lines[0]["product_uom_qty"] - 1)
        order_id = self.rpc.create(
            "sale.order", partner_id=self.signer_ids[0],
            opportunity_id=self.lead_id, company_id=self.company_id,
            user_id=self.user_id,
            order_line=[(0, 0, values) for values in [first, *lines[1:]]],
        )  # fmt: skip
        self.rpc.call("sale.order", "action_quotation_sent", [order_id])
        (line_id, *_rest) = self.rpc.search(
            "sale.order.line", ("order_id", "=", order_id), order="sequence, id"
        )
        days = lines[0]["product_uom_qty"]
        self.rpc.call("sale.order.line", "write", [line_id], {"product_uom_qty": days})
        self.rpc.call("sale.order", "action_keep_quote_version", [order_id])
        return order_id

    def line_id(self, name: str) -> int:
        (found,) = self.rpc.search(
            "sale.order.line", ("order_id", "=", self.order_id), ("name", "=", name)
        )
        return found

    def make_next_version(self) -> None:
        """Another price, another quantity, one more line."""
        figures = self.figures
        name, price = figures.new_price
        changed, days = figures.new_quantity
        commands = [
            (1, self.line_id(name), {"price_unit": price}),
            (1, self.line_id(changed), {"product_uom_qty": days}),
            (0, 0, self._line(*figures.added)),
        ]
        self.edit(order_line=commands)

    def edit(self, **values) -> None:
        self.rpc.call("sale.order", "write", [self.order_id], values)

    def order(self, *names: str) -> dict:
        return self.rpc.read("sale.order", self.order_id, *names)

    # -- the proposal ---------------------------------------------------------------

    def make_document(self, sentence: str) -> bytes:
        """Fill the template, write in its method, return the PDF."""
        (template,) = self.rpc.search(
            "crm.document.template", ("name", "=", TEMPLATE), limit=1
        )
        wizard = self.rpc.create(
            "crm.document.wizard", res_model="sale.order", res_id=self.order_id,
            template_id=template,
        )  # fmt: skip
        self.rpc.call("crm.document.wizard", "action_fill", [wizard])
        body = self.rpc.read("crm.document.wizard", wizard, "body_html")["body_html"]
        heading = re.search(r"<h2[^>]*>[^<]*Notre méthode.*?</h2>", body)
        assert heading, "the method of the proposal"
        edited = body.replace(heading[0], f"{heading[0]}<p>{sentence}</p>", 1)
        self.rpc.call(
            "crm.document.wizard",
            "write",
            [wizard],
            {"body_html": edited, "is_incomplete_accepted": True},
        )
        action = self.rpc.call("crm.document.wizard", "action_make", [wizard])
        document = self.rpc.read("crm.document", action["res_id"], "pdf_attachment_id")
        return self.file(document["pdf_attachment_id"][0])

    def file(self, attachment_id: int) -> bytes:
        row = self.rpc.read("ir.attachment", attachment_id, "datas")
        return base64.b64decode(row["datas"])

    # -- signing --------------------------------------------------------------------

    def send_for_signature(self, service: str = "own") -> int:
        """Send to both, one after the other; the request."""
        wizard = self.rpc.create(
            "crm.quote.sign",
            order_id=self.order_id,
            service=service,
            line_ids=[
                (0, 0, {"partner_id": partner, "order": number})
                for number, partner in enumerate(self.signer_ids, start=1)
            ],
        )
        return self.rpc.call("crm.quote.sign", "action_send", [wizard])["res_id"]

    def final_file(self, request_id: int) -> bytes:
        (document,) = self.rpc.search(
            "crm.sign.document", ("request_id", "=", request_id)
        )
        values = self.rpc.read(
            "crm.sign.document", document, "final_attachment_id", "final_sha256"
        )
        return self.file(values["final_attachment_id"][0])

    def invoices(self) -> list[dict]:
        found = self.order("invoice_ids")["invoice_ids"]
        return self.rpc.call("account.move", "read", found, ["state", "amount_total"])

    def versions(self) -> list[dict]:
        found = self.rpc.search(
            "crm.quote.version", ("order_id", "=", self.order_id), order="number"
        )
        names = ["number", "content_html", "amount_untaxed", "pdf_sha256"]
        return self.rpc.call("crm.quote.version", "read", found, names)

    def notices(self) -> list[dict]:
        """What told Sophie that it is signed."""
        (user,) = self.rpc.call("res.users", "read", [self.user_id], ["partner_id"])
        return self.rpc.call(
            "mail.message",
            "search_read",
            [
                ("model", "=", "sale.order"),
                ("res_id", "=", self.order_id),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user["partner_id"][:1]),
                ("subject", "ilike", "signé"),
            ],
            ["subject"],
        )


def link_of(box: Mailbox, address: str, subject: str) -> str:
    """The link to sign in the latest invitation about this subject."""

    def find():
        for message in reversed(box.to(address, subject)):
            if found := LINK.search(html_of(message)):
                return found.group(1)
        return None

    return wait_until(find, what=f"a link for {address}")


def sign_on_our_pages(page, box: Mailbox, link: str, address: str, subject: str):
    """Read, type the code of the mail, sign; return the number of screens."""
    page.goto(link)
    known = len(codes_to(box, address, subject))
    screens = 1
    page.get_by_role("button", name="Continuer pour signer").click()
    page.wait_for_selector("#sign-code")
    screens += 1
    page.fill("#sign-code", code_in(box, address, subject, known + 1))
    page.get_by_role("button", name="Valider le code").click()
    page.wait_for_selector("#sign-consent")
    screens += 1
    page.check("#sign-consent")
    return screens


class Service:
    """An account at the stand-in of a service."""

    out = withdrawn = ()

    def __init__(self, standin):
        self.standin = standin

    def remote(self, agency, request_id) -> dict:
        """The request as the service has it, empty when it has none."""
        row = agency.rpc.read("crm.sign.request", request_id, "reference")
        found = self.standin.find(row["reference"])
        return found[0] if found else {}

    def is_out(self, agency, request_id) -> bool:
        return self.remote(agency, request_id).get("status") in self.out

    def is_withdrawn(self, agency, request_id) -> bool:
        return self.remote(agency, request_id).get("status") in self.withdrawn


class Yousign(Service):
    out, withdrawn = ("ongoing",), ("canceled",)

    def connect(self, agency) -> str:
        key, secret = f"yousign_{agency.key}", "e" * 32
        connection = agency.rpc.create(
            "crm.connection", name="Yousign", provider="yousign",
            company_id=agency.company_id, base_url=self.standin.api_url,
            yousign_api_key=key, webhook_secret=secret,
        )  # fmt: skip
        hook = agency.rpc.read("crm.connection", connection, "webhook_url")
        self.standin.add_account(
            key, webhook_url=hook["webhook_url"], webhook_secret=secret
        )
        return str(connection)

    def sign(self, agency, request_id, place) -> None:
        signer = self.remote(agency, request_id)["signers"][place]
        answer = requests.post(
            signer["signature_link"], data={"_act": "sign"}, timeout=10
        )
        assert answer.ok, answer.text


class Docusign(Service):
    out, withdrawn = ("sent", "delivered"), ("voided",)

    def connect(self, agency) -> str:
        private, public = make_keys()
        customer = self.standin.add_account(
            public, name=agency.name, hmac_keys=[HMAC_KEY]
        )
        connection = agency.rpc.create(
            "crm.connection", name="DocuSign", provider="docusign",
            company_id=agency.company_id, base_url=self.standin.base_url,
            docusign_integration_key=customer["integration_key"],
            docusign_user_guid=customer["user"], docusign_private_key=private,
            webhook_secret=HMAC_KEY,
        )  # fmt: skip
        return str(connection)

    def sign(self, agency, request_id, place) -> None:
        values = {
            "envelope": self.remote(agency, request_id)["envelopeId"],
            "recipient": str(agency.signers(request_id)[place]),
        }
        self.standin.admin.call("POST", "sign", values)

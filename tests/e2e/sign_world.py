"""A company that sends documents to be signed, and the people who sign them."""

import base64
import io
import re

from playwright.sync_api import expect
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen import canvas

from tests.e2e.company_world import Company
from tests.e2e.invoice_world import Mailbox, html_of
from tests.e2e.running_site import RunningSite, wait_until

LINK = re.compile(r'href="([^"]+/sign/s/[\w-]+)"')
CODE = re.compile(r"\b(\d{6})\b")


def make_contract(pages: int = 3) -> bytes:
    """A contract as agencies write them; its second page lies on its side."""
    stream = io.BytesIO()
    paper = canvas.Canvas(stream, pagesize=A4, invariant=True)
    for number in range(1, pages + 1):
        width, height = landscape(A4) if number == 2 else A4
        paper.setPageSize((width, height))
        paper.setFont("Helvetica-Bold", 18)
        paper.drawString(72, height - 90, f"Contrat de prestation, article {number}")
        paper.setFont("Helvetica", 11)
        for line in range(18):
            paper.drawString(
                72,
                height - 130 - 18 * line,
                "Le prestataire réalise le site de l'annexe avant la date convenue.",
            )
        paper.showPage()
    paper.save()
    return stream.getvalue()


class SigningCompany(Company):
    """A company with one seller, who sends and follows requests."""

    def __init__(self, site: RunningSite, name: str):
        super().__init__(site, name, person="Sophie Martin")
        admin = site.admin
        company = admin.read("res.company", self.company_id, "partner_id")
        admin.call(
            "res.partner", "write", [company["partner_id"][0]], {"lang": "fr_FR"}
        )

    def make_request(self, name: str, *people: dict, pages: int = 3, **values) -> int:
        """A draft with one contract; each one signs after the one before.

        :param people: values of signers; `order` makes them sign together
        """
        request = self.rpc.create("crm.sign.request", name=name, **values)
        self.rpc.create(
            "crm.sign.document",
            request_id=request,
            name="Contrat de prestation",
            content=base64.b64encode(make_contract(pages)).decode(),
        )
        for number, person in enumerate(people, start=1):
            self.rpc.create(
                "crm.sign.signer",
                request_id=request,
                **{"order": number, "lang": "fr_FR", **person},
            )
        return request

    def place(self, request: int, **values) -> int:
        """Place a field by hand, as the board saves it."""
        (document,) = self.rpc.search("crm.sign.document", ("request_id", "=", request))
        place = {"page": 1, "x": 80, "y": 600, "width": 170, "height": 56}
        return self.rpc.create(
            "crm.sign.field",
            request_id=request,
            document_id=document,
            **{**place, **values},
        )

    def signers(self, request: int) -> list[int]:
        return self.rpc.search("crm.sign.signer", ("request_id", "=", request))

    def send(self, request: int) -> None:
        self.rpc.call("crm.sign.request", "action_send", [request])

    def read(self, request: int) -> dict:
        names = ("state", "seal_state", "seal_error", "ended_reason", "event_count")
        return self.rpc.read("crm.sign.request", request, *names)

    def wait_state(self, request: int, state: str, seconds: float = 30) -> None:
        wait_until(
            lambda: self.read(request)["state"] == state, seconds, f"state {state}"
        )

    def wait_sealed(self, request: int, seconds: float = 60) -> None:
        def is_sealed():
            values = self.read(request)
            assert values["seal_state"] != "failed", values["seal_error"]
            return values["seal_state"] == "done"

        wait_until(is_sealed, seconds, "the final file")


def link_in(box: Mailbox, address: str, subject: str) -> str:
    """The link of the last mail to this person about this subject."""
    box.wait(address, subject)
    return LINK.search(html_of(box.to(address, subject)[-1])).group(1)


def code_in(box: Mailbox, address: str, subject: str, count: int = 1) -> str:
    """The code of the last of `count` mails with a code."""
    found = wait_until(
        lambda: len(mails := codes_to(box, address, subject)) >= count and mails,
        what=f"code {count} for {address}",
    )
    return found[-1]


def codes_to(box: Mailbox, address: str, subject: str) -> list[str]:
    """All codes mailed to this person, oldest first."""
    codes = []
    for message in box.to(address, subject):
        text = re.sub(r"<[^>]*>", " ", html_of(message))
        if found := CODE.search(text):
            codes.append(found.group(1))
    return codes


def person(name, **values):
    """A signer with an address of his own."""
    word = name.split()[0].lower()
    return {"name": name, "email": f"{word}@client-roux.example", **values}


def send_one(agency, subject, *people, **values):
    """Send a contract with one signature each; return the request."""
    request = agency.make_request(subject, *people, **values)
    for number, signer in enumerate(agency.signers(request)):
        agency.place(request, signer_id=signer, x=80 + 240 * number)
    agency.send(request)
    return request


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def agree_and_sign(page):
    page.locator("#sign-consent").check()
    press(page, "Signer")
    expect(page.locator(".state.ok")).to_be_visible()

"""AT-26, second half: reminders leave on their day, once, with invoice and pay link.

The clock is the machine's: due dates are placed around the next open day, and the run
of that day is made by a server action, as the scheduler would make it.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from tests.e2e.invoice_world import (
    InvoicingBusiness,
    html_of,
    mail_server,
    pdf_text,
)

RUN = """
company = env['res.company'].browse(env.context['company_id'])
day = datetime.date.fromisoformat(env.context['day'])
engine = env['crm.dunning.engine'].sudo().with_company(company)
engine._run_clients(company, env.context['client_ids'], day)
action = {'type': 'ir.actions.act_window_close'}
"""
# The scheduler is off in these journeys.
QUEUE = "env['mail.mail'].sudo().process_email_queue()"
STEPS = {
    "friendly": (3, "arrive à échéance"),
    "firm": (-7, "Retard de paiement"),
    "notice": (-30, "Mise en demeure"),
}


class Chaser(InvoicingBusiness):
    """A business with clients who pay late."""

    def start(self) -> None:
        super().start()
        admin = self.site.admin
        admin.call(
            "res.company",
            "write",
            [self.company_id],
            {
                "late_interest_method": "contract",
                "late_interest_rate": 12.15,
                "late_interest_fee": 40,
            },
        )
        (model,) = admin.search("ir.model", ("model", "=", "crm.dunning.engine"))
        self.run_id = admin.create(
            "ir.actions.server", name="run", model_id=model, state="code", code=RUN
        )
        self.queue_id = admin.create(
            "ir.actions.server", name="queue", model_id=model, state="code", code=QUEUE
        )
        preview = self.rpc.create("crm.dunning.preview", company_id=self.company_id)
        found = self.rpc.read("crm.dunning.preview", preview, "date")["date"]
        self.day = date.fromisoformat(found)

    def make_client(self, name: str) -> int:
        return self.rpc.create(
            "res.partner",
            name=name,
            is_company=True,
            email=f"{name.lower()}@clients.example",
            street="1 rue de la Paix",
            zip="75002",
            city="Paris",
            country_id=self.site.admin.search("res.country", ("code", "=", "FR"))[0],
            lang="fr_FR",
            company_id=self.company_id,
        )

    def make_late_invoice(self, client_id: int, days: int, net: float = 1000) -> int:
        """Post an invoice due so many days after the day of the run."""
        self.partner_id = client_id
        number = self.make_invoice(net)["id"]
        due = self.day + timedelta(days=days)
        issued = due - timedelta(days=30)
        self.rpc.call("account.move", "button_draft", [number])
        self.rpc.call(
            "account.move",
            "write",
            [number],
            {
                "invoice_date": issued.isoformat(),
                "invoice_payment_term_id": False,
                "invoice_date_due": due.isoformat(),
            },
        )
        self.rpc.call("account.move", "action_post", [number])
        return number

    def run(self, *client_ids: int) -> None:
        context = {
            "company_id": self.company_id,
            "client_ids": list(client_ids),
            "day": self.day.isoformat(),
        }
        admin = self.site.login("admin", "admin")
        admin.call("ir.actions.server", "run", [self.run_id], context=context)

    def send_queue(self) -> None:
        self.site.admin.call("ir.actions.server", "run", [self.queue_id])

    def lines(self, move_id: int) -> list[dict]:
        return self.rpc.call(
            "crm.dunning.line",
            "search_read",
            [("move_id", "=", move_id)],
            ["state", "interest", "fee", "amount_residual"],
        )


@pytest.fixture(scope="module")
def lumen(site, stripe):
    business = Chaser(site, stripe, "Agence Relance")
    business.start()
    return business


@pytest.fixture(scope="module")
def mailbox(site, workspace):
    with mail_server(site, workspace.folder / "reminders") as box:
        yield box


@pytest.mark.parametrize("name", STEPS)
def test_each_reminder_brings_the_invoice_and_the_way_to_pay(lumen, mailbox, name):
    days, subject = STEPS[name]
    client = lumen.make_client(name.title())
    move = lumen.make_late_invoice(client, days)
    lumen.run(client)
    lumen.send_queue()
    mail = mailbox.wait(f"{name}@clients.example", subject)
    number = lumen.invoice(move)["name"]
    assert number in mail["Subject"]
    assert "Payer en ligne" in html_of(mail)
    pdfs = [
        pdf_text(part.get_content())
        for part in mail.iter_attachments()
        if part.get_content_type() == "application/pdf"
    ]
    assert any(number in text for text in pdfs)
    if name == "notice":
        (letter,) = [text for text in pdfs if "Mise en demeure de payer" in text]
        for figure in ("1 200,00", "11,98", "40,00", "1 251,98"):
            assert figure in letter
        (line,) = lumen.lines(move)
        assert (line["interest"], line["fee"]) == (11.98, 40)
    lumen.run(client)
    lumen.send_queue()
    assert len(lumen.lines(move)) == 1
    assert len(mailbox.to(f"{name}@clients.example", "")) == 1


def test_two_servers_at_once_send_once(lumen):
    clients = [lumen.make_client(f"Double{n}") for n in range(6)]
    moves = [lumen.make_late_invoice(client, -7) for client in clients]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _n: lumen.run(*clients), range(4)))
    lumen.run(*clients)
    assert [len(lumen.lines(move)) for move in moves] == [1] * len(moves)


def test_nothing_leaves_for_what_is_paid_or_held_back(lumen, mailbox):
    client = lumen.make_client("Promised")
    move = lumen.make_late_invoice(client, -7)
    lumen.rpc.create(
        "crm.dunning.pause",
        kind="promise",
        reason="Appelé lundi",
        move_id=move,
        company_id=lumen.company_id,
        date_until=(lumen.day + timedelta(days=10)).isoformat(),
    )
    lumen.run(client)
    assert lumen.lines(move) == []
    situation = lumen.rpc.read("account.move", move, "dunning_situation")
    assert "Appelé lundi" in situation["dunning_situation"]

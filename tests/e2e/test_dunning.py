"""AT-26, second half: reminders leave on their day, once, with invoice and pay link.

The clock is the machine's: due dates are placed around the next open day, and the run
of that day is made by a server action, as the scheduler would make it.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.e2e.chasing_world import Chaser
from tests.e2e.invoice_world import html_of, mail_server, pdf_text

STEPS = {
    "friendly": (3, "arrive à échéance"),
    "firm": (-7, "Retard de paiement"),
    "notice": (-30, "Mise en demeure"),
}


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

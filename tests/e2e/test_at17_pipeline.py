"""AT-17: a question on the pipeline, then follow-ups read one by one and sent once.

Twice: with a model (stand-in) and with none. And once more with other data.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from tests.e2e.copilot_world import SalesAgency
from tests.e2e.invoice_world import mail_server
from tests.e2e.running_site import RpcError, wait_until

FIVE = (4000, 3500, 2500, 1500, 1000)
SEVEN = (9900, 8800, 750, 640, 530, 410, 70)
ANSWER_MS = 10_000


@pytest.fixture(scope="module")
def site(llm_site):
    return llm_site


@pytest.fixture(
    scope="module",
    params=[
        ("Garage Girard", True, FIVE, 1),
        ("Garage Sans", False, FIVE, 1),
        ("Atelier Nord", True, SEVEN, 2),
    ],
    ids=["model", "rules", "others"],
)
def world(request, site, llm):
    """Idle deals of a seller, some contacts opposed; a busy deal; a colleague's."""
    name, has_model, amounts, opposed = request.param
    agency = SalesAgency(site, name, "Sophie Durand")
    if has_model:
        agency.connect_model(llm.openai_url)
    seller, colleague = agency.hire("Marc Girard"), agency.hire("Claire Petit")
    leads, addresses = [], []
    for number, amount in enumerate(amounts):
        address = f"client{number}@{agency.key}-clients.example"
        partner = agency.add_client(f"Client {number}", address)
        leads.append(agency.add_deal(seller, f"Affaire {number}", partner, amount))
        if number < opposed:
            agency.rpc.call("res.partner", "write", [partner], {"crm_is_opposed": True})
        else:
            addresses.append(address)
    busy = agency.add_client("Occupé", f"occupe@{agency.key}-clients.example")
    agency.add_deal(seller, "Affaire du jour", busy, 7777)
    others = agency.add_deal(colleague, "Affaire de Claire", busy, 5555)
    agency.age([*leads, others], 20)
    return {
        "agency": agency,
        "seller": seller,
        "leads": leads,
        "amount": sum(amounts),
        "addresses": addresses,
        "opposed": opposed,
        "answered_by": "model" if has_model else "rules",
    }


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def french(amount: float) -> str:
    return f"{amount:,.0f}".replace(",", " ")


def test_the_pipeline_is_analysed_and_followed_up(site, browsing, workspace, world):
    agency, seller = world["agency"], world["seller"]
    page = browsing.login(site.url, seller.login, seller.login)
    page.goto(f"{site.url}/odoo/pipeline-analysis")
    _check_refusal(page, browsing, world)
    assert agency.register() == []
    _check_answer(page, browsing, world)
    (row,) = agency.wait_register(1)
    assert row["answered_by"] == world["answered_by"]
    assert row["duration_ms"] < ANSWER_MS
    batch = _prepare_batch(page, browsing, world)
    with mail_server(site, workspace.folder / f"mails_{agency.key}") as mailbox:
        _send_twice(agency, seller, page, batch)
        # This server runs no scheduled job by itself.
        cron = site.admin.ref("mail.ir_cron_mail_scheduler_action")
        site.admin.call("ir.cron", "method_direct_trigger", [cron])
        for address in world["addresses"]:
            mailbox.wait(address, "")
            assert len(mailbox.to(address, "")) == 1
        sent = list(mailbox.folder.glob("*.eml"))
    assert len(sent) == len(world["addresses"])
    _check_end(agency, batch, world)


def _ask(page, question):
    field = page.locator(".o_crm_analysis input[name=question]")
    field.fill(question)
    page.locator(".o_crm_analysis_form button[type=submit]").click()


def _check_refusal(page, browsing, world):
    """What lies outside a seller's rights is refused."""
    for question in (
        "Où en est le pipeline de Claire Petit ?",
        "Quel est le salaire ?",
    ):
        _ask(page, question)
        expect(page.locator(".o_crm_analysis_refusal")).to_be_visible()
    browsing.picture(page, f"at17_refusal_{world['agency'].key}")
    assert "5 555" not in plain(page.locator(".o_crm_analysis").inner_text())


def _check_answer(page, browsing, world):
    _ask(page, "où en est le pipeline ?")
    card = page.locator(".o_crm_analysis_card[data-fact=idle]")
    expect(card).to_contain_text(str(len(world["leads"])))
    assert french(world["amount"]) in plain(card.inner_text())
    words = page.locator(".o_crm_analysis_words")
    expect(words.locator(".o_crm_ai_label")).to_be_visible()
    browsing.picture(page, f"at17_answer_{world['agency'].key}")
    text = plain(words.inner_text())
    assert french(world["amount"]) in text
    assert "5 555" not in text
    _check_numbers(page, world)
    words.locator(".o_crm_analysis_link[data-fact=idle]").first.click()
    expect(page.locator(".o_list_view .o_data_row")).to_have_count(len(world["leads"]))
    page.locator(".o_breadcrumb a, .o_breadcrumb button").first.click()
    expect(page.locator(".o_crm_analysis_follow_up")).to_be_visible()


def _check_numbers(page, world):
    """The whole pipeline equals a query run aside."""
    agency, seller = world["agency"], world["seller"]
    where = (
        "FROM crm_lead WHERE active AND won_status = 'pending'"
        f" AND user_id = {seller.user_id}"
    )
    count = agency.site.sql(f"SELECT count(*) {where}").strip()
    amount = agency.site.sql(f"SELECT sum(expected_revenue) {where}").strip()
    card = plain(page.locator(".o_crm_analysis_card[data-fact=pipeline]").inner_text())
    assert count in card.split()
    assert french(float(amount)) in card


def _prepare_batch(page, browsing, world) -> int:
    page.locator(".o_crm_analysis_follow_up").click()
    page.wait_for_selector(".o_form_view .o_data_row")
    ready = len(world["addresses"])
    lines = page.locator(".o_data_row")
    expect(lines).to_have_count(ready + world["opposed"])
    # The open form follows the drafts as they come.
    expect(page.locator("[name=ready_count]")).to_contain_text(str(ready))
    expect(page.locator("[name=refused_count]")).to_contain_text(str(world["opposed"]))
    browsing.picture(page, f"at17_batch_{world['agency'].key}")
    (batch,) = world["seller"].rpc.search("crm.follow.up.batch")
    assert not world["agency"].rpc.search(
        "mail.message", ("crm_ai_draft_state", "!=", False)
    )
    return batch


def _send_twice(agency, seller, page, batch):
    """One click in the browser, others at the same moment from elsewhere."""
    page.locator("button[name=action_send]").click()
    sessions = [agency.site.login(seller.login, seller.login) for _ in range(3)]

    def send(rpc):
        try:
            rpc.call("crm.follow.up.batch", "action_send", [batch])
        except RpcError as error:
            return error.name
        return "sent"

    with ThreadPoolExecutor(4) as pool:
        clicks = [pool.submit(send, rpc) for rpc in sessions]
        page.locator(".modal .btn-primary").click()
        answers = [click.result() for click in clicks]
    assert answers.count("sent") <= 1
    wait_until(
        lambda: (
            seller.rpc.read("crm.follow.up.batch", batch, "state")["state"] == "sent"
        ),
        what="the sending",
    )


def _check_end(agency, batch, world):
    rows = agency.wait_register(1 + len(world["addresses"]))
    assert len(rows) == 1 + len(world["addresses"])
    assert all(row["purge_date"] for row in rows)
    assert [row["decision"] for row in rows[1:]] == ["accepted"] * len(rows[1:])
    lines = agency.rpc.call(
        "crm.follow.up.line",
        "search_read",
        [("batch_id", "=", batch)],
        ["state", "reason", "message_id", "lead_id"],
    )
    refused = [line for line in lines if line["state"] == "refused"]
    assert len(refused) == world["opposed"]
    assert all(line["reason"] and not line["message_id"] for line in refused)
    sent = [line for line in lines if line["state"] == "sent"]
    assert len({line["message_id"][0] for line in sent}) == len(world["addresses"])

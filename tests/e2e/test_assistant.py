"""AT-17, the question: the assistant answers on one's own data, and acts by a click.

Twice: with a model (stand-in) and with none. And once more with other data.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import PHONE
from tests.e2e.copilot_world import SalesAgency

FIVE = (4000, 3500, 2500, 1500, 1000)
SEVEN = (9900, 8800, 750, 640, 530, 410, 70)
BUSY = 7777
ANSWER_MS = 10_000
# The name of the company, whether it has a model, the amounts of its idle deals.
WITH_MODEL = {
    "model": ("Cabinet Girard", True, FIVE),
    "others": ("Studio Nord", True, SEVEN),
}
WORLDS = {**WITH_MODEL, "rules": ("Cabinet Sans", False, FIVE)}
CLIENT, PHONE_NUMBER = "Toitures Zéphirin", "06 55 44 33 22"


@pytest.fixture(scope="module")
def site(llm_site):
    return llm_site


@pytest.fixture(scope="module", params=WORLDS.values(), ids=WORLDS.keys())
def world(request, site, llm):
    """Idle deals of a seller, a busy one, and those of a colleague."""
    name, has_model, amounts = request.param
    agency = SalesAgency(site, name, "Sophie Durand")
    if has_model:
        agency.connect_model(llm.openai_url)
    seller, colleague = agency.hire("Marc Girard"), agency.hire("Claire Petit")
    client = agency.add_client(CLIENT, f"zephirin@{agency.key}.example")
    agency.rpc.call("res.partner", "write", [client], {"phone": PHONE_NUMBER})
    leads = [
        agency.add_deal(seller, f"Refonte numéro {number}", client, amount)
        for number, amount in enumerate(amounts)
    ]
    agency.add_deal(seller, "Affaire du jour", client, BUSY)
    others = agency.add_deal(colleague, "Affaire de Claire", client, 5555)
    agency.age([*leads, others], 20)
    return {
        "agency": agency,
        "seller": seller,
        "leads": leads,
        "amount": sum(amounts),
        "answered_by": "model" if has_model else "rules",
    }


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def french(amount: float) -> str:
    return f"{amount:,.0f}".replace(",", " ")


class Panel:
    """The panel of a page."""

    def __init__(self, page):
        self.page = page
        self.box = page.locator(".o_crm_assistant")

    def open(self):
        self.page.locator(".o_crm_assistant_button").click()
        loaded = ".o_crm_assistant_empty, .o_crm_assistant_turn"
        expect(self.box.locator(loaded).first).to_be_visible()

    def ask(self, question):
        """Ask and have the answer, a locator."""
        count = self.box.locator(".o_crm_assistant_turn").count()
        self.box.locator("textarea").fill(question)
        self.box.locator("textarea").press("Enter")
        turn = self.box.locator(".o_crm_assistant_turn").nth(count)
        expect(turn.locator(".o_crm_assistant_answer")).to_be_visible()
        return turn


def test_a_question_and_its_figures(site, browsing, world):
    agency, seller = world["agency"], world["seller"]
    page = browsing.login(site.url, seller.login, seller.login)
    page.goto(f"{site.url}/odoo/crm")
    panel = Panel(page)
    panel.open()
    expect(panel.box.locator(".o_crm_assistant_empty")).to_be_visible()
    browsing.picture(page, f"assistant_empty_{agency.key}")
    question = "Quelles affaires dorment depuis plus de 14 jours ?"
    turn = panel.ask(question)
    text = plain(turn.inner_text())
    assert str(len(world["leads"])) in text
    assert french(world["amount"]) in text
    assert "5 555" not in text and "non vérifié" not in text
    expect(turn.locator(".o_crm_ai_label")).to_be_visible()
    browsing.picture(page, f"assistant_answer_{agency.key}")
    _check_register(world)
    _check_links(page, turn, world)


def _check_register(world):
    row = world["agency"].wait_register(1)[0]
    assert row["answered_by"] == world["answered_by"]
    assert row["duration_ms"] < ANSWER_MS


def _check_links(page, turn, world):
    """A name leads to its deal, the button to all of them: those of a query aside."""
    first = turn.locator(".o_crm_assistant_answer a[data-oe-model='crm.lead']").first
    assert int(first.get_attribute("data-oe-id")) in world["leads"]
    first.click()
    expect(
        page.locator(".o_form_view .o_field_widget[name=name]").first
    ).to_be_visible()
    turn.locator("button", has_text="Afficher les affaires dormantes").first.click()
    rows = page.locator(".o_list_view .o_data_row")
    expect(rows).to_have_count(len(world["leads"]))


def test_where_the_pipeline_stands(site, browsing, world):
    seller = world["seller"]
    page = browsing.login(site.url, seller.login, seller.login)
    panel = Panel(page)
    panel.open()
    text = plain(panel.ask("Où en est le pipeline ?").inner_text())
    assert f"{len(world['leads']) + 1}" in text
    assert french(world["amount"] + BUSY) in text
    assert "non vérifié" not in text


def test_what_lies_outside_ones_rights_is_refused(site, browsing, world):
    seller = world["seller"]
    page = browsing.login(site.url, seller.login, seller.login)
    panel = Panel(page)
    panel.open()
    turn = panel.ask("Quel est le montant des affaires de Claire Petit ?")
    text = plain(turn.inner_text())
    assert "5 555" not in text and "Affaire de Claire" not in text
    turn = panel.ask("Quelle est la capitale de l'Australie ?")
    assert "activité commerciale" in turn.inner_text()
    browsing.picture(page, f"assistant_refusal_{world['agency'].key}")


def test_names_stay_here(site, browsing, world, llm):
    seller = world["seller"]
    page = browsing.login(site.url, seller.login, seller.login)
    panel = Panel(page)
    panel.open()
    turn = panel.ask(f"Trouve le client {CLIENT}")
    assert CLIENT in turn.inner_text()
    for planted in (CLIENT, "Zéphirin", PHONE_NUMBER, "55443322", "Refonte numéro"):
        held = [
            one["raw"] for one in llm.asked() if planted.lower() in one["raw"].lower()
        ]
        assert not held, (planted, held[0][:3000])


@pytest.mark.parametrize(
    "world", WITH_MODEL.values(), ids=WITH_MODEL.keys(), indirect=True
)
def test_a_card_is_confirmed_by_a_click(site, browsing, world, llm):
    agency, seller = world["agency"], world["seller"]
    lead = world["leads"][0]
    arguments = {
        "record": f"[AFFAIRE_{lead}]",
        "kind": "call",
        "summary": "Rappeler au sujet de la maquette",
        "due_date": "2040-05-17",
    }
    llm.script(
        match="Prévois un appel",
        calls=[{"name": "propose_activity", "arguments": arguments}],
    )
    page = browsing.login(site.url, seller.login, seller.login)
    panel = Panel(page)
    panel.open()
    turn = panel.ask("Prévois un appel pour cette affaire")
    card = turn.locator(".o_crm_assistant_card")
    expect(card).to_contain_text("Refonte numéro 0")
    expect(card).to_contain_text("17/05/2040")
    browsing.picture(page, f"assistant_card_{agency.key}")
    domain = [("res_model", "=", "crm.lead"), ("res_id", "=", lead)]
    assert not seller.rpc.search("mail.activity", *domain)
    card.get_by_role("button", name="Confirmer").click()
    expect(card.locator(".badge")).to_have_text("Fait")
    assert len(seller.rpc.search("mail.activity", *domain)) == 1


def test_the_same_in_discuss_and_on_a_phone(site, browsing, world):
    agency, seller = world["agency"], world["seller"]
    page = browsing.login(site.url, seller.login, seller.login)
    panel = Panel(page)
    panel.open()
    panel.box.get_by_role("button", name="Ouvrir dans Discuss").click()
    composer = page.locator(".o-mail-Composer-input").last
    composer.fill("Quelles affaires dorment depuis 14 jours ?")
    composer.press("Enter")
    alike = re.compile(french(world["amount"]).replace(" ", r"\s"))
    expect(page.locator(".o-mail-Message").last).to_contain_text(alike)
    browsing.picture(page, f"assistant_discuss_{agency.key}")
    phone = browsing.login(site.url, seller.login, seller.login, PHONE)
    panel = Panel(phone)
    panel.open()
    last = panel.box.locator(".o_crm_assistant_turn").last
    expect(last.locator(".o_crm_assistant_answer")).to_contain_text(alike)

"""Who runs the models, by hand: a model is tried, a prompt, the register is taken."""

import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.e2e.browsing import PHONE, WIDE
from tests.e2e.copilot_world import SalesAgency
from tests.e2e.running_site import wait_until

DRAFT = {"kind": "follow_up"}


@pytest.fixture(scope="module")
def site(llm_site):
    return llm_site


@pytest.fixture(scope="module")
def agency(site, llm):
    agency = SalesAgency(site, "Atelier Verdier", "Sophie Durand")
    agency.model_id = agency.connect_model(llm.openai_url)
    client = agency.add_client("Odile Vasseur", "odile.vasseur@modele.example")
    agency.seller = agency.hire("Lucas Martin")
    agency.lead_name = "Refonte de la boutique"
    agency.lead = agency.add_deal(agency.seller, agency.lead_name, client, 12800)
    return agency


@pytest.fixture
def page(site, browsing, agency):
    return browsing.login(site.url, agency.login, agency.password)


def test_a_model_is_tried(site, browsing, page, agency):
    page.goto(f"{site.url}/odoo/crm.connection/{agency.model_id}")
    page.get_by_role("button", name="Tester").click()
    form = page.locator(".o_form_view")
    expect(form).to_contain_text("Le modèle répond.")
    page.get_by_role("tab", name="Modèle de langage").click()
    browsing.picture(page, "ai_admin_connection")
    before = agency.rpc.read("crm.connection", agency.model_id, "base_url")
    change = [agency.model_id], {"base_url": "http://127.0.0.1:9/v1"}
    agency.rpc.call("crm.connection", "write", *change)
    page.reload()
    page.get_by_role("button", name="Tester").click()
    expect(form).to_contain_text("Réglage manquant ou faux")
    expect(form).to_contain_text("L'adresse appartient à un réseau interne")
    browsing.picture(page, "ai_admin_connection_down")
    back = [agency.model_id], {"base_url": before["base_url"]}
    agency.rpc.call("crm.connection", "write", *back)
    page.reload()
    page.get_by_role("button", name="Tester").click()
    expect(form).to_contain_text("Le modèle répond.")


def test_a_prompt_is_tried_on_a_deal(site, browsing, page, agency, llm):
    messages = [("model", "=", "crm.lead"), ("res_id", "=", agency.lead)]
    before = agency.rpc.search("mail.message", *messages)
    prompt = agency.site.admin.ref("crm_ai_copilot.crm_ai_prompt_draft")
    page.goto(f"{site.url}/odoo/crm.ai.prompt/{prompt}")
    page.locator("[name=version_ids] .o_data_row").first.click()
    page.get_by_role("button", name="Essayer sur une fiche").click()
    window = page.locator(".modal").last
    window.get_by_role("button", name="Demander").click()
    refusal = page.locator(".modal", has_text="Choisissez d'abord une fiche.")
    refusal.locator(".modal-footer").get_by_role("button", name="Fermer").click()
    window = page.locator(".modal", has_text="Essayer sur une fiche").last
    field = window.locator("[name=res_ref]")
    kind = field.locator("option[value*='crm.lead']").get_attribute("value")
    field.locator("select").select_option(kind)
    field.locator("input").fill(agency.lead_name)
    found = page.locator(".o-autocomplete--dropdown-item", has_text=agency.lead_name)
    found.click()
    window.get_by_role("button", name="Demander").click()
    answer = page.locator(".modal [name=answer]")
    expect(answer).to_contain_text("Bonjour")
    expect(answer).to_contain_text("Vasseur")
    browsing.picture(page, "ai_admin_preview")
    assert not [one for one in llm.asked() if "vasseur" in one["raw"].lower()]
    assert agency.rpc.search("mail.message", *messages) == before


def test_the_register_is_taken(site, browsing, page, agency):
    """What was really used is in the file, without its texts; a trial is not."""
    asked = agency.seller.rpc.call(
        "crm.ai.call", "ask", "copilot.draft", "crm.lead", agency.lead, DRAFT
    )
    wait_until(
        lambda: agency.rpc.read("crm.ai.call", asked["id"], "state")["state"] == "done",
        what="the draft",
    )
    page.goto(f"{site.url}/odoo/action-crm_ai.crm_ai_register_export_action")
    with page.expect_download() as download:
        page.get_by_role("button", name="Exporter").click()
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    systems, _use, answers = book.worksheets
    assert len(list(answers.rows)) == 2
    texts = str([[cell.value for cell in row] for page in book for row in page.rows])
    assert "gpt-standin" in texts
    assert "Vasseur" not in texts
    assert f"Modèle {agency.key}" in str(
        [cell.value for row in systems for cell in row]
    )
    browsing.picture(page, "ai_admin_export")


@pytest.mark.parametrize(
    "screen",
    [
        "report_action",
        "report_action_quality",
        "call_action",
        "prompt_action",
        "budget_action",
        "feature_action",
    ],
)
def test_the_boards_on_a_desk_and_a_phone(site, browsing, agency, screen):
    for viewport in (WIDE, PHONE):
        page = browsing.login(site.url, agency.login, agency.password, viewport)
        page.goto(f"{site.url}/odoo/action-crm_ai.crm_ai_{screen}")
        content = page.locator(".o_content").first
        expect(content).to_be_visible()
        width = content.evaluate("node => node.getBoundingClientRect().right")
        assert width <= viewport["width"] + 1
        browsing.picture(page, f"ai_admin_{screen}")

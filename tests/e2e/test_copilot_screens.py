"""The screens of the copilot, by hand: my day, suggestions, the table of rules."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import PHONE, WIDE
from tests.e2e.copilot_world import SalesAgency
from tests.e2e.running_site import wait_until

MAIL = """From: Client 1 <client1@ecrans.example>
To: contact@agence.example
Subject: Retard
Message-Id: <retard-1@ecrans.example>
Content-Type: text/html; charset=utf-8

<p>Bonjour,<br>Je suis très déçue du retard.<br>Claire Petit<br>
Directrice marketing<br>06 12 34 56 78</p>
"""


@pytest.fixture(scope="module")
def agency(site):
    """A seller with three deals that sleep; the client of one is unhappy."""
    agency = SalesAgency(site, "Agence Écrans", "Sophie Durand")
    agency.seller = agency.hire("Lucas Martin")
    agency.leads = []
    for number, amount in enumerate((18000, 9500, 2200)):
        partner = agency.add_client(
            f"Client {number}", f"client{number}@ecrans.example", f"Société {number}"
        )
        agency.leads.append(
            agency.add_deal(agency.seller, f"Affaire {number}", partner, amount)
        )
    agency.age(agency.leads, 25)
    agency.site.admin.call(
        "mail.thread", "message_process", "crm.lead", MAIL, thread_id=agency.leads[1]
    )
    admin = agency.site.admin
    cron = admin.ref("crm_ai_copilot.ir_cron_refresh_next_actions")
    admin.call("ir.cron", "method_direct_trigger", [cron])
    wait_until(
        lambda: len(agency.rpc.search("crm.next.action", ("is_best", "=", True))) == 3,
        what="the proposals",
    )
    wait_until(
        lambda: agency.rpc.search("crm.ai.suggestion", ("kind", "=", "mood")),
        what="the suggestions",
    )
    return agency


@pytest.fixture
def page(site, browsing, agency):
    login = agency.seller.login
    return browsing.login(site.url, login, login)


def test_my_day(site, browsing, page, agency):
    page.goto(f"{site.url}/odoo/my-day")
    cards = page.locator(".o_crm_my_day .o_kanban_record:not(.o_kanban_ghost)")
    expect(cards).to_have_count(3)
    browsing.picture(page, "copilot_my_day")
    dismissed = cards.nth(2)
    name = dismissed.locator(".fw-bolder").first.inner_text()
    dismissed.locator("button[name=action_ask_reason]").click()
    page.locator(".modal [name=reason] label", has_text="Trop tôt").click()
    browsing.picture(page, "copilot_dismiss")
    page.locator(".modal button[name=action_confirm]").click()
    expect(page.locator(".modal")).to_have_count(0)
    (lead,) = agency.rpc.search(
        "crm.lead", ("name", "=", name), ("company_id", "=", agency.company_id)
    )
    (row,) = agency.rpc.call(
        "crm.next.action",
        "search_read",
        [("lead_id", "=", lead), ("state", "=", "dismissed")],
        ["dismiss_reason"],
    )
    assert row["dismiss_reason"] == "later"


def test_visit_on_a_phone(site, browsing, agency):
    login = agency.seller.login
    page = browsing.login(site.url, login, login, PHONE)
    page.goto(f"{site.url}/odoo/my-day")
    card = page.locator(".o_crm_my_day .o_kanban_record:not(.o_kanban_ghost)").first
    card.locator("button[name=action_log_visit]").click()
    page.wait_for_selector(".modal [name=note]")
    page.wait_for_timeout(400)
    page.screenshot(path=browsing.pictures / "copilot_visit_390.png")
    page.locator(".modal button[name=action_log]").click()
    expect(page.locator(".modal")).to_have_count(0)


def test_suggestions(site, browsing, page, agency):
    page.goto(f"{site.url}/odoo/crm/{agency.leads[1]}")
    rows = page.locator("[name=ai_suggestion_ids] .o_data_row")
    expect(rows.first).to_be_visible()
    expect(page.locator("[name=ai_suggestion_ids]")).to_contain_text("très déçue")
    browsing.picture(page, "copilot_suggestions")
    job = rows.filter(has_text="Directrice marketing")
    job.locator("button[name=action_accept]").click()
    wait_until(
        lambda: (
            agency.rpc.read("crm.lead", agency.leads[1], "function")["function"]
            == "Directrice marketing"
        ),
        what="the accepted field",
    )


def test_the_list_and_the_pipeline(site, browsing, page, agency):
    page.goto(f"{site.url}/odoo/crm?view_type=list")
    page.wait_for_selector(".o_list_view, .o_kanban_view")
    browsing.picture(page, "copilot_pipeline")
    expect(page.locator(".o_list_view, .o_kanban_view")).to_contain_text("Affaire 0")


def test_the_table_of_rules(site, browsing, agency):
    page = browsing.login(site.url, agency.login, agency.password)
    page.goto(f"{site.url}/odoo/next-action-rules")
    rows = page.locator(".o_list_view .o_data_row")
    expect(rows.first).to_be_visible()
    browsing.picture(page, "copilot_rules")
    rows.filter(has_text="Silence").first.locator("[name=name]").click()
    expect(page.locator(".o_form_view [name=reason]")).to_be_visible()
    browsing.picture(page, "copilot_rule")


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["desk", "phone"])
def test_products_to_propose_on_a_quotation(site, browsing, agency, viewport):
    """What others took with it, on how many clients that rests, added by a click."""
    name = f"Entretien {viewport['width']}"
    quote = _sell_together(agency, f"Vitrine {viewport['width']}", name, 450)
    login = agency.seller.login
    page = browsing.login(site.url, login, login, viewport)
    page.goto(f"{site.url}/odoo/sale.order/{quote}")
    page.wait_for_selector(".o_form_view")
    button = page.locator("button[name=action_propose_more]:visible")
    if not button.count():
        page.locator(".o_statusbar_buttons .dropdown-toggle").first.click()
    page.locator("button[name=action_propose_more]:visible").first.click()
    card = page.locator(".modal .o_kanban_record", has_text=name)
    expect(card).to_contain_text("4 clients sur 4")
    expect(card).to_contain_text("450,00")
    browsing.picture(page, f"copilot_upsell_{viewport['width']}")
    card.get_by_role("button", name="Ajouter au devis").click()
    expect(page.locator(".modal")).to_have_count(0)
    lines = page.locator("[name=order_line]")
    expect(lines).to_contain_text(name)
    browsing.picture(page, f"copilot_upsell_added_{viewport['width']}")


def _sell_together(agency, sold: str, proposed: str, price: float) -> int:
    """Four clients bought both products, four something else.

    :return: a quotation that holds the first
    """
    admin, company = agency.site.admin, agency.company_id
    products = [
        admin.create(
            "product.product",
            name=name,
            type="service",
            list_price=price,
            taxes_id=[(5,)],
            company_id=company,
        )
        for name in (sold, proposed, f"Autre que {sold}")
    ]

    def order(client, held):
        return agency.rpc.create(
            "sale.order",
            partner_id=agency.add_client(client, f"{client[-1]}@{sold[-3:]}.example"),
            company_id=company,
            user_id=agency.seller.user_id,
            order_line=[(0, 0, {"product_id": one}) for one in held],
        )

    for number in range(8):
        held = products[:2] if number < 4 else products[2:]
        done = order(f"Acheteur {sold} {number}", held)
        agency.rpc.call("sale.order", "action_confirm", [done])
    return order(f"Prospect {sold} 9", products[:1])

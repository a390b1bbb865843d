"""AT-12: a freelance wins a deal, makes a payment link, and is paid (journeys.md)."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.running_site import RpcError, wait_until
from tests.e2e.stripe_world import CARD, Business

pytestmark = pytest.mark.alone
MASK = "********"
CRON = "crm_billing.ir_cron_check_waiting_links"
# What must not change when nothing should happen.
WATCHED = (
    "payment_transaction", "account_payment", "account_move", "crm_payment_link",
    "crm_exchange", "mail_message", "crm_lead",
)  # fmt: skip


@pytest.fixture(scope="module")
def nadia(site, stripe):
    """Nadia Benali, freelance: one user, one client, an account at Stripe."""
    business = Business(site, stripe, "Nadia Benali")
    business.keep_books()
    business.open_account()
    return business


@pytest.fixture
def window(browsing, site, nadia):
    """Nadia's browser, logged in."""
    return browsing.login(site.url, nadia.login, nadia.password)


def count_rows(site) -> str:
    """Row counts of the watched models."""
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in WATCHED)
    return site.sql(f"SELECT {counts}")


def find_field(page, name):
    return page.locator(f".o_form_view [name={name}] input").first


def open_deal(page, site, lead_id):
    page.goto(f"{site.url}/odoo/crm/{lead_id}")
    expect(page.locator(".o_form_view .o_form_statusbar")).to_be_visible()


def expect_in_list(page, site, name, state):
    page.goto(f"{site.url}/odoo/action-crm.crm_lead_opportunities?view_type=list")
    row = page.locator(".o_data_row", has_text=name)
    expect(row.locator("td[name=payment_link_state]")).to_have_text(state)


def pay_by_card(page):
    """What the client does on the page of Stripe."""
    page.fill("input[name=card]", CARD)
    page.click("button[type=submit]")


def test_1_keys_are_entered_on_the_screen_and_never_read_again(
    browsing, window, site, nadia
):
    action = "action-crm_integrations.crm_connection_action"
    window.goto(f"{site.url}/odoo/{action}/{nadia.connection_id}")
    window.get_by_role("tab", name=re.compile("Stripe")).click()
    for name, value in nadia.keys.items():
        find_field(window, name).fill(value)
    window.click(".o_form_button_save")
    expect(window.locator(".o_form_status_indicator_buttons")).not_to_be_visible()
    window.reload()
    window.get_by_role("tab", name=re.compile("Stripe")).click()
    expect(find_field(window, "stripe_secret_key")).to_have_value(MASK)
    browsing.picture(window, "at12_1_keys")
    secrets = [nadia.keys["stripe_secret_key"], nadia.keys["stripe_webhook_secret"]]
    content = window.content()
    stored = site.sql("SELECT payment_provider::text FROM payment_provider")
    for secret in secrets:
        assert secret not in content
        assert secret not in stored
        assert secret not in site.log.read_text()
    values = nadia.rpc.read(
        "crm.connection",
        nadia.connection_id,
        "stripe_secret_key",
        "stripe_webhook_secret",
    )
    assert values["stripe_secret_key"] == values["stripe_webhook_secret"] == MASK


def win_and_click(window, site, lead_id):
    """Win the deal, press the button that was not there before; return the link."""
    open_deal(window, site, lead_id)
    create = window.get_by_role("button", name="Cr\u00e9er le lien de paiement")
    expect(create).to_have_count(0)
    window.click("button[name=action_set_won_rainbowman]")
    expect(create).to_be_visible()
    create.click()
    address = window.locator("[name=payment_link_url]")
    expect(address).to_contain_text(f"{site.url}/pay/")
    return address.inner_text().strip()


def check_books(site, nadia, amount):
    """A deposit of the client, which a later invoice consumes."""
    booked = site.sql(
        "SELECT state, amount, partner_id FROM account_payment"
        f" WHERE company_id = {nadia.company_id}"
    )
    rows = [
        f"{state}\t{amount}\t{nadia.partner_id}" for state in ("in_process", "paid")
    ]
    assert booked in rows


def test_2_win_click_pay(browsing, window, site, stripe, nadia):
    lead_id = nadia.make_deal("Site Roux", 3600)
    asked_before = len(stripe.created_sessions())
    url = win_and_click(window, site, lead_id)
    browsing.picture(window, "at12_2_waiting")
    # Asked once, for the right amount, with the deal and the client.
    assert len(stripe.created_sessions()) == asked_before + 1
    link = nadia.link_of(lead_id)
    assert link["url"] == url
    session = stripe.session(link["reference"])
    assert (session["amount_total"], session["currency"]) == (360000, "eur")
    assert session["metadata"]["document"] == f"crm.lead,{lead_id}"
    assert f"res.partner,{nadia.partner_id}" in session["metadata"].values()
    expect_in_list(window, site, "Site Roux", "En attente")
    browsing.picture(window, "at12_3_list_waiting")
    # The client opens the link in a private window; opening it pays nothing.
    client = browsing.open()
    client.goto(url)
    assert stripe.session(link["reference"])["payment_status"] == "unpaid"
    expect(client.locator("html")).to_have_attribute("lang", "fr-FR")
    browsing.picture(client, "at12_4_client")
    client.get_by_role("button", name=re.compile("Payer")).click()
    pay_by_card(client)
    nadia.wait_state(lead_id, "paid", seconds=5)
    expect(client.locator(".state.ok")).to_be_visible()
    browsing.picture(client, "at12_5_client_paid")
    expect_in_list(window, site, "Site Roux", "Pay\u00e9")
    open_deal(window, site, lead_id)
    badge = window.locator(".o_field_widget[name=payment_link_state]")
    expect(badge).to_have_text("Pay\u00e9")
    browsing.picture(window, "at12_6_paid")
    names = ("payment_link_received", "payment_link_date_paid", "payment_link_days")
    deal = nadia.rpc.read("crm.lead", lead_id, *names)
    today = site.sql("SELECT (now() AT TIME ZONE 'Europe/Paris')::date")
    assert deal["payment_link_received"] == 3600
    assert deal["payment_link_date_paid"] == today
    assert 0 <= deal["payment_link_days"] < 0.1
    check_books(site, nadia, "3600.00")


def test_3_the_same_event_again_does_nothing(site, stripe, nadia):
    before = count_rows(site)
    delivered = len(stripe.kept("deliveries"))
    stripe.admin("replay", event="checkout.session.completed")
    (delivery,) = wait_until(
        lambda: stripe.kept("deliveries")[delivered:], what="the second delivery"
    )
    assert delivery["status"] == 200
    time.sleep(2)
    assert count_rows(site) == before


def test_4_an_event_with_a_bad_signature_is_refused_and_noted(site, stripe, nadia):
    before = count_rows(site)
    delivered = len(stripe.kept("deliveries"))
    stripe.admin("bad_signature", event="checkout.session.completed")
    (delivery,) = wait_until(
        lambda: stripe.kept("deliveries")[delivered:], what="the delivery"
    )
    assert delivery["status"] == 400
    assert count_rows(site) == before
    noted = nadia.rpc.read(
        "crm.connection",
        nadia.connection_id,
        "webhook_refused_count",
        "webhook_refused_reason",
    )
    assert noted["webhook_refused_count"] == 1
    assert noted["webhook_refused_reason"] == "no_match"


def test_5_the_hourly_check_finds_what_no_event_told(site, stripe, nadia):
    lead_id = nadia.make_deal("Vitrine Roux", 480.5)
    link = nadia.ask_link(lead_id)
    stripe.admin("settings", drop_webhooks=True)
    try:
        stripe.admin("pay", session=stripe.session(link["reference"])["id"])
        time.sleep(2)
        assert nadia.state(lead_id) == "waiting"
        # An hour later.
        site.sql(
            "UPDATE payment_transaction SET create_date = create_date"
            f" - interval '1 hour' WHERE reference = '{link['reference']}'"
        )
        admin = site.admin
        admin.call("ir.cron", "method_direct_trigger", [admin.ref(CRON)])
        nadia.wait_state(lead_id, "paid")
    finally:
        stripe.admin("settings", drop_webhooks=False)
    told = nadia.rpc.call(
        "mail.message",
        "search_read",
        [("model", "=", "crm.lead"), ("res_id", "=", lead_id)],
        ["body"],
    )
    assert any("v\u00e9rification" in message["body"] for message in told), told


@pytest.mark.parametrize(
    ("amount", "reason"), [(0, "montant"), (-5, "montant")], ids=["nothing", "negative"]
)
def test_6_an_amount_that_nobody_can_pay_is_refused(nadia, amount, reason):
    lead_id = nadia.make_deal("Rien", amount)
    nadia.win(lead_id)
    with pytest.raises(RpcError, match=reason):
        nadia.rpc.call("crm.lead", "action_create_payment_link", [lead_id])
    assert not nadia.state(lead_id)


def test_7_two_clicks_make_one_link(stripe, nadia):
    lead_id = nadia.make_deal("Double clic", 75)
    nadia.win(lead_id)
    asked = len(stripe.created_sessions())
    for _click in range(2):
        try:
            nadia.rpc.call("crm.lead", "action_create_payment_link", [lead_id])
        except RpcError as error:
            assert error.name == "odoo.exceptions.UserError"
    nadia.wait_state(lead_id, "waiting")
    assert len(stripe.created_sessions()) == asked + 1

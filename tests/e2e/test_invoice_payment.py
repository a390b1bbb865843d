"""AT-04, payment part: an invoice is sent, paid by card, and its receipt kept."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import PHONE
from tests.e2e.invoice_world import (
    InvoicingBusiness,
    html_of,
    mail_server,
    pdf_of,
    pdf_text,
)
from tests.e2e.running_site import wait_until
from tests.e2e.stripe_world import CARD

pytestmark = pytest.mark.alone
IBAN = "FR1420041010050500013M02606"
CLIENT = "contact@boulangerie-roux.example"
# What must not change when nothing should happen.
WATCHED = (
    "payment_transaction", "account_payment", "account_move", "crm_payment_link",
    "account_partial_reconcile", "mail_message", "crm_exchange",
)  # fmt: skip


@pytest.fixture(scope="module")
def lumen(site, stripe):
    business = InvoicingBusiness(site, stripe, "Agence Lumiere")
    business.start()
    return business


@pytest.fixture(scope="module")
def mailbox(site, workspace):
    with mail_server(site, workspace.folder / "mails") as box:
        yield box


@pytest.fixture(scope="module")
def big_invoice(lumen):
    return lumen.make_invoice(12500)


def count_rows(site) -> str:
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in WATCHED)
    return site.sql(f"SELECT {counts}")


def wait_quiet(site) -> str:
    """Row counts once every message and job is done."""

    def is_quiet():
        waiting = site.sql(
            "SELECT (SELECT count(*) FROM queue_job"
            " WHERE state IN ('pending', 'enqueued', 'started'))"
            " + (SELECT count(*) FROM crm_exchange WHERE state = 'pending')"
        )
        return waiting == "0"

    wait_until(is_quiet, 60, "quiet")
    return count_rows(site)


def send_invoice(lumen, move_id):
    """Send the invoice by mail, as the button does."""
    wizard = lumen.rpc.create(
        "account.move.send.wizard", move_id=move_id, sending_methods=["email"]
    )
    lumen.rpc.call("account.move.send.wizard", "action_send_and_print", [wizard])


def page_in(message) -> str:
    """The address of the page in a mail."""
    found = re.search(r'href="([^"]+/pay/i/[^"]+)"', html_of(message))
    assert found, html_of(message)
    return found.group(1)


def pay_on_page(page, **means):
    """What the client does: our button, then Stripe's page."""
    page.get_by_role("button", name=re.compile("Payer")).click()
    for name, value in means.items():
        page.fill(f"input[name={name}]", value)
    page.get_by_role("button", name=re.compile("Payer")).click()


@pytest.fixture(scope="module")
def sent(lumen, mailbox, big_invoice):
    send_invoice(lumen, big_invoice["id"])
    return mailbox.wait(CLIENT, big_invoice["name"])


def test_1_mail_and_pdf_carry_the_address(sent, big_invoice):
    url = page_in(sent)
    assert f"{url}/qr.png" in html_of(sent)
    text = pdf_text(pdf_of(sent))
    assert big_invoice["name"] in text
    assert url.replace(" ", "") in text.replace(" ", "")


def test_2_card_on_a_phone_pays_the_invoice_within_5_seconds(
    browsing, site, stripe, lumen, sent, big_invoice
):
    move_id = big_invoice["id"]
    client = browsing.open(PHONE)
    client.goto(page_in(sent))
    expect(client.locator(".amount")).to_have_text(re.compile(r"15\s000,00"))
    assert lumen.invoice(move_id)["payment_link_state"] is False
    browsing.picture(client, "at04_1_page")
    pay_on_page(client, card=CARD)
    took = lumen.wait_paid(move_id, 5)
    print(f"paid after {took:.1f} s")
    expect(client.locator(".state.ok")).to_be_visible()
    browsing.picture(client, "at04_2_paid")
    (payment,) = lumen.payments(move_id)
    assert payment["amount"] == 15000
    assert lumen.invoice(move_id)["payment_link_state"] == "paid"
    with client.expect_download() as download:
        client.get_by_role("link", name="Télécharger le reçu").click()
    content = download.value.path().read_bytes()
    text = pdf_text(content)
    for word in ("15 000,00", big_invoice["name"], "4242", "Agence Lumiere"):
        assert word in text, text


def test_3_receipt_comes_by_mail_once_and_the_event_again_does_nothing(
    site, stripe, lumen, mailbox, big_invoice
):
    admin = site.admin
    queue = admin.ref("mail.ir_cron_mail_scheduler_action")

    def receipts():
        # Other journeys have a client at this address too.
        found = mailbox.to(CLIENT, "Paiement reçu")
        return [mail for mail in found if big_invoice["name"] in pdf_text(pdf_of(mail))]

    def have_come():
        # The scheduler is off in these journeys.
        admin.call("ir.cron", "method_direct_trigger", [queue])
        return receipts()

    message = wait_until(have_come, what="the mail of the receipt")[0]
    assert "4242" in html_of(message)
    before = wait_quiet(site)
    delivered = len(stripe.kept("deliveries"))
    # Of this account: another journey keeps events that were never delivered.
    stripe.admin(
        "replay",
        event="checkout.session.completed",
        secret_key=lumen.keys["stripe_secret_key"],
    )
    (delivery,) = wait_until(
        lambda: stripe.kept("deliveries")[delivered:], what="the second delivery"
    )
    assert delivery["status"] == 200
    time.sleep(3)
    assert wait_quiet(site) == before
    assert len(receipts()) == 1


def page_of(lumen, move_id):
    """Ask for the link as the accountant does; return its address."""
    lumen.rpc.call("account.move", "action_create_payment_link", [move_id])
    wait_until(
        lambda: lumen.invoice(move_id)["payment_link_state"] == "waiting",
        what="the link",
    )
    return lumen.rpc.read("account.move", move_id, "payment_link_url")[
        "payment_link_url"
    ]


def test_4_debit_is_in_progress_then_paid(browsing, stripe, lumen):
    stripe.admin("settings", async_settle_seconds=8)
    invoice = lumen.make_invoice(702.08)
    client = browsing.open(PHONE)
    client.goto(page_of(lumen, invoice["id"]))
    pay_on_page(client, iban=IBAN)
    wait_until(
        lambda: lumen.invoice(invoice["id"])["payment_link_state"] == "processing",
        8,
        "the debit",
    )
    assert lumen.invoice(invoice["id"])["payment_state"] == "not_paid"
    expect(client.locator(".state")).to_contain_text("prélèvement")
    browsing.picture(client, "at04_3_debit")
    lumen.wait_paid(invoice["id"], 20)


def test_5_a_part_leaves_the_rest_at_the_same_address(browsing, lumen):
    invoice = lumen.make_invoice(70.55)
    options = {"res_model": "account.move", "res_id": invoice["id"]}
    wizard = lumen.rpc.create("crm.payment.link.wizard", **options, asked_amount=33.33)
    lumen.rpc.call("crm.payment.link.wizard", "action_create_link", [wizard])
    url = page_of(lumen, invoice["id"])
    client = browsing.open(PHONE)
    client.goto(url)
    expect(client.locator(".amount")).to_have_text(re.compile("33,33"))
    pay_on_page(client, card=CARD)
    wait_until(
        lambda: lumen.invoice(invoice["id"])["payment_state"] == "partial",
        5,
        "the part",
    )
    assert lumen.invoice(invoice["id"])["amount_residual"] == pytest.approx(51.33)
    client.goto(url)
    expect(client.locator(".amount")).to_have_text(re.compile("51,33"))
    pay_on_page(client, card=CARD)
    lumen.wait_paid(invoice["id"], 8)


@pytest.mark.parametrize(
    ("net", "currency", "total", "shown"),
    [(1028.8, "USD", 1234.56, "1 234,56"), (82305, "JPY", 98766, "98 766")],
)
def test_6_other_currencies(browsing, lumen, stripe, net, currency, total, shown):
    invoice = lumen.make_invoice(net, currency)
    client = browsing.open(PHONE)
    client.goto(page_of(lumen, invoice["id"]))
    text = client.locator(".amount").inner_text()
    assert shown in text.replace("\u202f", " ").replace("\xa0", " ")
    pay_on_page(client, card=CARD)
    lumen.wait_paid(invoice["id"], 8)
    (payment,) = lumen.payments(invoice["id"])
    assert payment["amount"] == total
    assert payment["currency_id"][1] == currency


def test_7_refused_card_leaves_the_invoice_due(browsing, lumen):
    invoice = lumen.make_invoice(41.67)
    client = browsing.open(PHONE)
    client.goto(page_of(lumen, invoice["id"]))
    # The page of Stripe answers 402 to a refused card.
    before = len(browsing.errors)
    pay_on_page(client, card="4000000000009995")
    expect(client.locator("#error")).to_contain_text("provision")
    del browsing.errors[before:]
    assert lumen.invoice(invoice["id"])["payment_state"] == "not_paid"
    client.fill("input[name=card]", CARD)
    client.get_by_role("button", name=re.compile("Payer")).click()
    lumen.wait_paid(invoice["id"], 8)


def test_8_screens_of_who_bills(browsing, site, lumen, big_invoice):
    window = browsing.login(site.url, lumen.login, lumen.password)
    window.goto(
        f"{site.url}/odoo/action-account.action_move_out_invoice/{big_invoice['id']}"
    )
    badge = window.locator(".o_field_widget[name=payment_link_state]").first
    expect(badge).to_have_text("Payé")
    browsing.picture(window, "at04_4_invoice")
    window.goto(f"{site.url}/odoo/action-account.action_move_out_invoice")
    row = window.locator(".o_data_row", has_text=big_invoice["name"])
    expect(row.locator("td[name=payment_link_state]")).to_have_text("Payé")
    browsing.picture(window, "at04_5_list")

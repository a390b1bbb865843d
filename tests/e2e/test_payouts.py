"""AT-07, the bank part: payouts, fees and bank lines reconcile without typing."""

import pytest
from playwright.sync_api import expect

from tests.e2e.invoice_world import InvoicingBusiness
from tests.e2e.payout_world import Shop, fee_of
from tests.e2e.stripe_world import Business

# Net amounts by payout: twelve invoices, three payouts.
EUROS = [
    [100, 41.58, 1250, 27.78, 208.33],
    [15, 833.33, 62.5, 533.33],
    [10.42, 73.33, 258.33],
]
OTHERS = [[347.5, 0.5], [61.21, 1028.8, 8.25], [166.67]]


@pytest.mark.parametrize(
    ("name", "groups"), [("Agence Virement", EUROS), ("Atelier Autres", OTHERS)]
)
def test_payouts_fees_and_statement_reconcile_without_typing(
    browsing, site, stripe, name, groups
):
    business = InvoicingBusiness(site, stripe, name)
    business.start()
    shop = Shop(site, stripe, business)
    invoices, paid, made = [], [], []
    for amounts in groups:
        for net in amounts:
            invoice_id = business.make_invoice(net)["id"]
            invoices.append(invoice_id)
            paid.append(shop.sell(invoice_id))
        made.append(shop.pay_out())
    shop.wait_states("booked", len(groups))
    gross, fees = sum(paid), sum(map(fee_of, paid))
    assert shop.balance("627") == fees / 100
    assert shop.balance("511") == (gross - fees) / 100
    shop.import_statement(made)
    shop.wait_states("matched", len(groups))
    check_screen(browsing, site, shop, len(groups))
    assert round(sum(row["amount_fee"] for row in shop.payouts()) * 100) == fees
    assert (shop.balance("627"), shop.balance("511")) == (fees / 100, 0)
    assert shop.open_bank_lines() == 0
    states = {
        shop.rpc.read("account.move", invoice_id, "payment_state")["payment_state"]
        for invoice_id in invoices
    }
    assert states == {"paid"}
    payments = site.sql(
        "SELECT DISTINCT state, is_matched FROM account_payment"
        f" WHERE company_id = {shop.company_id}"
    )
    assert payments.split() == ["paid", "t"]


def check_screen(browsing, site, shop, count):
    """The accountant only looks."""
    page = browsing.login(site.url, shop.business.login, shop.business.password)
    page.goto(f"{site.url}/odoo/payouts")
    rows = page.locator(".o_data_row")
    expect(rows).to_have_count(count)
    expect(page.locator(".o_data_row td[name=state]")).to_have_text(
        ["Rapproch\u00e9"] * count
    )
    browsing.picture(page, f"payouts_{shop.business.key}")
    rows.first.locator("td[name=remote_id]").click()
    expect(page.locator(".o_form_view [name=amount_fee]").first).to_be_visible()
    browsing.picture(page, f"payout_{shop.business.key}")


def test_francs_and_the_statement_comes_first(site, stripe):
    """An account paid out in francs; the bank line is there before the payout."""
    business = Business(site, stripe, "Chocolats Lausanne", "CHF")
    chart = ("generic_coa", business.company_id)
    company = site.admin.read("res.company", business.company_id, "currency_id")
    site.admin.call("account.chart.template", "try_loading", [], *chart)
    # The chart is one of the United States and says so.
    francs = {"currency_id": company["currency_id"][0]}
    site.admin.call("res.company", "write", [business.company_id], francs)
    secret_key = business.keys["stripe_secret_key"]
    stripe.admin("accounts", secret_key=secret_key, currency="chf")
    business.open_account()
    business.save_keys()
    shop = Shop(site, stripe, business)
    (fee_account_id,) = shop.rpc.search(
        "account.account",
        ("account_type", "=", "expense"),
        ("company_ids", "in", [shop.company_id]),
        limit=1,
    )
    fees = {"payout_fee_account_id": fee_account_id}
    site.admin.call("res.company", "write", [shop.company_id], fees)
    line = {"name": "Pralines", "price_unit": 99.95, "tax_ids": [(5,)]}
    invoice_id = shop.rpc.create(
        "account.move",
        move_type="out_invoice",
        partner_id=business.partner_id,
        company_id=shop.company_id,
        invoice_line_ids=[(0, 0, line)],
    )
    shop.rpc.call("account.move", "action_post", [invoice_id])
    assert shop.sell(invoice_id) == 9995
    net = 9995 - fee_of(9995)
    shop.import_statement([{"amount": net, "trace_id": {"value": ""}}])
    assert shop.open_bank_lines() == 1
    payout = shop.pay_out()
    assert (payout["currency"], payout["amount"]) == ("chf", net)
    shop.wait_states("matched", 1)
    assert shop.open_bank_lines() == 0

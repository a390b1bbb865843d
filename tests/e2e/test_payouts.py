"""AT-07, the bank part: payouts, fees and bank lines reconcile without typing."""

import datetime

import pytest
from playwright.sync_api import expect

from tests.e2e.invoice_world import InvoicingBusiness
from tests.e2e.running_site import wait_until
from tests.e2e.stripe_world import Business

# Net amounts by payout: twelve invoices, three payouts.
EUROS = [
    [100, 41.58, 1250, 27.78, 208.33],
    [15, 833.33, 62.5, 533.33],
    [10.42, 73.33, 258.33],
]
OTHERS = [[347.5, 0.5], [61.21, 1028.8, 8.25], [166.67]]


def fee_of(minor: int) -> int:
    """What Stripe keeps of a European card, in cents: 1.5 % and 0.25."""
    return (minor * 15 + 500) // 1000 + 25


class Shop:
    """A company that invoices, is paid by link, and receives statements."""

    def __init__(self, site, stripe, business):
        self.site, self.stripe, self.business = site, stripe, business
        self.key = business.keys["stripe_secret_key"]
        self.rpc, self.company_id = business.rpc, business.company_id
        groups = ("account.group_account_manager", "account.group_account_basic")
        site.admin.call(
            "res.users",
            "write",
            [business.user_id],
            {"group_ids": [(4, site.admin.ref(group)) for group in groups]},
        )
        self.bank_id = self.rpc.search(
            "account.journal",
            ("company_id", "=", self.company_id),
            ("type", "=", "bank"),
            order="id",
            limit=1,
        )[0]

    def sell(self, invoice_id: int) -> int:
        """Make the link of an invoice, let the client pay by card; return cents."""
        total = self.rpc.read("account.move", invoice_id, "amount_total")
        self.rpc.call("account.move", "action_create_payment_link", [invoice_id])
        reference = wait_until(
            lambda: self.site.sql(
                "SELECT t.reference FROM payment_transaction t"
                " JOIN crm_payment_link l ON l.id = t.payment_link_id"
                f" WHERE l.move_id = {invoice_id} AND t.stripe_session_id IS NOT NULL"
            ).strip(),
            60,
            "the page of the invoice",
        )
        self.stripe.admin("pay", session=self.stripe.session(reference)["id"])
        wait_until(lambda: self.is_paid(invoice_id), 60, "the payment of the invoice")
        return round(total["amount_total"] * 100)

    def is_paid(self, invoice_id: int) -> bool:
        values = self.rpc.read("account.move", invoice_id, "amount_residual")
        return not values["amount_residual"]

    def pay_out(self) -> dict:
        return self.stripe.admin("payout", secret_key=self.key)

    def payouts(self) -> list[dict]:
        ids = self.rpc.search("crm.payout", ("company_id", "=", self.company_id))
        names = ("remote_id", "state", "amount", "amount_fee", "trouble")
        return [self.rpc.read("crm.payout", payout_id, *names) for payout_id in ids]

    def wait_states(self, state: str, count: int) -> None:
        wait_until(
            lambda: [row["state"] for row in self.payouts()] == [state] * count,
            60,
            f"{count} payouts {state}: {self.payouts()}",
        )

    def import_statement(self, payouts: list[dict]) -> None:
        """What an import makes: one statement, one line per payout."""
        today = datetime.date.today().isoformat()
        lines = [
            {
                "journal_id": self.bank_id,
                "date": today,
                "payment_ref": f"VIR SEPA STRIPE {row['trace_id']['value']}",
                "amount": row["amount"] / 100,
            }
            for row in payouts
        ]
        total = sum(line["amount"] for line in lines)
        self.rpc.create(
            "account.bank.statement",
            name="RELEVE 1",
            balance_start=0,
            balance_end_real=total,
            line_ids=[(0, 0, line) for line in lines],
        )

    def balance(self, code: str) -> float:
        """Balance of the accounts whose code starts so."""
        value = self.site.sql(
            "SELECT COALESCE(sum(l.balance), 0) FROM account_move_line l"
            " JOIN account_account a ON a.id = l.account_id"
            f" WHERE l.company_id = {self.company_id} AND l.parent_state = 'posted'"
            f" AND a.code_store ->> '{self.company_id}' LIKE '{code}%'"
        )
        return round(float(value), 2)

    def open_bank_lines(self) -> int:
        return int(
            self.site.sql(
                "SELECT count(*) FROM account_bank_statement_line"
                f" WHERE company_id = {self.company_id} AND is_reconciled IS NOT TRUE"
            )
        )


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

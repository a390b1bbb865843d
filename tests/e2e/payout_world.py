"""A company paid by card, its payouts and the statements of its bank."""

import datetime

from tests.e2e.running_site import wait_until


def fee_of(minor: int) -> int:
    """What Stripe keeps of a European card, in cents: 1.5 % and 0.25."""
    return (minor * 15 + 500) // 1000 + 25


class Shop:
    """A company that invoices, is paid by link, and receives statements."""

    def __init__(self, site, stripe, business):
        self.site, self.stripe, self.business = site, stripe, business
        self.key = business.keys["stripe_secret_key"]
        self.rpc, self.company_id = business.rpc, business.company_id
        business.grant("account.group_account_manager", "account.group_account_basic")
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

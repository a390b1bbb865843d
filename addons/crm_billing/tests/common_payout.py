"""Payments through Stripe, payouts, and the lines they leave at the bank."""

from datetime import date

from odoo import Command, fields

from .common import BillingCase


class PayoutCase(BillingCase):
    """A company whose clients pay by card and whose bank sends statements."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_books(cls.company)
        cls.client = cls.env["res.partner"].create(
            {"name": "Boulangerie Roux", "email": "roux@example.com"}
        )

    @classmethod
    def set_up_books(cls, company):
        accounts = cls.env["account.account"].with_company(company)
        company.payout_fee_account_id = accounts.search(
            [("company_ids", "in", company.ids), ("account_type", "=", "expense")],
            limit=1,
        )
        cls.bank = cls.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")],
            order="id",
            limit=1,
        )

    # === What happens === #

    def make_invoice(self, amount, partner=None, currency=None, company=None):
        company = company or self.company
        invoice = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": (partner or self.client).id,
                    "company_id": company.id,
                    "currency_id": (currency or company.currency_id).id,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Site", "price_unit": amount, "tax_ids": False}
                        )
                    ],
                }
            )
        )
        invoice.action_post()
        return invoice

    def charge(self, amount_minor, currency="eur", connection=None):
        """A card payment at Stripe; return the charge."""
        connection = connection or self.connection
        key = connection.payment_provider_id.stripe_secret_key
        return self.admin(
            "charge", secret_key=key, amount=amount_minor, currency=currency
        )

    def pay_invoice(self, invoice, connection=None, amount=None):
        """The client pays: a charge at Stripe, a transaction and a payment here."""
        connection = connection or self.connection
        currency = invoice.currency_id
        amount = invoice.amount_residual if amount is None else amount
        minor = round(amount * 10**currency.decimal_places)
        charge = self.charge(minor, currency.name.lower(), connection)
        return charge, self.record_payment(invoice, charge, amount, connection)

    def record_payment(self, invoice, charge, amount, connection=None):
        connection = connection or self.connection
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": connection.payment_provider_id.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "reference": f"TEST-{charge['id']}",
                "amount": amount,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.partner_id.id,
                "operation": "online_redirect",
                "provider_reference": charge["payment_intent"],
                "invoice_ids": [Command.set(invoice.ids)],
            }
        )
        transaction._set_done()
        transaction._post_process()
        return transaction

    def sell(self, *amounts):
        """Invoices paid by card; return them."""
        invoices = self.env["account.move"]
        for amount in amounts:
            invoice = self.make_invoice(amount)
            self.pay_invoice(invoice)
            invoices |= invoice
        return invoices

    def pay_out(self, connection=None, deliver=True, **values):
        """Stripe pays out and says so; return our payout."""
        connection = connection or self.connection
        key = connection.payment_provider_id.stripe_secret_key
        made = self.admin("payout", secret_key=key, **values)
        if deliver:
            self.tell(connection)
        return self.find_payout(made["id"], connection)

    def find_payout(self, remote_id, connection=None):
        return self.env["crm.payout"].search(
            [
                ("connection_id", "=", (connection or self.connection).id),
                ("remote_id", "=", remote_id),
            ]
        )

    def tell(self, connection=None):
        """Bring the events of payouts, do the calls and the jobs they cause."""
        connection = connection or self.connection
        for event in list(self.events(connection)):
            if event["type"].startswith("payout."):
                self.deliver(connection, event)
        self.run_payout_jobs(connection)

    def run_payout_jobs(self, connection=None):
        connection = connection or self.connection
        self.run_outgoing(connection)
        for payout in self.env["crm.payout"].search([("state", "=", "ready")]):
            payout._job_book()

    def compare(self, connection=None, run=None):
        connection = connection or self.connection
        connection._ask_payouts(run)
        self.run_payout_jobs(connection)

    def receive_at_bank(self, amount, label="VIR STRIPE", day=None, journal=None):
        """A line of a statement arrives, however it was entered."""
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": (journal or self.bank).id,
                "date": day or fields.Date.context_today(self.bank),
                "amount": amount,
                "payment_ref": label,
            }
        )
        self.run_matching(line.company_id)
        return line

    def run_matching(self, company=None):
        self.env["crm.payout"]._job_match(company or self.company)

    # === What is seen === #

    def balance_of(self, account, currency=None):
        domain = [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        if currency:
            domain.append(("currency_id", "=", currency.id))
        field = "amount_currency" if currency else "balance"
        lines = self.env["account.move.line"].search(domain)
        return round(sum(lines.mapped(field)), 2)

    @property
    def clearing(self):
        return self.connection.payout_clearing_account_id

    @property
    def waiting(self):
        return self.connection.payout_waiting_account_id

    @property
    def fees(self):
        return self.company._get_payout_fee_account()

    def drifts(self, connection=None, state="open"):
        found = self.env["crm.payout.drift"].search(
            [
                ("connection_id", "=", (connection or self.connection).id),
                ("state", "=", state),
            ]
        )
        return sorted(found.mapped("kind"))

    def assert_whole(self, payout):
        """The whole payout is closed: bank line, payments, fees."""
        self.assertEqual(payout.state, "matched", payout.trouble)
        self.assertTrue(payout.bank_line_id.is_reconciled)
        items = payout._get_all_items().filtered(
            lambda x: x.account_id == self.clearing
        )
        self.assertTrue(all(items.mapped("reconciled")), items.read())

    def today(self):
        return date.fromisoformat(str(fields.Date.context_today(self.bank)))

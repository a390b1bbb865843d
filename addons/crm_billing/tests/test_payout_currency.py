from odoo.tests import tagged

from .common_payout import PayoutCase


@tagged("post_install", "-at_install")
class TestPayoutCurrency(PayoutCase):
    """Other currencies, and several companies on one server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usd = cls.env.ref("base.USD")
        cls.usd.active = True
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.usd.id,
                "company_id": cls.company.id,
                "name": "2020-01-01",
                "rate": 1.25,
            }
        )

    def test_a_client_who_pays_in_dollars_on_an_account_in_euros(self):
        self.standin.state.settings.rates = {"usd": 0.79}
        invoice = self.make_invoice(100, currency=self.usd)
        self.pay_invoice(invoice)
        self.assertEqual(self.balance_of(self.clearing), 80)
        payout = self.pay_out()
        self.assertEqual(payout.line_ids.place, "brought")
        self.assertEqual(payout.line_ids.source_amount, 100)
        self.assertEqual((payout.amount_gross, payout.amount_fee), (79, 1.44))
        loss = self.company.expense_currency_exchange_account_id
        self.assertEqual(self.balance_of(loss), 1)
        self.compare()
        self.assertFalse(self.drifts())
        self.receive_at_bank(payout.amount)
        self.assert_whole(payout)
        self.assertEqual(self.balance_of(self.clearing), 0)

    def test_a_bank_account_in_dollars(self):
        account = self.account(self.connection)
        account.settles = ("usd",)
        self.addCleanup(setattr, account, "settles", ())
        dollars = self.env["account.journal"].create(
            {
                "name": "USD",
                "type": "bank",
                "code": "BUSD",
                "currency_id": self.usd.id,
                "company_id": self.company.id,
            }
        )
        invoice = self.make_invoice(100, currency=self.usd)
        self.pay_invoice(invoice)
        self.sell(50)
        euros = self.pay_out()
        payout = self.pay_out(currency="usd")
        self.assertEqual((payout.amount, payout.currency_id), (98.25, self.usd))
        self.assertEqual(self.balance_of(self.fees), 1 + 1.4)
        self.compare()
        self.assertFalse(self.drifts())
        self.receive_at_bank(98.25)
        self.assertEqual(payout.state, "booked", "euros are not dollars")
        self.receive_at_bank(98.25, journal=dollars)
        self.assert_whole(payout)
        self.receive_at_bank(euros.amount)
        self.assert_whole(euros)
        self.assertEqual(self.balance_of(self.clearing, self.usd), 0)

    def test_yen_have_no_cents(self):
        yen = self.env.ref("base.JPY")
        company = self.make_company("Tokyo", currency="JPY")
        self.env = self.env(
            context={
                **self.env.context,
                "allowed_company_ids": (self.company | company).ids,
            }
        )
        connection = self.set_up_stripe(company, "tokyo")
        self.account(connection).currency = "jpy"
        self.set_up_books(company)
        self.addCleanup(self.set_up_books, self.company)
        invoice = self.make_invoice(12000, currency=yen, company=company)
        self.pay_invoice(invoice, connection)
        payout = self.pay_out(connection)
        self.assertEqual((payout.amount, payout.amount_fee), (11820, 180))
        line = self.receive_at_bank(11820)
        self.assertEqual(payout.bank_line_id, line)
        self.assertFalse(
            self.env["crm.payout"].search([("company_id", "=", self.company.id)])
        )

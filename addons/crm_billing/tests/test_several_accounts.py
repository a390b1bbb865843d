from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestSeveralAccounts(BillingCase):
    """Three companies, three Stripe accounts, three currencies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tokyo = cls.make_company("Lumen Tokyo", currency="JPY")
        cls.boston = cls.make_company("Lumen Boston", currency="USD")
        every = cls.company | cls.tokyo | cls.boston
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": every.ids})
        cls.connections = {
            cls.company: cls.connection,
            cls.tokyo: cls.set_up_stripe(cls.tokyo, "tokyo"),
            cls.boston: cls.set_up_stripe(cls.boston, "boston"),
        }

    def test_each_company_collects_in_its_currency_on_its_account(self):
        expected = {
            self.company: (1234.5, "123450", "eur"),
            self.tokyo: (150000, "150000", "jpy"),
            self.boston: (99.99, "9999", "usd"),
        }
        for company, (amount, minor, currency) in expected.items():
            connection = self.connections[company]
            lead = self.make_deal(company, amount=amount)
            link = self.make_link(lead, connection)
            call = self.calls("/v1/checkout/sessions")[-1]
            price = call["params"]["line_items"][0]["price_data"]
            self.assertEqual(
                (price["unit_amount"], price["currency"]), (minor, currency)
            )
            key = connection.payment_provider_id.stripe_secret_key
            self.assertEqual(call["secret_key"], key)
            self.pay(link)
            self.deliver_all(connection)
            self.assertEqual(lead.payment_link_state, "paid")
            page = self.page_of(link)
            self.assertEqual(page.amount, amount)
            self.assertEqual(page.payment_id.company_id, company)
            self.assertEqual(page.payment_id.currency_id, company.currency_id)

    def test_event_of_one_account_cannot_settle_the_link_of_another(self):
        lead = self.make_deal(self.company)
        link = self.make_link(lead, self.connection)
        self.pay(link)
        [event] = self.events(self.connection, "checkout.session.completed")
        stranger = self.connections[self.boston]
        self.assertEqual(self.deliver(stranger, event), 200)
        self.assertEqual(lead.payment_link_state, "waiting")
        # Signed by the wrong account: refused outright.
        secret = stranger.payment_provider_id.stripe_webhook_secret
        self.assertEqual(self.deliver(self.connection, event, secret=secret), 400)
        self.assertEqual(lead.payment_link_state, "waiting")

    def test_company_without_stripe_is_told_so(self):
        other = self.make_company("Sans Stripe", chart=None)
        lead = self.make_deal(other)
        user = new_test_user(
            self.env,
            "sans_stripe",
            groups="crm_base.crm_base_group_seller",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        lead.user_id = user
        with self.assertRaisesRegex(UserError, "not set up for Sans Stripe"):
            lead.with_user(user).with_context(
                allowed_company_ids=other.ids
            ).action_create_payment_link()

    def test_new_company_gets_its_connection(self):
        company = self.env["res.company"].create({"name": "Toute neuve"})
        provider = self.env["payment.provider"].search(
            [("code", "=", "stripe"), ("company_id", "=", company.id)]
        )
        for one in provider:
            self.assertEqual(len(one.crm_connection_ids), 1)
            self.assertEqual(one.crm_connection_ids.company_id, company)

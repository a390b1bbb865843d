from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestCurrencies(BillingCase):
    """Currencies that Stripe counts in its own way, there and back."""

    def test_paid_and_refunded_to_the_last_unit(self):
        for code, amount, minor in (
            ("TND", 1234.56, "1234560"),
            ("ISK", 5000, "500000"),
            ("JPY", 5000, "5000"),
            ("USD", 0.5, "50"),
        ):
            with self.subTest(code):
                company = self.make_company(f"Lumen {code}", currency=code)
                connection = self.set_up_stripe(company, code.lower())
                lead = self.make_deal(company, amount=amount)
                self.standin.state.requests.clear()
                link = self.make_link(lead, connection)
                [call] = self.calls("/v1/checkout/sessions")
                price = call["params"]["line_items"][0]["price_data"]
                self.assertEqual(price["unit_amount"], minor)
                self.pay(link)
                self.deliver_all(connection)
                self.assertEqual(lead.payment_link_received, amount)
                page = self.page_of(link)
                self.assertEqual(page.payment_id.amount, amount)
                self.admin("refund", session=page.stripe_session_id)
                self.deliver_all(connection)
                self.assertEqual(lead.payment_link_state, "refunded")
                self.assertEqual(page.child_transaction_ids.state, "done")
                self.assertEqual(page.child_transaction_ids.amount, -amount)
                self.assertEqual(page.child_transaction_ids.payment_id.amount, amount)

    def test_a_third_decimal_stripe_cannot_collect_is_refused(self):
        company = self.make_company("Lumen Tunis", currency="TND")
        self.set_up_stripe(company, "tunis")
        lead = self.make_deal(company, amount=1.234)
        with self.assertRaisesRegex(UserError, "too many decimals"):
            lead.action_create_payment_link()

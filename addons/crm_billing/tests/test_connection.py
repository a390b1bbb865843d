from odoo.tests import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestConnection(BillingCase):
    """The card of the Stripe account."""

    def test_test_button_names_the_account(self):
        self.connection.action_test()
        self.run_check(self.connection)
        self.assertEqual(self.connection.state, "ok")
        self.assertIn("Nadia Benali", self.connection.check_report)

    def test_wrong_key_is_said(self):
        self.connection.stripe_secret_key = "sk_test_wrong"
        self.run_check(self.connection)
        self.assertEqual(self.connection.state, "error")
        self.assertEqual(self.connection.error_code, "authentication")
        self.assertNotIn("sk_test_wrong", self.connection.last_error)

    def test_dry_run_opens_a_page_and_closes_it(self):
        self.run_check(self.connection, dry_run=True)
        [session] = self.account(self.connection).all("checkout.session")
        self.assertEqual(session["status"], "expired")
        self.assertIn("closed at once", self.connection.check_report)

    def test_missing_signing_secret_is_said(self):
        self.connection.stripe_webhook_secret = False
        self.run_check(self.connection)
        self.assertIn("hourly check", self.connection.check_report)

    def test_internal_address_is_refused_unless_it_is_the_stand_in(self):
        self.connection.base_url = "http://127.0.0.1:9"
        self.run_check(self.connection)
        self.assertEqual(self.connection.error_code, "configuration")
        self.assertIn("internal network", self.connection.last_error)

    def test_webhook_address_is_shown_to_copy(self):
        key = self.connection.webhook_key
        self.assertGreaterEqual(len(key), 22)
        self.assertTrue(self.connection.webhook_url.endswith(key))

    def test_link_cannot_be_made_through_a_connection_that_is_off(self):
        self.connection.action_turn_off()
        with self.assertRaisesRegex(Exception, "not set up"):
            self.lead.with_user(self.seller).action_create_payment_link()

    def test_a_further_account_gets_its_own_provider(self):
        further = self.env["crm.connection"].create(
            {
                "name": "Second account",
                "provider": "stripe",
                "company_id": self.company.id,
            }
        )
        provider = further.payment_provider_id
        self.assertNotEqual(provider, self.connection.payment_provider_id)
        self.assertEqual(provider.company_id, self.company)
        self.assertEqual(provider.crm_connection_ids, further)

from odoo.tests import Form, tagged

from .common import HMAC_KEYS, DocusignCase, make_keys


@tagged("post_install", "-at_install")
class TestConnection(DocusignCase):
    """Keys, the test button, consent."""

    def test_the_test_learns_what_the_account_offers(self):
        self.connection.write(
            {"docusign_advanced_provider": False, "docusign_phone_workflow": False}
        )
        self.run_check(self.connection)
        self.assertEqual(self.connection.state, "ok")
        self.assertEqual(self.connection.docusign_account_name, "Agence Test")
        self.assertTrue(self.connection.docusign_phone_workflow)
        self.assertIn("advanced", self.connection.check_report)
        self.assertNotIn("qualified", self.connection.check_report)

    def test_the_test_says_when_nothing_is_heard(self):
        self.connection.webhook_secret = False
        self.run_check(self.connection)
        self.assertIn("No HMAC key", self.connection.check_report)

    def test_missing_consent_shows_the_page_where_it_is_given(self):
        self.admin("revoke", **self.customer)
        self.run_check(self.connection)
        self.assertTrue(self.connection.docusign_needs_consent)
        action = self.connection.action_docusign_consent()
        self.assertTrue(
            action["url"].startswith(f"{self.standin.base_url}/oauth/auth?")
        )
        self.assertIn(self.customer["integration_key"], action["url"])
        self.admin("consent", **self.customer)
        self.run_check(self.connection)
        self.assertFalse(self.connection.docusign_needs_consent)

    def test_a_key_of_another_application_is_refused(self):
        self.connection.docusign_integration_key = "00000000"
        self.run_check(self.connection)
        self.assertEqual(self.connection.error_code, "authentication")
        self.assertFalse(self.connection.docusign_needs_consent)

    def test_settings_that_are_missing_are_named(self):
        self.connection.docusign_user_guid = False
        self.run_check(self.connection)
        self.assertEqual(self.connection.error_code, "configuration")
        self.assertIn("User ID", self.connection.last_error)

    def test_the_switch_chooses_the_sign_in_host(self):
        connection = self.connection
        connection.base_url = False
        self.assertIn("account-d.docusign.com", connection.docusign_consent_url)
        connection.environment = "live"
        self.assertIn("//account.docusign.com", connection.docusign_consent_url)
        config = connection._get_docusign_config()
        self.assertTrue(config.guard_private)

    def test_an_internal_address_is_not_called(self):
        self.connection.base_url = "http://127.0.0.1:9"
        self.run_check(self.connection)
        self.assertEqual(self.connection.error_code, "configuration")
        self.assertIn("https", self.connection.last_error)

    def test_secrets_leave_by_no_road(self):
        private, _public = make_keys()
        values = self.connection.read(["docusign_private_key", "webhook_secret"])[0]
        self.assertNotIn(private[40:80], str(values))
        self.assertNotIn(HMAC_KEYS[0], str(values))
        self.env.cr.execute(
            "SELECT docusign_private_key FROM crm_connection WHERE id = %s",
            [self.connection.id],
        )
        self.assertNotIn("PRIVATE", self.env.cr.fetchone()[0])

    def test_the_form_opens_for_a_new_account(self):
        form = Form(self.env["crm.connection"])
        form.name = "DocuSign demo"
        form.provider = "docusign"
        form.docusign_integration_key = "app"
        form.docusign_user_guid = "user"
        connection = form.save()
        self.assertTrue(connection.webhook_key)
        self.assertIn(connection.webhook_key, connection.webhook_url)

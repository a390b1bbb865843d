from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import YousignCase


@tagged("post_install", "-at_install")
class TestConnection(YousignCase):
    def check(self, dry_run=False):
        self.connection.action_dry_run() if dry_run else self.connection.action_test()
        self.run_check(self.connection, dry_run)
        return self.connection.check_report or ""

    def test_the_test_button_names_the_account(self):
        report = self.check()
        self.assertEqual(self.connection.state, "ok")
        for words in ("accepts the key", "Agence Lumen SAS", "of 30", "Sandbox"):
            self.assertIn(words, report)
        self.assertNotIn("secret is missing", report)
        self.connection.write({"webhook_secret": False, "environment": "live"})
        report = self.check()
        self.assertIn("secret is missing", report)
        self.assertIn("binds people", report)

    def test_the_dry_run_leaves_nothing(self):
        self.assertIn("removed at once", self.check(dry_run=True))
        statuses = {row["status"] for row in self.account.requests.values()}
        self.assertEqual(statuses, {"deleted"})

    def test_a_wrong_key_is_said(self):
        self.connection.yousign_api_key = "wrong"
        self.check()
        self.assertEqual(self.connection.state, "error")
        self.assertEqual(self.connection.error_code, "authentication")
        self.assertNotIn("wrong", self.connection.last_error)

    def test_the_sandbox_is_a_switch(self):
        self.connection.base_url = False
        for environment, host in (
            ("test", "api-sandbox.yousign.app"),
            ("live", "api.yousign.app"),
        ):
            self.connection.environment = environment
            config = self.connection._get_yousign_config()
            self.assertEqual(config.base_url, f"https://{host}/v3")
            self.assertFalse(config.allow_private)

    def test_only_the_standin_is_called_on_our_own_network(self):
        self.connection.base_url = "http://127.0.0.1:9/v3"
        self.assertFalse(self.connection._get_yousign_config().allow_private)
        self.check()
        self.assertEqual(self.connection.error_code, "configuration")

    def test_keys_are_encrypted_and_never_shown(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT yousign_api_key FROM crm_connection WHERE id = %s",
            [self.connection.id],
        )
        self.assertNotIn("yousign_tests", self.env.cr.fetchone()[0])
        admin = new_test_user(
            self.env,
            "yousign_admin",
            groups="crm_base.crm_base_group_admin",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        (row,) = self.connection.with_user(admin).read(["yousign_api_key"])
        self.assertEqual(row["yousign_api_key"], "********")

    def test_sellers_choose_the_service_by_its_name(self):
        model = self.env["crm.sign.request"].with_user(self.seller)
        services = dict(model._selection_service())
        self.assertEqual(services[str(self.connection.id)], "Yousign")
        request = self.make_request()
        request.with_user(self.seller).service = str(self.connection.id)
        self.assertEqual(request.connection_id, self.connection)

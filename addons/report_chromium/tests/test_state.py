from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.report_chromium.models import ir_actions_report


@tagged("post_install", "-at_install")
class TestState(HttpCase):
    """What people see of the engine."""

    def read_session_info(self, login):
        self.authenticate(login, login)
        return self.make_jsonrpc_request("/web/session/get_session_info")

    def test_an_administrator_is_warned_when_chromium_is_absent(self):
        new_test_user(self.env, "chr_admin", groups="base.group_system")
        with patch.object(ir_actions_report, "find_chromium", lambda: None):
            info = self.read_session_info("chr_admin")
        self.assertIn("Chromium", info["report_engine_warning"])

    def test_nobody_is_warned_when_chromium_is_there(self):
        new_test_user(self.env, "chr_admin", groups="base.group_system")
        with patch.object(ir_actions_report, "find_chromium", lambda: "/bin/true"):
            info = self.read_session_info("chr_admin")
        self.assertEqual(info["report_engine_warning"], "")

    def test_others_learn_nothing_of_the_server(self):
        new_test_user(self.env, "chr_seller", groups="base.group_user")
        no_spare = patch.object(
            type(self.env["ir.actions.report"]),
            "_get_spare_engine_state",
            lambda self: "install",
        )
        with patch.object(ir_actions_report, "find_chromium", lambda: None), no_spare:
            info = self.read_session_info("chr_seller")
        self.assertNotIn("report_engine_warning", info)
        self.assertEqual(info["report_engine"], "none")

    def test_visitors_of_the_portal_learn_nothing_at_all(self):
        user = new_test_user(self.env, "chr_portal", groups="base.group_portal")
        # Made by core at the first question, with a second try that it logs.
        self.env["res.users.settings"]._find_or_create_for_user(user)
        info = self.read_session_info("chr_portal")
        self.assertNotIn("report_engine", info)

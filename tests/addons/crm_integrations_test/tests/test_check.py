from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_base.lib.errors import ConfigurationError
from odoo.addons.crm_base.lib.http_rules import check_url

from ..receiver import Answer
from .common import EngineCase


@tagged("post_install", "-at_install")
class TestCheck(EngineCase):
    def test_the_click_only_asks_a_job(self):
        receiver = self.receiver()
        self.connection.with_user(self.automation).action_test()
        self.assertEqual(len(self.jobs("_job_check")), 1)
        self.assertTrue(self.connection.check_requested_at)
        self.assertEqual(self.connection.state, "draft")
        self.connection.with_user(self.automation).action_test()
        self.assertEqual(len(self.jobs("_job_check")), 1, "an impatient click")
        self.assertFalse(receiver.seen)

    def test_a_good_answer_shows(self):
        self.receiver()
        self.connection.action_test()
        self.run_check(self.connection)
        self.assertEqual(self.connection.state, "ok")
        self.assertTrue(self.connection.last_check_at)
        self.assertFalse(self.connection.check_requested_at)
        self.assertEqual(self.connection.check_report, "It answers.\nversion 3")

    def test_a_bad_answer_shows_the_reason(self):
        self.receiver(lambda key, seen: Answer(401))
        self.run_check(self.connection)
        self.assertEqual(self.connection.state, "error")
        self.assertEqual(self.connection.error_code, "authentication")
        self.assertIn("401", self.connection.last_error)
        self.assertTrue(self.connection.is_paused)

    def test_a_missing_setting_shows(self):
        self.connection.base_url = False
        self.run_check(self.connection)
        self.assertEqual(self.connection.error_code, "configuration")

    def test_what_our_code_says_of_an_address_has_a_sentence(self):
        """Each refusal of an address is one that people read in their language."""
        sentences = self.connection._get_error_sentences()
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self.connection.with_context(lang="fr_FR")
        english = self.connection.with_context(lang="en_US")
        for allow_http, address in (
            (True, "https://exemple.fr /x"),
            (True, "https://[::1"),
            (True, "ftp://exemple.fr"),
            (False, "http://exemple.fr"),
            (True, "https://paul@exemple.fr"),
            (True, "https://exemple.fr:0"),
            (True, "https://"),
            (True, "https://exe$mple.fr"),
            (True, "https://1.2.3.4.5"),
            (True, "https://127.0.0.1"),
            (True, "https://nas.local"),
        ):
            with self.subTest(address), self.assertRaises(ConfigurationError) as caught:
                check_url(address, allow_http=allow_http, allow_private=False)
            self.connection.last_error = str(caught.exception)
            self.assertIn(self.connection.last_error, sentences)
            self.assertNotEqual(french.last_error_text, english.last_error_text)
        self.connection.last_error = "502 Bad Gateway"
        self.assertEqual(french.last_error_text, "502 Bad Gateway")

    def test_a_dry_run_reports_without_writing(self):
        receiver = self.receiver()
        self.run_check(self.connection, dry_run=True)
        self.assertIn("Nothing was written.", self.connection.check_report)
        self.assertFalse(receiver.seen)

    def test_a_connection_without_the_capability_refuses(self):
        cls = type(self.connection)
        self.patch(cls, "_get_capabilities", lambda self: {})
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self.connection.action_test()

    def test_an_off_connection_stays_off_after_a_test(self):
        self.receiver()
        self.connection.action_turn_off()
        self.run_check(self.connection)
        self.assertEqual(self.connection.state, "off")
        self.assertIn("It answers.", self.connection.check_report)

    def test_a_used_connection_is_archived_not_deleted(self):
        self.arrive("evt_1")
        with self.assertRaises(UserError):
            self.connection.unlink()

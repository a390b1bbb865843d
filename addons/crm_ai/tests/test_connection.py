from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_base.lib.errors import AuthenticationError, ConfigurationError
from odoo.addons.crm_integrations.tests.common import ExchangeMixin

from .common import AiMixin


@tagged("post_install", "-at_install")
class TestConnection(AiMixin, ExchangeMixin, TransactionCase):
    def test_the_test_button(self):
        self.llm.says("prêt")
        self.connection.action_test()
        self.run_check(self.connection)
        self.assertEqual(self.connection.state, "ok")
        report = self.connection.check_report
        self.assertIn("scripted-1", report)
        self.assertIn("0.0012", report)
        self.assertIn("scripted-2", report)

    def test_a_refused_key(self):
        self.llm.says(AuthenticationError("wrong key", status=401))
        self.connection.action_test()
        self.run_check(self.connection)
        self.assertEqual(self.connection.state, "error")
        self.assertTrue(self.connection.is_paused)

    def test_settings_are_checked(self):
        for values in (
            {"ai_model": " "},
            {"ai_timeout_seconds": 1},
            {"ai_context_tokens": 10},
            {"ai_api_key": "sk-test-clé"},
            {"ai_api_key": "sk-test\nsk-test"},
            {"ai_api_key": "la clé de Paul"},
        ):
            with self.assertRaises(ValidationError):
                self.connection.write(values)

    def test_a_key_unless_it_is_ours(self):
        self.connection.ai_api_key = False
        with self.assertRaises(ConfigurationError):
            self.connection._get_ai_config()
        self.connection.write(
            {"ai_is_local": True, "base_url": "http://localhost:11434/v1"}
        )
        config = self.connection._get_ai_config()
        self.assertTrue(config.allow_private)
        self.assertEqual(config.base_url, "http://localhost:11434/v1")

    def test_a_key_is_pasted_with_its_line_end(self):
        self.connection.ai_api_key = " sk-test-pasted\n"
        self.assertEqual(self.connection._get_ai_config().api_key, "sk-test-pasted")

    def test_what_happened_is_said_in_the_words_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self.connection.with_context(lang="fr_FR")
        for said, text in (
            ("the address belongs to an internal network", "réseau interne"),
            ("the API key is missing or cannot be decrypted", "saisissez-la"),
            ("502 Bad Gateway", "502 Bad Gateway"),
        ):
            self.connection.last_error = said
            self.assertIn(text, french.last_error_text)

    def test_the_key_stays_here(self):
        [row] = self.connection.read(["ai_api_key"])
        self.assertEqual(row["ai_api_key"], "********")
        self.assertFalse(self.connection.copy({"ai_model": "x"}).ai_api_key)

    def test_who_answers_is_said(self):
        self._make_model("Second")
        self.feature.invalidate_recordset(["answered_by"])
        self.assertRegex(self.feature.answered_by, "^Premier → Second → ")

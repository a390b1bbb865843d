from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import AiMixin


@tagged("post_install", "-at_install")
class TestPrompts(AiMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.prompt = self.prompts[0]
        self.version = self.prompt.active_version_id

    def test_what_has_answered_is_not_changed(self):
        self.version.system_text = "Tu écris bien."
        self.ask()
        with self.assertRaises(UserError):
            self.version.user_text = "Autre"
        with self.assertRaises(UserError):
            self.version.unlink()

    def test_a_new_version_takes_over(self):
        action = self.prompt.action_new_version()
        draft = self.env["crm.ai.prompt.version"].browse(action["res_id"])
        self.assertEqual((draft.number, draft.state), (2, "draft"))
        draft.system_text = "Tu écris en alexandrins."
        draft.action_activate()
        self.assertEqual(self.version.state, "archived")
        call = self.ask()
        self.assertEqual(call.prompt_version_id, draft)
        self.assertIn("alexandrins", self.llm.requests[0].system)

    @mute_logger("odoo.sql_db")
    def test_one_version_is_in_use(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.version.copy({"state": "active"})
            self.env.flush_all()

    def test_only_declared_inputs(self):
        with self.assertRaisesRegex(ValidationError, "salaire"):
            self.version.user_text = "{{ salaire }}"

    def test_no_prompt_in_use(self):
        self.version.state = "archived"
        self.assertEqual(self.ask().fallback_code, "prompt")

    def test_an_input_the_feature_does_not_give(self):
        self.env["crm.ai.prompt.input"].create(
            {"prompt_id": self.prompt.id, "name": "age"}
        )
        self.version.user_text = "{{ age }}"
        with self.assertLogs("odoo.addons.crm_ai", "WARNING"):
            call = self.ask()
        self.assertEqual(call.state, "failed")

    def test_regression_set(self):
        case = self.env["crm.ai.prompt.case"].create(
            {
                "prompt_id": self.prompt.id,
                "name": "Cite le devis",
                "facts": '{"facts": "Devis S00042"}',
                "texts": '{"mail": ""}',
                "contains": "S00042",
                "excludes": "remise",
            }
        )
        for answer, state in (
            ("Le devis s00042 vous attend.", "ok"),
            ("Une remise sur le devis.", "ko"),
        ):
            self.llm.says({"title": "T", "body": answer})
            self.version.action_run_cases()
            self.assertEqual(self.version.case_state, "running")
            self.run_call(case.run_ids.sorted("id")[-1].call_id)
            self.assertEqual(case.last_state, state)
            self.version.invalidate_recordset(["case_state"])
            self.assertEqual(self.version.case_state, state)
        self.assertIn("S00042", case.last_reason)
        self.assertIn("remise", case.last_reason)
        self.assertIn("S00042", self.llm.requests[0].messages[-1].text)
        self.assertFalse(self.partner.comment)

    def test_a_case_needs_a_model(self):
        self.env["crm.ai.route"].search([]).unlink()
        case = self.env["crm.ai.prompt.case"].create(
            {"prompt_id": self.prompt.id, "name": "Sans modèle"}
        )
        run = case._run(self.version)
        self.run_call(run.call_id)
        self.assertEqual(run.call_id.state, "failed")
        self.assertEqual(run.state, "ko")
        self.assertTrue(run.reason)

    def test_inputs_of_a_case_are_json(self):
        with self.assertRaises(ValidationError):
            self.env["crm.ai.prompt.case"].create(
                {"prompt_id": self.prompt.id, "name": "x", "facts": "[1]"}
            )

    def test_preview_keeps_nothing(self):
        self.prompt.model_id = self.env["ir.model"]._get("res.partner")
        draft = self.version.copy()
        draft.system_text = "Essai."
        window = self.env["crm.ai.prompt.preview"].create({"version_id": draft.id})
        with self.assertRaises(UserError):
            window.action_ask()
        window.res_ref = f"res.partner,{self.partner.id}"
        window.action_ask()
        self.run_call(window.call_id)
        self.assertEqual(window.answer, "B")
        draft.system_text = "Essai encore."
        self.assertIn("Essai.", self.llm.requests[0].system)
        self.assertFalse(self.partner.comment)
        self.assertFalse(draft.call_count)

    def test_quality_per_version(self):
        self.ask()._decide("accepted")
        self.ask().action_dismiss("too_long")
        self.ask()
        self.version.invalidate_recordset()
        self.assertEqual(self.version.call_count, 3)
        self.assertEqual(self.version.acceptance_pct, 50)

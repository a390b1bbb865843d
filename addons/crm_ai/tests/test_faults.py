from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_base.lib.errors import (
    AuthenticationError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from odoo.addons.queue_job.exception import RetryableJobError

from ..lib.messages import ModelAnswer, Usage
from ..providers import flight
from ..providers.openai_client import OpenAiClient
from .common import AiMixin


@tagged("post_install", "-at_install")
class TestFaults(AiMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        # nobody waits in tests
        event = flight.threading.Event
        self.startPatch(patch.object(event, "wait", lambda _self, seconds=None: False))

    def test_each_fault_has_its_end(self):
        """Fault at the vendor -> why the rules answered."""
        faults = {
            "unavailable": [UnavailableError("down")] * 3,
            "rate_limited": [RateLimitedError("later", delay_seconds=60)],
            "authentication": [AuthenticationError("no")],
            "quota": [RefusedError("no credit", remote_code="quota")],
            "refused": [RefusedError("no")],
            "too_long": [RefusedError("long", remote_code="too_long")],
            "malformed": [MalformedAnswerError("?")],
            "model_refused": [ModelAnswer("", "refused", Usage(5, 1))],
            "bad_output": ["no json", "still none"],
        }
        for code, items in faults.items():
            with self.subTest(code):
                self.connection.write({"state": "ok", "error_code": False})
                self.connection.write({"resume_at": False, "failure_streak": 0})
                self.llm.says(*items)
                call = self.ask()
                self.assertEqual((call.state, call.answered_by), ("done", "rules"))
                self.assertEqual(call.fallback_code, code)
                self.assertTrue(call.fallback_reason.endswith("."))
                self.assertFalse(self.llm.queue)

    def test_a_short_trouble_is_retried(self):
        self.llm.says(UnavailableError("down"), RateLimitedError("x", delay_seconds=1))
        call = self.ask()
        self.assertEqual(call.answered_by, "model")
        self.assertEqual(len(self.llm.requests), 3)

    def test_the_next_model_answers(self):
        second = self._make_model("Second")
        self.llm.says(AuthenticationError("no"), {"title": "T", "body": "du second"})
        call = self.ask()
        self.assertEqual(call.connection_id, second)
        outcomes = [(step["name"], step["outcome"]) for step in call.steps]
        self.assertEqual(outcomes, [("Premier", "authentication"), ("Second", "ok")])
        self.assertEqual(self.connection.state, "error")
        # and is not asked again before somebody mends it
        self.ask()
        self.assertEqual(len(self.llm.requests), 3)

    def test_an_address_that_may_not_be_called_is_said(self):
        second = self._make_model("Second", ai_model="scripted-too")
        self.connection.base_url = "http://127.0.0.1:9/v1"
        models = {self.connection.ai_model: OpenAiClient}

        def find_client(config):
            return models.pop(config.model, self.llm)(config)

        name = "_get_ai_client_class"
        self.patch(type(self.connection), name, lambda _self, _provider: find_client)
        call = self.ask()
        self.assertEqual(call.connection_id, second)
        self.assertEqual(call.steps[0]["outcome"], "configuration")
        self.assertEqual(self.connection.state, "error")

    def test_a_model_that_fails_in_a_row_rests(self):
        for _time in range(2):
            self.llm.says(*[UnavailableError("down")] * 3)
            self.ask()
        self.assertGreater(self.connection.resume_at, fields.Datetime.now())
        before = len(self.llm.requests)
        call = self.ask()
        self.assertEqual(call.fallback_code, "paused")
        self.assertEqual(len(self.llm.requests), before)

    def test_one_repair(self):
        for wrong in (
            "Voici du texte",
            {"title": 3},
            {"title": "bad", "body": "x"},
            "",
            ModelAnswer('{"title": "T", "bo', "length", Usage(5, 5)),
        ):
            with self.subTest(wrong):
                self.llm.says(wrong, {"title": "T", "body": "mieux"})
                call = self.ask()
                self.assertEqual(call.answered_by, "model")
                self.assertEqual(call._get_result().body, "mieux")

    def test_english_is_repaired(self):
        english = "Dear Sir, thank you for your message about the offer that we sent."
        self.llm.says(
            {"title": "T", "body": english}, {"title": "T", "body": "Bonjour"}
        )
        call = self.ask(user=self._french_seller())
        self.assertEqual(call._get_result().body, "Bonjour")

    def _french_seller(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.seller.lang = "fr_FR"
        return self.seller

    def test_cancelled_before_it_ran(self):
        call = self.ask(run=False)
        call.with_user(self.seller).action_cancel()
        self.run_call(call)
        self.assertEqual(call.state, "cancelled")
        self.assertFalse(self.llm.requests)
        self.assertIn("failed", self.partner.comment)

    def test_cancelled_while_it_runs(self):
        call = self.ask(run=False)

        def cancel(_request):
            return ModelAnswer("", "cancelled", Usage(10, 0))

        self.llm.says(cancel)
        self.run_call(call)
        self.assertEqual(call.state, "cancelled")
        self.assertEqual(call.tokens_in, 10)

    def test_cancelled_while_its_answer_is_checked(self):
        call = self.ask(run=False)

        def cancel(_task, asked, _inputs, _result):
            asked.action_cancel()
            return []

        task = type(self.env["crm.ai.task.test.note"])
        with patch.object(task, "_check_result", cancel):
            self.run_call(call)
        self.assertEqual(call.state, "cancelled")
        self.assertFalse(call.result_text)
        self.assertEqual(call.tokens_in, 1000)
        self.assertIn("failed", self.partner.comment)

    def test_the_record_is_gone(self):
        call = self.ask(run=False)
        self.partner.unlink()
        self.run_call(call)
        self.assertEqual(call.state, "failed")

    def test_a_bug_of_ours_is_no_lost_answer(self):
        self.llm.says(ValueError("a bug"))
        with mute_logger("odoo.addons.crm_ai.models.crm_ai_asker"):
            call = self.ask()
        self.assertEqual(call.fallback_code, "internal")
        self.assertEqual(call.answered_by, "rules")

    def test_a_bug_of_a_feature_ends_the_question(self):
        self.llm.says({"title": "explode", "body": "x"})
        with mute_logger("odoo.addons.crm_ai.models.crm_ai_runner"):
            call = self.ask()
        self.assertEqual(call.state, "failed")
        self.assertTrue(call.fallback_reason)
        self.assertFalse(call.result_text)

    def test_a_question_whose_job_is_lost_is_asked_again(self):
        jobs = self.env["queue.job"]
        lost, new = self.ask(run=False), self.ask(run=False)
        running = self.ask(run=False)
        running.write(
            {
                "state": "running",
                "lease_until": fields.Datetime.add(fields.Datetime.now(), seconds=30),
            }
        )
        jobs.search([("model_name", "=", "crm.ai.call")]).unlink()
        long_ago = fields.Datetime.subtract(fields.Datetime.now(), minutes=6)
        self.env.cr.execute(
            "UPDATE crm_ai_call SET create_date = %s WHERE id = ANY(%s)",
            [long_ago, (lost | running).ids],
        )
        self.env.invalidate_all()
        for _time in range(2):
            self.env["crm.ai.call"]._cron_redrive()
        again = jobs.search([("model_name", "=", "crm.ai.call")])
        self.assertEqual([job.records for job in again], [lost])
        self.assertNotIn(new, again.mapped("records"))

    def test_a_second_server_waits(self):
        call = self.ask(run=False)
        call.write(
            {
                "state": "running",
                "lease_until": fields.Datetime.add(fields.Datetime.now(), minutes=5),
            }
        )
        with self.assertRaises(RetryableJobError):
            self.run_call(call)
        call.lease_until = fields.Datetime.subtract(fields.Datetime.now(), minutes=1)
        self.run_call(call)
        self.assertEqual(call.state, "done")

    def test_a_small_context_is_never_cut_in_silence(self):
        self.connection.ai_context_tokens = 1000
        call = self.ask()
        self.assertEqual(call.fallback_code, "too_long")
        self.assertFalse(self.llm.requests)

    def test_switching_is_a_setting(self):
        second = self._make_model("Second", provider="anthropic")
        self.env["crm.ai.route"].search(
            [("connection_id", "=", self.connection.id)]
        ).unlink()
        self.assertEqual(self.ask().connection_id, second)
        second.action_turn_off()
        self.assertEqual(self.ask().fallback_code, "paused")

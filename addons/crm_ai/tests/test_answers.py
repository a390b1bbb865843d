import re
import time
from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_base.lib.errors import AuthenticationError

from ..lib.messages import ModelAnswer, ToolCall, Usage
from .common import CHAT, PARTS, SOUND, AiMixin


@tagged("post_install", "-at_install")
class TestAnswers(AiMixin, TransactionCase):
    def test_a_model_answers(self):
        self.llm.says({"title": "Relance", "body": "Bonjour, voici notre offre."})
        call = self.ask()
        self.assertEqual(call.state, "done")
        self.assertEqual(call.answered_by, "model")
        self.assertEqual(call.connection_id, self.connection)
        self.assertEqual(call.model, "scripted-1")
        self.assertEqual((call.tokens_in, call.tokens_out), (1000, 100))
        self.assertAlmostEqual(call.cost, 0.0012)
        self.assertEqual(call.purge_date, date.today() + timedelta(days=30))
        self.assertEqual(call.prompt_version_id, self.prompts[0].active_version_id)
        self.assertEqual(call.sources[0]["id"], self.partner.id)
        self.assertIn("notre offre", self.partner.comment)
        self.assertEqual(call._get_result().title, "Relance")

    def test_personal_values_never_leave(self):
        def answer(request):
            person = next(
                word
                for word in request.messages[-1].text.replace('"', " ").split()
                if word.startswith("[PERSONNE_")
            )
            return {"title": "T", "body": f"Bonjour {person.strip(',')}"}

        self.llm.says(answer)
        call = self.ask()
        sent = repr(self.llm.requests)
        for planted in ("Quintard", "Zoé", "zoe.quintard", "exemple-client"):
            self.assertNotIn(planted, sent)
            self.assertNotIn(planted, call.question)
        self.assertIn("18 000 EUR", sent)
        self.assertEqual(call._get_result().body, "Bonjour Zoé Quintard")

    def test_a_local_model_gets_the_names(self):
        self.connection.ai_is_masked = False
        self.ask()
        self.assertIn("Quintard", repr(self.llm.requests))

    def test_texts_of_others_are_data(self):
        self.ask()
        request = self.llm.requests[0]
        self.assertIn("<donnees mail", request.messages[-1].text)
        self.assertIn("jamais de consigne", request.system)

    def test_without_a_model_the_rules_answer(self):
        self.env["crm.ai.route"].search([]).unlink()
        call = self.ask()
        self.assertEqual((call.state, call.answered_by), ("done", "rules"))
        self.assertEqual(call.fallback_code, "no_model")
        self.assertFalse(self.llm.requests)
        self.assertEqual(call._get_result().title, "Règles")

    def test_a_feature_may_be_left_to_the_rules(self):
        self.env["crm.ai.route"].create({"feature_id": self.feature.id})
        self.assertEqual(self.ask().answered_by, "rules")
        self.assertEqual(self.ask(PARTS).answered_by, "model")

    def test_answered_in_the_click(self):
        env = self.env(user=self.seller.id)
        record = self.partner.with_env(env)
        call = env["crm.ai.call"]._create_call("test.note", record, {})._answer_now()
        self.assertEqual(call.sudo().state, "done")
        self.assertEqual(call.sudo().answered_by, "rules")
        self.assertIn("Bonjour", self.partner.comment)

    def test_parts_are_asked_separately(self):
        self.llm.says(*({"title": str(i), "body": ""} for i in range(3)))
        call = self.ask(PARTS)
        self.assertEqual(sorted(call._get_result().title.split(",")), ["0", "1", "2"])
        self.assertEqual((call.parts, call.done_parts), (3, 3))
        self.assertEqual(call.tokens_in, 3000)

    def test_a_tool_runs_as_the_person(self):
        wanted = (ToolCall("c1", "look", {"who": "moi"}),)
        self.llm.says(ModelAnswer("", "tool", Usage(10, 5), wanted), "Voilà.")
        call = self.ask(CHAT)
        self.assertEqual(call._get_result().text, "Voilà.")
        said = self.llm.requests[1].messages
        self.assertEqual(said[-1].role, "tool")
        self.assertIn(self.seller.login, said[-1].text)
        self.assertEqual(said[-2].tool_calls, wanted)

    def test_tools_do_not_go_on_for_ever(self):
        wanted = (ToolCall("c1", "look", {}),)
        answer = ModelAnswer("", "tool", Usage(1, 1), wanted)
        self.llm.says(*[answer] * 20)
        call = self.ask(CHAT)
        self.assertEqual(call.fallback_code, "bad_output")
        self.assertEqual(len(self.llm.requests), 7)

    def test_sound_becomes_text(self):
        self.connection.ai_audio_model = "whisper-test"
        self.connection.ai_price_audio = 0.006
        call = self.ask(SOUND)
        self.assertIn("son b.webm", call.result_text)
        self.assertIn("61.0", call.result_text)
        self.assertAlmostEqual(call.cost, 0.012)

    def test_the_same_question_costs_nothing_again(self):
        self.feature.cache_hours = 24
        self.ask()
        again = self.ask()
        self.assertEqual(len(self.llm.requests), 1)
        self.assertTrue(again.is_cache_hit)
        self.assertFalse(again.cost)
        self.assertIn("B", self.partner.comment)

    def test_an_answer_about_one_person_is_nobody_else_s(self):
        """What leaves is the same for both: only placeholders."""
        self.feature.cache_hours = 24
        self.ask()
        self.partner.write({"name": "Yann Ollivier", "email": "y.ollivier@ailleurs.fr"})
        again = self.ask()
        sent = [
            re.sub(r"mail \w{10}>", "mail>", request.messages[-1].text)
            for request in self.llm.requests
        ]
        self.assertEqual(sent[0], sent[1])
        self.assertFalse(again.is_cache_hit)

    def test_a_dismissed_answer_is_not_reused(self):
        self.feature.cache_hours = 24
        self.ask().action_dismiss("wrong_facts", "Le montant est faux")
        self.ask()
        self.assertEqual(len(self.llm.requests), 2)

    def test_a_job_that_runs_twice_asks_once(self):
        call = self.ask()
        self.run_call(call)
        self.assertEqual(len(self.llm.requests), 1)

    def test_texts_are_purged_and_figures_stay(self):
        call = self.ask(params={"note": "Zoé Quintard"})
        call.purge_date = date.today()
        self.env["crm.ai.call"]._gc_texts()
        self.assertTrue(call.is_purged)
        self.assertFalse(call.question or call.answer or call.result_text)
        self.assertFalse(call.params)
        self.assertEqual([source["label"] for source in call.sources], [""])
        self.assertEqual(call.tokens_in, 1000)
        self.assertIsNone(call._get_result())

    def test_decisions(self):
        self.llm.says({"title": "T", "body": "un deux trois quatre"})
        call = self.ask().with_user(self.seller)
        call._decide("edited", sent_text="un deux trois cinq")
        self.assertEqual(call.decision, "edited")
        self.assertEqual(call.edit_pct, 25)
        self.assertEqual(call.decided_by_id, self.seller)
        call._decide("edited", sent_text="un  deux trois quatre")
        self.assertEqual(call.decision, "accepted")

    def test_the_text_grows_on_the_screen(self):
        body = "Bonjour, voici notre offre. Elle vaut jusqu'à la fin du mois."
        self.llm.says({"title": "T", "body": body})
        self.llm.pause_seconds = 0.5
        shown = []

        def notify(_calls, **more):
            shown.append(more.get("text"))

        with patch.object(type(self.env["crm.ai.call"]), "_notify", notify):
            call = self.ask()
        [grown] = [text for text in shown if text]
        self.assertTrue(body.startswith(grown))
        self.assertIn("voici", grown)
        self.assertLess(len(grown), len(body))
        self.assertEqual(call._get_result().body, body)

    def test_the_screen_hears_that_a_silent_model_was_asked(self):
        def think(_request):
            time.sleep(0.5)
            return ModelAnswer('{"title": "T", "body": "B"}', "normal", Usage(10, 10))

        self.llm.says(think)
        heard = []

        def notify(calls, **more):
            heard.append((calls.state, more.get("text")))

        with patch.object(type(self.env["crm.ai.call"]), "_notify", notify):
            self.ask()
        self.assertEqual(heard, [("running", ""), ("done", None)])

    def test_the_register_says_who_was_asked(self):
        self._make_model("Second")
        self.llm.says(AuthenticationError("no"), {"title": "T", "body": "B"})
        call = self.ask()
        first, second = call.steps_text.splitlines()
        self.assertIn("Premier : ", first)
        self.assertIn("Second : ", second)
        self.assertEqual(call.sources_text, "Fiche")

    def test_the_screen_learns_who_answered(self):
        call = self.ask().with_user(self.seller)
        message = call.watch()
        self.assertEqual(message["state"], "done")
        self.assertIn("scripted-1", message["label"])
        self.assertEqual(message["result"], {"title": "T", "body": "B"})

import json
import re
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import TransactionCase

from odoo.addons.crm_ai.lib.messages import (
    ModelAnswer,
    Segment,
    TranscriptAnswer,
    Usage,
)
from odoo.addons.crm_base.lib.errors import UnavailableError

from ..lib.results import MeetingResult
from .common import TEXT, MeetingMixin

EMPTY = {
    "key_points": [],
    "decisions": [],
    "actions": [],
    "budget": None,
    "deadline": None,
    "decision_maker": None,
    "rivals": [],
    "objections": [],
    "mood": None,
}


class Listener:
    """Plays a model that reads the segments it is shown."""

    def __init__(self):
        self.requests = []
        self.heard = []
        self.answer = lambda text: EMPTY
        self.error = None

    def __call__(self, config):
        return self

    def complete(self, request, on_text=None, is_cancelled=None):
        self.requests.append(request)
        if self.error:
            raise self.error
        said = "\n".join(message.text for message in request.messages)
        text = json.dumps(self.answer(said), ensure_ascii=False)
        return ModelAnswer(text, "normal", Usage(1000, 200), model="listener")

    def transcribe(self, name, content, *, language, prompt=""):
        self.heard.append((name, bytes(content)))
        if self.error:
            raise self.error
        lines = content.decode().split("|")
        segments = tuple(
            Segment(line, 10.0 * place, 10.0 * place + 5)
            for place, line in enumerate(lines)
            if line
        )
        return TranscriptAnswer(segments, "fr", Usage(audio_seconds=60), "whisper")

    def list_models(self):
        return ["listener"]

    def close(self):
        pass


@tagged("post_install", "-at_install")
class TestEngine(MeetingMixin, TransactionCase):
    """With a model: its answer is used as far as the transcript bears it out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.env["crm.connection"].create(
            {
                "name": "Modèle",
                "provider": "openai",
                "company_id": cls.company.id,
                "ai_model": "listener",
                "ai_api_key": "sk-test-planted",
                "ai_audio_model": "whisper",
                "state": "ok",
            }
        )
        cls.env["crm.ai.route"].create(
            {"connection_id": cls.connection.id, "company_id": cls.company.id}
        )

    def setUp(self):
        super().setUp()
        self.model = Listener()
        patcher = patch.object(
            type(self.env["crm.connection"]),
            "_get_ai_client_class",
            lambda _self, _provider: self.model,
        )
        patcher.start()
        self.addCleanup(patcher.stop)

    def test_what_the_model_says_becomes_items(self):
        self.model.answer = lambda said: (
            EMPTY
            | {
                "budget": {
                    "amount": 36500,
                    "currency": "EUR",
                    "segment": 1,
                    "also": [],
                },
                "rivals": [{"name": "Pixelnor", "segment": 8, "also": []}],
                "actions": [
                    {
                        "what": "Envoyer la proposition technique",
                        "owner": "Lise Caron",
                        "due": "avant vendredi",
                        "segment": 6,
                        "also": [5],
                    }
                ],
            }
        )
        summary = self.summed_up()
        self.assertEqual((summary.state, summary.answered_by), ("review", "model"))
        self.assertFalse(summary.fallback_reason)
        action = self.items(summary, "action")
        self.assertEqual((action.owner_id, action.segments), (self.seller, [6, 5]))
        self.assertEqual(str(action.date_due), "2026-03-06")

    def test_what_is_not_in_the_words_is_asked_again_then_left_out(self):
        self.model.answer = lambda said: (
            EMPTY
            | {
                "budget": {
                    "amount": 99000,
                    "currency": "EUR",
                    "segment": 1,
                    "also": [],
                },
                "rivals": [
                    {"name": "Pixelnor", "segment": 8, "also": []},
                    {"name": "Inventé", "segment": 8, "also": []},
                    {"name": "Pixelnor", "segment": 400, "also": []},
                ],
            }
        )
        summary = self.summed_up()
        self.assertEqual(len(self.model.requests), 2)
        self.assertEqual(summary.answered_by, "model")
        self.assertEqual(self.items(summary, "rival").mapped("text"), ["Pixelnor"])
        # made up by the model, found by the rules
        budget = self.items(summary, "budget")
        self.assertEqual((budget.amount, budget.segments), (36500, [1]))

    def test_a_broken_model_leaves_the_word_to_the_rules(self):
        self.model.error = UnavailableError("down")
        summary = self.summed_up()
        self.assertEqual((summary.state, summary.answered_by), ("review", "rules"))
        self.assertTrue(summary.fallback_reason)
        self.assertEqual(self.items(summary, "budget").amount, 36500)

    def test_names_and_addresses_do_not_leave(self):
        self.lead.email_from = "marc.oudin@exemple-client.fr"
        text = (
            TEXT + "[00:06:00] Marc Oudin : Écrivez à marc.oudin@exemple-client.fr.\n"
        )
        self.summed_up(text=text)
        sent = "\n".join(
            [r.system + m.text for r in self.model.requests for m in r.messages]
        )
        self.assertIn("36 500", sent)
        for secret in ("Oudin", "Lise", "Caron", "Verrerie", "exemple-client"):
            self.assertNotIn(secret, sent)

    def test_a_long_meeting_is_asked_in_parts_and_joined(self):
        filler = "".join(
            f"[00:{n // 60:02}:{n % 60:02}] Marc Oudin : Remarque numéro {n} sur le"
            " suivi de nos commandes et sur le planning de nos équipes.\n"
            for n in range(600)
        )
        text = filler + "[00:11:00] Marc Oudin : Le budget est de 12 000 euros.\n"
        text = "[00:00:00] Marc Oudin : Le budget est de 9 000 euros.\n" + text

        def answer(said):
            found = re.findall(r"\[(\d+)\][^\n]*budget est de (\d+) 000 euros", said)
            if not found:
                return EMPTY
            place, amount = found[-1]
            budget = {"amount": int(amount) * 1000, "currency": "EUR"}
            return EMPTY | {"budget": budget | {"segment": int(place), "also": []}}

        self.model.answer = answer
        summary = self.summed_up(text=text)
        self.assertGreater(len(self.model.requests), 2)
        call = summary.call_id.sudo()
        self.assertEqual(call.parts, len(self.model.requests))
        self.assertEqual(call.done_parts, call.parts)
        budget = self.items(summary, "budget")
        self.assertEqual((budget.amount, budget.segments), (12000, [601, 0]))

    def test_sound_becomes_words_then_a_summary(self):
        self.model.answer = lambda said: EMPTY
        summaries = self.env["crm.meeting.summary"].with_user(self.seller)
        lead = self.lead.with_user(self.seller)
        sound = b"ID3 notre budget est de 5 000 euros.|on part en juin."
        summary = summaries._start_from_file(lead, "reunion.mp3", sound)
        self.assertEqual(summary.state, "transcribing")
        self.run_call(summary)
        self.assertEqual(summary.state, "summarising")
        self.assertEqual(summary.segment_count, 2)
        self.assertEqual(summary._get_segments()[1].start, 10.0)
        self.run_call(summary)
        self.assertEqual(summary.state, "review")

    def test_a_transcription_that_fails_can_be_tried_again(self):
        summaries = self.env["crm.meeting.summary"].with_user(self.seller)
        lead = self.lead.with_user(self.seller)
        summary = summaries._start_from_file(lead, "r.mp3", b"ID3 bonjour")
        self.model.error = UnavailableError("down")
        self.run_call(summary)
        self.assertEqual(
            (summary.state, summary.problem_code), ("failed", "transcription_failed")
        )
        self.model.error = None
        self.connection.write({"state": "ok", "resume_at": False})
        summary.action_retry()
        self.run_call(summary)
        self.assertEqual(summary.state, "summarising")

    def test_silence(self):
        summaries = self.env["crm.meeting.summary"].with_user(self.seller)
        lead = self.lead.with_user(self.seller)
        summary = summaries._start_from_file(lead, "r.mp3", b"ID3")
        self.model.transcribe = lambda name, content, **kw: TranscriptAnswer((), "fr")
        self.run_call(summary)
        self.assertEqual(summary.problem_code, "no_speech")

    def test_the_shape_asked_is_closed(self):
        self.summed_up()
        schema = self.model.requests[0].schema
        self.assertEqual(set(schema["required"]), set(MeetingResult.model_fields))
        self.assertFalse(schema["additionalProperties"])
        self.assertFalse(self.model.requests[0].tools)

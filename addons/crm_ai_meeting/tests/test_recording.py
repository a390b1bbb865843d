import hashlib
import json

from odoo.exceptions import UserError, ValidationError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import MeetingCase, MeetingMixin


@tagged("post_install", "-at_install")
class TestRecording(MeetingCase):
    """Chunks come in any order, twice, or not at all; the sound is whole or waits."""

    def setUp(self):
        super().setUp()
        action = self.lead.with_user(self.seller).action_record_meeting()
        summaries = self.env["crm.meeting.summary"].with_user(self.seller)
        self.summary = summaries.browse(action["res_id"])
        self.summary.start_recording()

    def send(self, piece, sequence, content=None, start=0.0, user=None):
        content = content or f"{piece}-{sequence};".encode()
        digest = hashlib.sha256(content).hexdigest()
        summary = self.summary.with_user(user or self.seller)
        return summary._add_chunk(
            (piece, sequence, start), content, digest, "audio/webm;codecs=opus"
        )

    def test_pieces_are_put_together_in_order(self):
        self.send(1, 0, start=300.5)
        self.send(0, 1)
        self.send(0, 0)
        self.send(1, 1, start=300.5)
        answer = self.summary.finish_recording({"0": 2, "1": 2})
        self.assertEqual(answer, {"missing": []})
        self.assertEqual(self.summary.state, "transcribing")
        self.assertEqual(
            [
                (name, bytes(raw), start)
                for name, raw, start in self.summary._get_sounds()
            ],
            [
                ("piece-000.webm", b"0-0;0-1;", 0.0),
                ("piece-001.webm", b"1-0;1-1;", 300.5),
            ],
        )
        self.assertFalse(self.summary.chunk_ids)
        # twice is once
        self.assertEqual(self.summary.finish_recording({"0": 2}), {"missing": []})

    def test_it_waits_for_what_is_missing(self):
        self.send(0, 0)
        self.send(0, 2)
        answer = self.summary.finish_recording({"0": 3, "1": 1})
        self.assertEqual(answer, {"missing": [(0, 1), (1, 0)]})
        self.assertEqual(self.summary.state, "recording")

    def test_the_same_chunk_again_changes_nothing(self):
        self.assertEqual(self.send(0, 0), self.send(0, 0))
        with self.assertRaises(ValidationError):
            self.send(0, 0, b"something else")
        self.assertEqual(len(self.summary.chunk_ids), 1)

    def test_damaged_or_misplaced_chunks_are_refused(self):
        with self.assertRaises(ValidationError):
            self.summary._add_chunk((0, 0, 0), b"abc", "0" * 64, "audio/webm")
        for place in ((-1, 0, 0), (0, -1, 0), (500, 0, 0), (0, 0, -3)):
            digest = hashlib.sha256(b"abc").hexdigest()
            with self.assertRaises(ValidationError):
                self.summary._add_chunk(place, b"abc", digest, "audio/webm")
        with self.assertRaises(ValidationError):
            self.send(0, 0, b"x" * (5 * 1024 * 1024 + 1))

    def test_only_its_owner_records(self):
        with self.assertRaises(UserError):
            self.send(0, 0, user=self.admin)

    def test_it_is_found_again(self):
        self.send(0, 0)
        action = self.lead.with_user(self.seller).action_record_meeting()
        self.assertEqual(action["res_id"], self.summary.id)
        again = self.summary.start_recording()
        self.assertEqual((again["piece"], again["arrived"]), (1, {"0": [0]}))
        self.assertTrue(self.summary.consent_at)

    def test_no_model_says_what_to_do_and_a_text_helps(self):
        self.send(0, 0)
        self.summary.finish_recording({"0": 1})
        self.run_call(self.summary)
        self.assertEqual(
            (self.summary.state, self.summary.problem_code),
            ("failed", "no_audio_model"),
        )
        self.assertTrue(self.summary.problem)
        self.summary._replace_text("a.txt", b"Marc : Notre budget est de 7 000 euros.")
        self.run_call(self.summary)
        self.assertEqual(self.summary.state, "review")
        self.assertEqual(self.items(self.summary, "budget").amount, 7000)

    def test_nothing_recorded(self):
        with self.assertRaises(UserError):
            self.summary.finish_recording({})


@tagged("post_install", "-at_install")
class TestRoutes(MeetingMixin, HttpCase):
    """What a browser sends arrives, for whoever may, with a proof of the page."""

    def post(self, url, content, name="a.txt", mimetype="text/plain", **values):
        if "csrf_token" not in values:
            values["csrf_token"] = Request.csrf_token(self)
        return self.url_open(
            url, data=values, files={"file": (name, content, mimetype)}, timeout=30
        )

    def test_a_text_is_dropped(self):
        self.authenticate("meet_seller", "meet_seller")
        url = "/crm_ai_meeting/upload"
        where = {"res_model": "crm.lead", "res_id": self.lead.id}
        answer = self.post(url, b"Marc : Le budget est de 4 000 euros.", **where)
        self.assertEqual(answer.status_code, 200, answer.text)
        summary = self.env["crm.meeting.summary"].browse(answer.json()["id"])
        self.assertEqual(summary.lead_id, self.lead)
        self.assertEqual(summary.user_id, self.seller)
        bad = self.post(url, b"", **where)
        self.assertEqual(bad.status_code, 400)
        self.assertTrue(bad.json()["error"])
        for values in (
            {"res_model": "res.users", "res_id": 1},
            {"res_model": "crm.lead", "res_id": "x"},
        ):
            self.assertEqual(self.post(url, b"Bonjour", **values).status_code, 400)
        self.assertEqual(len(self.lead.meeting_summary_ids), 1)

    def test_who_may_not_read_the_deal_drops_nothing(self):
        where = {"res_model": "crm.lead", "res_id": self.lead.id}
        for login in ("meet_mate", "meet_stranger", "meet_portal"):
            self.authenticate(login, login)
            answer = self.post("/crm_ai_meeting/upload", b"Bonjour", **where)
            self.assertEqual(answer.status_code, 403, login)
        self.authenticate("meet_seller", "meet_seller")
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self.post(
                "/crm_ai_meeting/upload", b"Bonjour", csrf_token="0", **where
            )
        self.assertEqual(answer.status_code, 400)
        self.authenticate(None, None)
        answer = self.post("/crm_ai_meeting/upload", b"Bonjour", **where)
        self.assertIn("/web/login", answer.url)
        self.assertFalse(self.lead.meeting_summary_ids)

    def test_chunks_arrive(self):
        action = self.lead.with_user(self.seller).action_record_meeting()
        summary = self.env["crm.meeting.summary"].browse(action["res_id"])
        url = f"/crm_ai_meeting/chunk/{summary.id}"
        digest = hashlib.sha256(b"abc").hexdigest()
        place = {"piece": 0, "sequence": 0, "start": 0, "sha256": digest}
        self.authenticate("meet_seller", "meet_seller")
        answer = self.post(url, b"abc", "blob", "text/html", **place)
        self.assertEqual(json.loads(answer.text), {"piece": 0, "sequence": 0})
        chunk = summary.chunk_ids
        self.assertEqual(chunk.attachment_id.raw, b"abc")
        self.assertEqual(chunk.mimetype, "audio/webm")
        self.assertFalse(chunk.attachment_id.public)
        wrong = {**place, "sha256": "0"}
        self.assertEqual(self.post(url, b"abc", **wrong).status_code, 400)
        bad = {**place, "piece": "x"}
        self.assertEqual(self.post(url, b"abc", **bad).status_code, 400)
        self.authenticate("meet_mate", "meet_mate")
        self.assertEqual(self.post(url, b"abc", **place).status_code, 403)

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_sign.tests.common import make_pdf

from .common import YousignCase


@tagged("post_install", "-at_install")
class TestSending(YousignCase):
    def test_a_request_goes_out_step_by_step(self):
        request = self.send("Marie Dupont", "Jean Roux", message="<p>Bonjour</p>")
        remote = self.remote(request)
        self.assertEqual(remote["status"], "ongoing")
        self.assertEqual(remote["id"], request.remote_id)
        self.assertEqual(remote["email_notification"]["custom_note"], "Bonjour")
        self.assertTrue(remote["ordered_signers"])
        self.assertTrue(remote["signers_allowed_to_decline"])
        people = [(s["info"]["first_name"], s["status"]) for s in remote["signers"]]
        self.assertEqual(people, [("Marie", "notified"), ("Jean", "initiated")])
        self.assertEqual(
            request.signer_ids.mapped("remote_id"), [s["id"] for s in remote["signers"]]
        )
        self.assertEqual(request.signer_ids.mapped("state"), ["notified", "waiting"])
        self.assertEqual(len(self.calls("POST")), 5)
        self.assertEqual(self.connection.state, "ok")

    def test_the_user_does_not_wait_for_yousign(self):
        request = self.make_yousign()
        request.with_user(self.seller).action_send()
        self.assertEqual(request.state, "sent")
        self.assertFalse(self.standin.state.requests)
        self.assertEqual(self.exchanges("yousign.create").state, "pending")

    def test_signed_there_is_signed_here_with_file_and_proof(self):
        request = self.send("Marie Dupont", "Jean Roux")
        self.act("sign", request=request.reference, signer="marie@client.example")
        self.deliver(*self.events("signer.done"))
        self.assertEqual(request.state, "partial")
        self.act("sign", request=request.reference, signer="jean@client.example")
        self.deliver(*self.events())
        self.assertEqual((request.state, request.seal_state), ("signed", "done"))
        self.assertEqual(request.signer_ids.mapped("state"), ["signed", "signed"])
        document = request.document_ids
        final = document._get_final()
        self.assertTrue(final.startswith(document._get_original().rstrip()))
        self.assertIn(b"Jean Roux", final)
        self.assertTrue(request.audit_attachment_id.raw.startswith(b"%PDF-"))
        self.assertIn(b"Marie Dupont", request.audit_attachment_id.raw)
        self.assertIn("by Yousign", request.signer_ids[0].identified_by)
        self.assertFalse(request._verify_chain())

    def test_several_documents_get_their_own_signed_file(self):
        request = self.make_yousign()
        request.with_user(self.seller)._add_document("Contrat.pdf", make_pdf("Autre"))
        request.action_send()
        self.settle()
        self.act("sign", request=request.reference)
        self.deliver(*self.events("signature_request.done"))
        self.assertEqual(len(request.document_ids), 2)
        for document in request.document_ids:
            original = document._get_original().rstrip()
            self.assertTrue(document._get_final().startswith(original))

    def test_places_are_those_of_our_fields(self):
        request = self.make_yousign()
        document, signer = request.document_ids, request.signer_ids
        common = {
            "request_id": request.id,
            "document_id": document.id,
            "signer_id": signer.id,
        }
        spots = {
            "signature": (100.4, 600.6),
            "text": (100, 300),
            "checkbox": (60, 200),
            "date": (300, 500),
            "initials": (520, 800),
        }
        for kind, (x, y) in spots.items():
            self.env["crm.sign.field"].create(
                {**common, "type": kind, "x": x, "y": y, "width": 60, "height": 30}
            )
        request.action_send()
        self.settle()
        rows = self.remote(request)["signers"][0]["fields"]
        places = {row["type"]: (row["x"], row["y"]) for row in rows}
        self.assertEqual(places["signature"], (100, 601))
        self.assertEqual(places["text"], (100, 300))
        self.assertEqual(places["checkbox"], (60, 200))
        self.assertEqual(places["mention"], (300, 500))
        self.assertEqual(len(rows), 4)

    def test_groups_sign_one_after_the_other(self):
        people = [
            {"name": "Marie Dupont", "order": 1},
            {"name": "Jean Roux", "order": 2},
            {"name": "Zoe Petit", "order": 2},
        ]
        request = self.send(*people)
        remote = self.remote(request)
        stages = [s["recipient_stage_index"] for s in remote["signers"]]
        self.assertEqual(stages, [0, 1, 1])
        self.assertTrue(remote["custom_recipient_order"])

    def test_levels(self):
        for level, remote_level, mode in (
            ("advanced", "advanced_electronic_signature", "otp_sms"),
            ("qualified", "qualified_electronic_signature", None),
        ):
            person = {"name": "Marie Dupont", "phone": "06 12 34 56 78"}
            request = self.send(person, level=level)
            (signer,) = self.remote(request)["signers"]
            self.assertEqual(signer["signature_level"], remote_level)
            self.assertEqual(signer["signature_authentication_mode"], mode)
            self.assertEqual(signer["info"]["phone_number"], "+33612345678")

    def test_what_yousign_would_refuse_is_said_before(self):
        far = fields.Date.today() + timedelta(days=500)
        for person, values, words in (
            ({"name": "Marie Dupont"}, {"level": "advanced"}, "mobile number"),
            ({"name": "\u674e"}, {}, "Latin letters"),
            ({"name": "Cher"}, {"level": "qualified"}, "first name"),
            ({"name": "Marie Dupont"}, {"date_expiry": far}, "one year"),
        ):
            request = self.make_yousign(person, **values)
            with self.assertRaisesRegex(UserError, words):
                request.action_send()
            self.assertEqual(request.state, "draft")
        self.connection.yousign_api_key = False
        with self.assertRaisesRegex(UserError, "API key"):
            self.make_yousign().action_send()
        self.assertFalse(self.standin.state.requests)

    def test_a_refusal_says_who_and_why(self):
        request = self.send("Marie Dupont", "Jean Roux")
        self.act("decline", request=request.reference, reason="Trop cher")
        self.deliver(*self.events())
        self.assertEqual(request.state, "refused")
        marie = request.signer_ids[0]
        self.assertEqual((marie.state, marie.refused_reason), ("refused", "Trop cher"))

    def test_expired_and_cancelled_there_end_here(self):
        for action, state in (("expire", "expired"), ("cancel", "cancelled")):
            request = self.send()
            self.act(action, request=request.reference)
            self.deliver(*self.events(f"signature_request.{state.replace('ll', 'l')}"))
            self.assertEqual(request.state, state)

    def test_cancelled_here_is_cancelled_there(self):
        request = self.send()
        request.action_cancel()
        self.settle()
        self.assertEqual(self.remote(request)["status"], "canceled")
        self.assertEqual(request.state, "cancelled")

    def test_cancelled_before_it_left_never_leaves(self):
        request = self.make_yousign()
        request.action_send()
        request.action_cancel()
        self.settle()
        self.assertFalse(self.calls("POST"))

    def test_reminders_are_sent_by_yousign(self):
        request = self.send("Marie Dupont", "Jean Roux")
        request.with_user(self.seller).action_remind()
        self.settle()
        self.assertEqual(self.remote(request)["reminders"], 1)
        self.act("sign", request=request.reference, signer="marie@client.example")
        # Its own news has not come yet: Yousign reminds nobody, nothing fails.
        request.with_user(self.seller).action_remind()
        self.settle()
        self.assertEqual(self.remote(request)["reminders"], 1)
        self.assertEqual(
            set(self.exchanges("yousign.remind").mapped("state")), {"done"}
        )

    def test_a_missed_webhook_is_found_by_the_hourly_look(self):
        request = self.send()
        self.act("sign", request=request.reference)
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_sign_yousign.ir_cron_look_at_yousign"
            ).method_direct_trigger()
        self.settle()
        self.assertEqual((request.state, request.seal_state), ("signed", "done"))
        # asked an hour ago at least: not at once again
        before = len(self.exchanges("yousign.look"))
        self.env["crm.sign.request"]._cron_look_at_yousign()
        self.assertEqual(len(self.exchanges("yousign.look")), before)

    def test_the_button_asks_once(self):
        request = self.send()
        request.with_user(self.seller).action_refresh()
        request.with_user(self.seller).action_refresh()
        self.assertEqual(len(self.exchanges("yousign.look")), 1)

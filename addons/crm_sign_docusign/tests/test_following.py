import hashlib
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import DocusignCase


@tagged("post_install", "-at_install")
class TestFollowing(DocusignCase):
    """What happens at DocuSign is known here, by events or by asking."""

    def test_signed_there_means_signed_here_with_file_and_proof(self):
        request = self.send_request("Marie Dupont", "Paul Roux")
        self.finish(request)
        self.assertEqual((request.state, request.seal_state), ("signed", "done"))
        self.assertEqual(set(request.signer_ids.mapped("state")), {"signed"})
        self.assertEqual(
            set(request.signer_ids.mapped("identified_by")),
            {"DocuSign, personal link by mail"},
        )
        document = request.document_ids
        there = self.standin.admin.final_file(request.remote_id, str(document.id))
        self.assertEqual(document._get_final(), there)
        self.assertEqual(document.final_sha256, hashlib.sha256(there).hexdigest())
        proof = request.sudo().audit_attachment_id.raw
        self.assertTrue(proof.startswith(b"%PDF-"))
        request._verify_chain()
        self.assertEqual(request.chain_state, "intact")

    def test_one_late_event_tells_the_whole_way(self):
        request = self.send_request()
        self.act(request, "open", request.signer_ids)
        self.sign_there(request)
        self.receive(self.bodies(request)[-1:])
        signer = request.signer_ids
        self.assertTrue(signer.notified_at and signer.opened_at and signer.signed_at)
        self.assertEqual(request.state, "signed")

    def test_events_in_any_order_and_twice_have_one_effect(self):
        request = self.send_request("Marie Dupont", "Paul Roux")
        self.sign_there(request)
        events = self.bodies(request)
        self.receive([*reversed(events), *events])
        self.run_outgoing(self.connection)
        self.assertEqual(request.state, "signed")
        kinds = self.kinds(request)
        self.assertEqual(kinds.count("signed"), 2)
        self.assertEqual(kinds.count("completed"), 1)
        self.assertEqual(kinds.count("sealed"), 1)
        self.assertEqual(len(self.calls("GET", "/documents/certificate")), 1)

    def test_an_event_before_our_own_answer_is_found_by_our_reference(self):
        request = self.send_request()
        envelope_id = request.remote_id
        self.sign_there(request)
        request.sudo().remote_id = False
        self.receive(self.bodies(request))
        self.assertEqual(request.remote_id, envelope_id)
        self.assertEqual(request.state, "signed")

    def test_refused_there_is_refused_here_with_the_reason(self):
        request = self.send_request("Marie Dupont", "Paul Roux")
        self.act(request, "decline", request.signer_ids[0], reason="Trop cher")
        self.receive(self.bodies(request))
        self.assertEqual(request.state, "refused")
        self.assertEqual(request.signer_ids[0].refused_reason, "Trop cher")
        self.assertIn("Trop cher", request.ended_reason)
        self.assertTrue(request.activity_ids)

    def test_voided_there_is_cancelled_here(self):
        request = self.send_request()
        self.admin("void", envelope=request.remote_id, reason="Erreur de prix")
        self.receive(self.bodies(request))
        self.assertEqual(request.state, "cancelled")
        self.assertEqual(request.ended_reason, "Cancelled at DocuSign: Erreur de prix")

    def test_an_archived_request_is_followed_too(self):
        asked, told = self.send_request(), self.send_request()
        (asked | told).active = False
        self.sign_there(told)
        self.receive(self.bodies(told))
        self.assertEqual(told.state, "signed")
        self.sign_there(asked)
        self.env["crm.sign.request"]._cron_follow_docusign()
        self.run_outgoing(self.connection)
        self.assertEqual(asked.state, "signed")

    def test_ended_there_for_want_of_time_is_expired_here(self):
        request = self.send_request()
        self.admin("expire", envelope=request.remote_id)
        self.receive(self.bodies(request))
        self.assertEqual(request.state, "expired")

    def test_handed_over_there_the_evidence_names_who_signed(self):
        request = self.send_request({"name": "Marie Dupont", "can_delegate": True})
        self.act(
            request,
            "reassign",
            request.signer_ids,
            name="Paul Roux",
            email="paul@client.example",
        )
        self.finish(request)
        self.assertEqual(request.state, "signed")
        self.assertEqual(
            request.signer_ids.docusign_stand_in, "Paul Roux <paul@client.example>"
        )
        (signed,) = request.event_ids.filtered(lambda e: e.kind == "signed")
        self.assertIn("paul@client.example", signed.details_json)
        self.assertEqual(self.kinds(request).count("delegated"), 1)

    def test_a_mail_that_came_back_is_a_task_for_somebody(self):
        request = self.send_request()
        self.act(request, "bounce", request.signer_ids)
        self.receive(self.bodies(request) * 2)
        self.assertIn("mailbox", request.signer_ids.delivery_error)
        self.assertEqual(request.state, "sent")
        self.assertEqual(len(request.activity_ids), 1)

    def test_signed_after_the_end_here_is_said(self):
        request = self.send_request()
        self.sign_there(request)
        request.action_cancel()
        self.run_outgoing(self.connection)
        self.assertEqual(self.envelope(request)["status"], "completed")
        self.receive(self.bodies(request))
        self.assertEqual(request.state, "cancelled")
        self.assertIn(request.remote_id, request.activity_ids.note)

    def test_an_envelope_of_somebody_else_is_ignored_with_a_reason(self):
        request = self.send_request()
        body = self.bodies(request)[-1]
        for old in (request.remote_id, request.reference):
            body = body.replace(old.encode(), b"x" * len(old))
        self.receive([body])
        exchange = self.env["crm.exchange"].search(
            [("direction", "=", "in"), ("connection_id", "=", self.connection.id)]
        )
        self.assertEqual(exchange.state, "ignored")
        self.assertIn("not sent from here", exchange.cause)

    # === Asking === #

    def _later(self, **delta):
        """As if the last question had been asked some time ago."""
        requests = self.env["crm.sign.request"].search([("remote_id", "!=", False)])
        requests.sudo().docusign_asked_at = fields.Datetime.now() - timedelta(**delta)

    def _follow(self):
        self.env["crm.sign.request"]._cron_follow_docusign()
        self.run_outgoing(self.connection)

    def test_what_no_event_told_is_asked(self):
        request = self.send_request()
        self.sign_there(request)
        self._follow()
        self._follow()
        self.assertEqual((request.state, request.seal_state), ("signed", "done"))

    def test_many_are_asked_in_one_call_and_not_again_at_once(self):
        for _number in range(3):
            self.send_request()
        self.standin.state.requests.clear()
        self._follow()
        self.assertEqual(len(self.calls("GET", "/envelopes")), 1)
        self._follow()
        self.assertEqual(len(self.calls("GET", "/envelopes")), 1)
        self._later(minutes=20)
        self._follow()
        self.assertEqual(len(self.calls("GET", "/envelopes")), 1, "events tell us")
        self._later(minutes=61)
        self._follow()
        self.assertEqual(len(self.calls("GET", "/envelopes")), 2)

    def test_without_a_key_of_connect_the_gap_is_a_quarter_of_an_hour(self):
        self.connection.webhook_secret = False
        request = self.send_request()
        _account, kept = self.standin.state.find(request.remote_id)
        self.assertNotIn("eventNotification", kept)
        self.standin.state.requests.clear()
        self._later(minutes=16)
        self._follow()
        self.assertEqual(len(self.calls("GET", "/envelopes")), 1)
        self._later(minutes=10)
        self._follow()
        self.assertEqual(len(self.calls("GET", "/envelopes")), 1)

    def test_the_button_asks_once_in_a_quarter_of_an_hour(self):
        request = self.send_request()
        self.act(request, "open", request.signer_ids)
        request.with_user(self.seller).action_refresh()
        self.run_outgoing(self.connection)
        self.assertEqual(request.signer_ids.state, "opened")
        self.standin.state.requests.clear()
        request.with_user(self.seller).action_refresh()
        self.run_outgoing(self.connection)
        self.assertFalse(self.standin.state.requests)

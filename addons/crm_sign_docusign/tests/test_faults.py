from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DocusignCase


@tagged("post_install", "-at_install")
class TestFaults(DocusignCase):
    """Each trouble has an end, nothing is lost and nothing done twice."""

    def _again(self):
        """The schedule or a person tries what waits again."""
        waiting = self.env["crm.exchange"].search(
            [("connection_id", "=", self.connection.id), ("state", "=", "pending")]
        )
        waiting.write({"next_attempt_at": "2020-01-01"})
        self.connection.resume_at = False
        self.run_outgoing(self.connection)

    def _meet(self, **fault):
        self.admin("faults", **fault)
        return self.send_request()

    def test_a_lost_answer_makes_no_second_envelope(self):
        request = self._meet(kind="lost_answer", method="POST", path="/envelopes")
        self.assertFalse(request.remote_id)
        self._again()
        self.assertEqual(len(self.envelopes()), 1)
        self.assertEqual(request.remote_id, self.envelopes()[0]["envelopeId"])
        self.assertEqual(self.envelope(request)["status"], "sent")

    def test_a_lost_answer_to_sending_mails_once(self):
        request = self._meet(kind="lost_answer", method="PUT")
        self.assertEqual(request.signer_ids.state, "waiting")
        self._again()
        self.assertEqual(request.signer_ids.state, "notified")
        self.assertEqual(len(self.standin.state.mails), 1)

    def test_docusign_down_then_back(self):
        for kind in ("500", "reset", "hourly_limit", "burst_limit"):
            with self.subTest(kind):
                request = self._meet(kind=kind, method="POST", path="/envelopes")
                exchange = self.exchange("docusign.create", request)
                self.assertEqual(exchange.state, "pending")
                self._again()
                self.assertEqual(self.envelope(request)["status"], "sent")

    def test_the_hourly_limit_rests_the_connection_until_the_hour_is_over(self):
        self._meet(kind="hourly_limit", method="POST", path="/envelopes")
        self.assertTrue(self.connection.resume_at)

    def test_refused_for_good_says_why_and_leaves_a_task(self):
        self.connection.docusign_advanced_provider = "no_such_provider"
        request = self.send_request(
            {"name": "Marie Dupont", "phone": "+33612345678"}, level="advanced"
        )
        self.assertEqual(self.exchange("docusign.create", request).state, "failed")
        self.assertIn("signature provider is not enabled", request.provider_error)
        self.assertTrue(request.activity_ids)
        self.assertEqual(request.state, "sent")
        self.run_check(self.connection)
        request.with_user(self.seller).action_send_again()
        self.run_outgoing(self.connection)
        self.assertEqual(self.envelope(request)["status"], "sent")
        self.assertFalse(request.provider_error)

    def test_a_draft_that_could_not_be_sent_is_sent_later(self):
        request = self._meet(kind="refused", method="PUT")
        self.assertIn("written to nobody", request.provider_error)
        request.with_user(self.seller).action_send_again()
        self.run_outgoing(self.connection)
        self.assertEqual(self.envelope(request)["status"], "sent")
        self.assertEqual(len(self.envelopes()), 1)

    def test_what_was_tried_for_days_is_looked_for_before_it_is_made_again(self):
        request = self._meet(kind="lost_answer", method="POST", path="/envelopes")
        exchange = self.exchange("docusign.create", request)
        exchange._finish("give_up", code="unavailable", cause="ten times in vain")
        request.sudo()._provider_failed("ten times in vain")
        request.with_user(self.seller).action_send_again()
        self._again()
        self.assertEqual(len(self.envelopes()), 1)
        self.assertEqual(self.envelope(request)["status"], "sent")

    def test_no_consent_pauses_then_everything_leaves(self):
        request = self.make_request(connection_id=self.connection.id)
        request.action_send()
        self.admin("revoke", **self.customer)
        self.run_outgoing(self.connection)
        self.assertTrue(self.connection.is_paused)
        self.assertTrue(self.connection.docusign_needs_consent)
        self.assertEqual(self.exchange("docusign.create", request).state, "pending")
        self.admin("consent", **self.customer)
        self.run_check(self.connection)
        self.assertEqual(self.connection.state, "ok")
        self.assertFalse(self.connection.docusign_needs_consent)
        self.run_outgoing(self.connection)
        self.assertEqual(self.envelope(request)["status"], "sent")

    def test_a_token_that_was_revoked_is_replaced_in_the_same_attempt(self):
        self.send_request()
        self.admin("expire_tokens")
        request = self.send_request()
        self.assertEqual(self.exchange("docusign.create", request).attempt_count, 1)
        self.assertEqual(self.envelope(request)["status"], "sent")

    def test_files_not_readable_yet_are_brought_later(self):
        self.standin.state.settings.unreadable_reads = 1
        request = self.send_request()
        self.finish(request)
        self.assertEqual((request.state, request.seal_state), ("signed", "waiting"))
        self._again()
        self.assertEqual(request.seal_state, "done")

    def test_files_that_cannot_be_brought_have_a_button(self):
        self.admin("faults", kind="garbage", path="/documents/")
        request = self.send_request()
        self.finish(request)
        self.assertEqual((request.state, request.seal_state), ("signed", "failed"))
        self.assertIn("could not be brought", request.seal_error)
        request.with_user(self.seller).action_retry_seal()
        self.run_outgoing(self.connection)
        self.assertEqual(request.seal_state, "done")

    def test_a_void_that_is_refused_is_said(self):
        request = self.send_request()
        request.action_cancel()
        self.admin("faults", kind="403", method="PUT")
        self.run_outgoing(self.connection)
        self.assertTrue(self.connection.is_paused, "waits for the right to void")
        self.connection._set_ok()
        self._again()
        self.assertEqual(self.envelope(request)["status"], "voided")

    def test_a_list_with_something_strange_in_it_tells_the_rest(self):
        request = self.send_request()
        self.act(request, "open", request.signer_ids)
        rows = [None, {"envelopeId": 5}, self.envelope(request)]
        self.connection._apply_docusign_rows(rows)
        self.assertEqual(request.signer_ids.state, "opened")

    @mute_logger("odoo.addons.crm_sign_docusign.models.crm_sign_request")
    def test_a_status_nobody_knows_changes_nothing(self):
        request = self.send_request()
        row = {**self.envelope(request), "status": "teleported"}
        self.connection._apply_docusign_rows([row])
        self.assertEqual(request.state, "sent")

    def test_a_file_that_changed_meanwhile_is_not_sent(self):
        request = self.make_request(connection_id=self.connection.id)
        request.action_send()
        # Nobody can change the file; a restored backup could hold another one.
        document = type(request.document_ids)
        self.patch(document, "_get_original", lambda _document: b"%PDF-1.4 other")
        self.run_outgoing(self.connection)
        self.assertFalse(self.envelopes())
        self.assertIn("not the one that was sent", request.provider_error)

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import YousignCase

PATHS = {
    "create": "signature_requests$",
    "document": "/documents$",
    "signer": "/signers$",
    "activate": "/activate$",
}


@tagged("post_install", "-at_install")
class TestFaults(YousignCase):
    def assert_sent_once(self, request):
        remote = self.remote(request)
        self.assertEqual(remote["status"], "ongoing")
        counts = [len(remote[name]) for name in ("documents", "signers")]
        self.assertEqual(counts, [len(request.document_ids), len(request.signer_ids)])
        self.assertFalse(request.provider_error)
        self.assertEqual(request.signer_ids[0].state, "notified")

    def test_an_answer_lost_at_any_step_repeats_nothing(self):
        cases = [(step, "lost_answer") for step in PATHS]
        cases += [("document", "reset"), ("signer", "500"), ("activate", "503")]
        for step, kind in cases:
            with self.subTest(step=step, kind=kind):
                self.act("faults", kind=kind, method="POST", path=PATHS[step])
                request = self.send("Marie Dupont", "Jean Roux")
                self.assert_sent_once(request)

    def test_too_many_calls_wait_as_long_as_asked(self):
        self.act("faults", kind="429", method="POST", seconds=40)
        request = self.make_yousign()
        request.action_send()
        self.run_outgoing(self.connection)
        exchange = self.exchanges("yousign.create")
        self.assertEqual(
            (exchange.state, exchange.cause_code), ("pending", "rate_limited")
        )
        wait = exchange.next_attempt_at - exchange.sent_at
        self.assertGreaterEqual(wait.total_seconds(), 39)
        self.settle()
        self.assert_sent_once(request)

    def test_a_key_refused_holds_everything_back_and_loses_nothing(self):
        self.act("faults", kind="401", count=1)
        request = self.make_yousign()
        request.action_send()
        self.run_outgoing(self.connection)
        self.assertTrue(self.connection.is_paused)
        self.assertEqual(self.exchanges("yousign.create").state, "pending")
        self.connection.yousign_api_key = "yousign_tests"
        self.settle()
        self.assert_sent_once(request)

    def test_a_refusal_is_said_on_the_request_and_can_be_tried_again(self):
        self.act("faults", kind="403", method="POST", path=PATHS["signer"])
        request = self.send()
        self.assertIn("may not do this", request.provider_error)
        self.assertIn("rights of the key", request.provider_error)
        self.assertTrue(request.activity_ids)
        self.assertEqual(request.state, "sent")
        # Other requests still go out.
        self.assert_sent_once(self.send("Jean Roux"))
        request.with_user(self.seller).action_send_again()
        self.settle()
        self.assert_sent_once(request)

    def test_nonsense_is_no_answer(self):
        self.act("faults", kind="garbage", method="POST", path=PATHS["create"])
        request = self.send()
        self.assertIn("not JSON", request.provider_error)
        request.with_user(self.seller).action_send_again()
        self.settle()
        self.assert_sent_once(request)

    def test_a_file_that_is_late_is_waited_for(self):
        request = self.send()
        self.act("sign", request=request.reference)
        self.act("settings", files_not_ready=2)
        self.deliver(*self.events("signature_request.done"))
        self.assertEqual((request.state, request.seal_state), ("signed", "done"))
        self.assertGreater(self.exchanges("yousign.look").attempt_count, 1)

    def test_a_file_that_is_none_is_not_kept(self):
        request = self.send()
        self.act("sign", request=request.reference)
        self.act("faults", kind="garbage", path="/documents/download")
        self.deliver(*self.events())
        self.assertEqual((request.state, request.seal_state), ("signed", "failed"))
        self.assertFalse(request.document_ids.final_attachment_id)
        request.with_user(self.seller).action_retry_seal()
        self.settle()
        self.assertEqual(request.seal_state, "done")

    def test_cancelled_while_it_was_being_sent(self):
        request = self.make_yousign()
        request.action_send()
        self.act("faults", kind="lost_answer", method="POST", path=PATHS["create"])
        self.run_outgoing(self.connection)
        request.action_cancel()
        self.settle()
        self.assertEqual(self.remote(request)["status"], "deleted")
        self.assertEqual(request.state, "cancelled")

    def test_cancelled_too_late_is_said(self):
        request = self.send()
        self.act("sign", request=request.reference)
        request.action_cancel()
        self.settle()
        self.assertEqual(request.state, "cancelled")
        self.assertEqual(request.activity_ids.summary, "Signed at Yousign after all")
        self.assertIn(request.remote_id, request.activity_ids.note)

    def test_down_for_days_then_a_person_decides(self):
        self.act("faults", kind="503", count=1000)
        request = self.make_yousign()
        request.action_send()
        with mute_logger("odoo.addons.crm_integrations"):
            self.settle()
        self.assertIn("has not answered for days", request.provider_error)
        self.standin.state.faults.clear()
        request.with_user(self.seller).action_send_again()
        self.settle()
        self.assert_sent_once(request)

    def test_gone_there_is_ended_here(self):
        request = self.send()
        self.account.requests.clear()
        request.action_refresh()
        self.settle()
        self.assertEqual(request.state, "cancelled")

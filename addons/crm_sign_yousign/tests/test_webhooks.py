import json

from odoo.tests import HttpCase, TransactionCase, tagged

from ..lib import signature
from .common import SECRET, YousignCase, YousignMixin


@tagged("post_install", "-at_install")
class TestEvents(YousignCase):
    def test_any_order_and_any_number_of_times_ends_the_same(self):
        request = self.send("Marie Dupont", "Jean Roux")
        self.act("sign", request=request.reference)
        events = self.events()
        self.deliver(*reversed(events))
        self.assertEqual((request.state, request.seal_state), ("signed", "done"))
        count = len(request.event_ids)
        final = request.document_ids.final_sha256
        self.deliver(*events, *events)
        self.assertEqual(len(request.event_ids), count)
        self.assertEqual(request.document_ids.final_sha256, final)
        rows = self.env["crm.exchange"].search_count(
            [("connection_id", "=", self.connection.id), ("direction", "=", "in")]
        )
        self.assertEqual(rows, len(events))

    def test_an_event_that_overtakes_our_own_answer(self):
        request = self.make_yousign()
        request.action_send()
        self.settle()
        events = self.events("signer.notified")
        # As if the answer to our creation was still on its way.
        request.remote_id = False
        request.signer_ids.write({"remote_id": False, "state": "waiting"})
        self.deliver(*events)
        self.assertEqual(request.remote_id, self.remote(request)["id"])
        self.assertEqual(request.signer_ids.state, "notified")

    def test_late_events_do_not_open_again_what_has_ended(self):
        request = self.send()
        self.act("sign", request=request.reference)
        events = self.events()
        request.action_cancel()
        self.settle()
        self.deliver(*events)
        self.assertEqual(request.state, "cancelled")
        self.assertFalse(request.document_ids.final_attachment_id)

    def test_events_of_others_are_kept_and_ignored(self):
        request = self.send()
        self.act("emit", request=request.reference, event="signer.sender_contacted")
        foreign = self.act(
            "emit",
            request=request.reference,
            event="signature_request.done",
            change={"id": "0" * 36, "external_id": None},
        )
        twin = self.act(
            "emit",
            request=request.reference,
            event="signature_request.canceled",
            change={"id": "1" * 36},
        )
        self.deliver(self.events("signer.sender_contacted")[0], foreign, twin)
        exchanges = self.env["crm.exchange"].search(
            [("connection_id", "=", self.connection.id), ("direction", "=", "in")]
        )
        self.assertEqual(set(exchanges.mapped("state")), {"ignored"})
        self.assertTrue(all(exchanges.mapped("cause")))
        self.assertEqual(request.state, "sent")

    def test_a_mail_that_does_not_arrive_is_a_task(self):
        request = self.send()
        self.act(
            "trouble",
            request=request.reference,
            event="signer.notification_delivery_failed",
        )
        self.deliver(*self.events("signer.notification_delivery_failed"))
        self.assertIn("check the address", request.signer_ids.delivery_error)
        self.assertIn("Marie Dupont", request.activity_ids.summary)
        self.assertEqual(request.state, "sent")

    def test_the_time_of_the_fact_is_the_vendors(self):
        request = self.send()
        now = self.standin.state.now()
        self.standin.state.now = lambda: now - 3600
        self.addCleanup(setattr, self.standin.state, "now", lambda: now)
        self.act("sign", request=request.reference)
        self.deliver(*self.events("signer.done"))
        signed_at = request.signer_ids.signed_at
        self.assertAlmostEqual(signed_at.timestamp(), now - 3600, delta=7300)
        self.assertLess(signed_at, request.sent_at)

    def test_broken_events_fail_and_wait_for_a_person(self):
        broken = {"event_id": "e1", "event_name": "signer.done", "data": {}}
        body = json.dumps(broken).encode()
        self.assertEqual(self.knock(body), 200)
        self.run_incoming(self.connection)
        exchange = self.exchanges("signer.done")
        self.assertEqual((exchange.state, exchange.cause_code), ("failed", "malformed"))


@tagged("post_install", "-at_install")
class TestDoor(YousignMixin, HttpCase):
    def knock(self, body, header, url=None):
        url = url or self.connection.webhook_url
        path = "/" + url.split("/", 3)[3]
        headers = {"X-Yousign-Signature-256": header} if header is not None else {}
        answer = self.url_open(path, data=body, headers=headers)
        self.env.invalidate_all()
        return answer.status_code

    def test_only_signed_messages_come_in(self):
        body = json.dumps(
            {"event_id": "e2", "event_name": "x.y", "event_time": "1", "data": {}}
        ).encode()
        good = signature.sign(body, SECRET)
        count = self.env["crm.exchange"].search_count([])
        for header, reason in (
            (None, "no_header"),
            ("sha256=00", "no_match"),
            (signature.sign(body + b" ", SECRET), "no_match"),
            (signature.sign(body, "other"), "no_match"),
        ):
            self.assertEqual(self.knock(body, header), 400)
            self.assertEqual(self.connection.webhook_refused_reason, reason)
        self.assertEqual(self.connection.webhook_refused_count, 4)
        self.assertEqual(self.env["crm.exchange"].search_count([]), count)
        self.assertEqual(self.knock(body, good), 200)
        self.assertEqual(self.knock(body, good), 200)
        self.assertEqual(self.env["crm.exchange"].search_count([]), count + 1)

    def test_without_a_secret_everything_is_refused(self):
        body = b'{"event_id": "e", "event_name": "n", "data": {}}'
        self.connection.webhook_secret = False
        self.assertEqual(self.knock(body, signature.sign(body, "")), 403)
        self.assertEqual(self.connection.webhook_refused_reason, "no_secret")

    def test_what_is_no_event_is_refused(self):
        for body in (b"[]", b"x", b'{"event_id": 1, "event_name": "n", "data": {}}'):
            self.assertEqual(self.knock(body, signature.sign(body, SECRET)), 400)
        self.assertEqual(self.connection.webhook_refused_reason, "not_an_event")

    def test_other_doors_are_closed(self):
        good = self.connection.webhook_url
        for url in (good + "x", good.replace("webhook/", "webhook/%00")):
            self.assertEqual(self.knock(b"{}", "sha256=0", url), 404)
        self.assertEqual(self.knock(b"x" * 1_000_001, "sha256=0"), 413)
        path = "/" + good.split("/", 3)[3]
        self.assertEqual(self.url_open(path).status_code, 405)


@tagged("post_install", "-at_install")
class TestNeutralized(YousignMixin, TransactionCase):
    def test_a_copy_forgets_the_account(self):
        from odoo.modules.neutralize import get_neutralization_queries

        self.env.flush_all()
        for query in get_neutralization_queries(
            ["crm_integrations", "crm_sign_yousign"]
        ):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(self.connection.yousign_api_key)
        self.assertFalse(self.connection.webhook_key)
        self.assertFalse(self.connection.webhook_secret)
        cron = self.env.ref("crm_sign_yousign.ir_cron_look_at_yousign")
        self.assertFalse(cron.active)

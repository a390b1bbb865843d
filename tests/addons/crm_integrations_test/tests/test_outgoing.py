import threading
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..receiver import Answer
from .common import EngineCase

SENDER = "odoo.addons.crm_integrations.models.crm_exchange_sender"


@tagged("post_install", "-at_install")
class TestOutgoing(EngineCase):
    def test_messages_leave_with_their_key_and_are_done(self):
        receiver = self.receiver()
        exchanges = [self.send(f"k{n}", n=n) for n in range(10)]
        self.run_outgoing(self.connection)
        self.assertEqual({e.state for e in exchanges}, {"done"})
        self.assertEqual(sorted(receiver.accepted), sorted(f"k{n}" for n in range(10)))
        self.assertEqual(exchanges[0].remote_id, "remote-k0")
        self.assertEqual(exchanges[0].attempt_ids.http_status, 200)
        self.assertEqual(len(self.effects()), 10)
        self.assertEqual(self.connection.state, "ok")

    def test_the_same_key_is_written_and_sent_once(self):
        receiver = self.receiver()
        first, again = self.send("k"), self.send("k")
        self.assertEqual(first, again)
        self.run_outgoing(self.connection)
        self.send("k")
        self.run_outgoing(self.connection)
        self.assertEqual(receiver.seen["k"], 1)

    def test_a_rolled_back_fact_sends_nothing(self):
        receiver = self.receiver()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.send("k")
            raise ZeroDivisionError
        self.run_outgoing(self.connection)
        self.assertFalse(receiver.seen)
        self.assertFalse(self.jobs("_job_send"))

    def test_no_more_calls_at_once_than_allowed(self):
        receiver = self.receiver(lambda key, seen: Answer(delay_seconds=0.05))
        self.connection.max_parallel = 3
        for number in range(12):
            self.send(f"k{number}")
        self.run_outgoing(self.connection)
        self.assertEqual(len(receiver.accepted), 12)
        self.assertEqual(receiver.busiest, 3)

    def test_calls_run_in_threads_without_a_cursor(self):
        self.receiver()
        names = []
        prepare = type(self.connection)._prepare_call_test

        def spy(connection, exchange):
            call = prepare(connection, exchange)

            def called():
                names.append(threading.current_thread().name)
                return call()

            return called

        self.send("k")
        with patch.object(type(self.connection), "_prepare_call_test", spy):
            self.run_outgoing(self.connection)
        self.assertTrue(names[0].startswith("crm_exchange"))

    def test_a_failing_server_is_asked_again_with_the_same_key_and_bytes(self):
        receiver = self.receiver(
            lambda key, seen: Answer(500) if seen < 3 else Answer(201)
        )
        exchange = self.send("k", n=1)
        self.run_outgoing(self.connection)
        self.assertEqual(exchange.state, "pending")
        self.assertEqual(exchange.cause_code, "unavailable")
        for _attempt in range(2):
            with freeze_time(exchange.next_attempt_at + timedelta(seconds=1)):
                self.run_outgoing(self.connection)
        self.assertEqual(exchange.state, "done")
        self.assertEqual(exchange.attempt_count, 3)
        self.assertEqual(exchange.attempt_ids.mapped("http_status"), [201, 500, 500])
        self.assertEqual(receiver.seen["k"], 3)
        self.assertEqual(len(receiver.bodies["k"]), 1)

    def test_ten_attempts_over_three_days_then_failed(self):
        self.receiver(lambda key, seen: Answer(503))
        exchange = self.send("k")
        started = fields.Datetime.now()
        for _attempt in range(10):
            self.connection.resume_at = False
            with freeze_time(max(exchange.next_attempt_at, started)):
                self.run_outgoing(self.connection)
        self.assertEqual(exchange.state, "failed")
        self.assertEqual(exchange.attempt_count, 10)
        self.assertEqual(self.connection.state, "error")
        self.assertTrue(self.connection.activity_ids)
        self.assertGreater(exchange.attempt_ids[0].at - started, timedelta(days=2))

    def test_a_refusal_fails_at_once_with_the_reason(self):
        receiver = self.receiver(lambda key, seen: Answer(422))
        exchange = self.send("k")
        self.run_outgoing(self.connection)
        self.assertEqual((exchange.state, exchange.cause_code), ("failed", "refused"))
        self.assertIn("422", exchange.cause)
        self.assertTrue(exchange.advice)
        self.assertEqual(receiver.seen["k"], 1)
        self.assertEqual(self.connection.state, "error")
        receiver.script = lambda key, seen: Answer()
        self.send("k2")
        self.run_outgoing(self.connection)
        self.assertEqual(self.connection.state, "ok")
        self.assertFalse(self.connection.last_error)

    def test_an_unreadable_answer_fails(self):
        self.receiver(lambda key, seen: Answer(200, body=b"<html>"))
        exchange = self.send("k")
        self.run_outgoing(self.connection)
        self.assertEqual(exchange.cause_code, "malformed")

    def test_refused_keys_pause_the_connection_and_lose_nothing(self):
        receiver = self.receiver(lambda key, seen: Answer(401))
        self.connection.max_parallel = 1
        exchanges = [self.send(f"k{n}") for n in range(4)]
        self.run_outgoing(self.connection)
        self.assertEqual(sum(receiver.seen.values()), 1)
        self.assertEqual({e.state for e in exchanges}, {"pending"})
        self.assertTrue(self.connection.is_paused)
        self.assertTrue(self.connection.activity_ids)
        self.run_outgoing(self.connection)
        self.assertEqual(sum(receiver.seen.values()), 1)
        receiver.script = lambda key, seen: Answer()
        self.run_check(self.connection)
        self.assertEqual(self.connection.state, "ok")
        self.run_outgoing(self.connection)
        self.assertEqual({e.state for e in exchanges}, {"done"})

    def test_an_edit_resumes_a_paused_connection(self):
        receiver = self.receiver(lambda key, seen: Answer(403))
        exchange = self.send("k")
        self.run_outgoing(self.connection)
        self.assertTrue(self.connection.is_paused)
        receiver.script = lambda key, seen: Answer()
        self.connection.webhook_secret = "another"
        self.assertEqual(self.connection.state, "draft")
        self.run_outgoing(self.connection)
        self.assertEqual(exchange.state, "done")

    def test_a_slow_down_request_rests_the_whole_connection(self):
        receiver = self.receiver(lambda key, seen: Answer(429, {"Retry-After": "600"}))
        self.connection.max_parallel = 1
        first, second = self.send("k1"), self.send("k2")
        self.run_outgoing(self.connection)
        self.assertEqual(sum(receiver.seen.values()), 1)
        wait = first.next_attempt_at - fields.Datetime.now()
        self.assertGreaterEqual(wait, timedelta(seconds=590))
        self.assertEqual(second.attempt_count, 0)
        self.assertTrue(self.connection.resume_at)
        planned = self.jobs("_job_send").filtered("eta")
        self.assertTrue(planned)
        receiver.script = lambda key, seen: Answer()
        with freeze_time(first.next_attempt_at + timedelta(seconds=1)):
            self.run_outgoing(self.connection)
        self.assertEqual((first.state, second.state), ("done", "done"))
        self.assertFalse(self.connection.resume_at)

    def test_five_failures_in_a_row_open_the_circuit(self):
        receiver = self.receiver(lambda key, seen: Answer(0))
        self.connection.max_parallel = 1
        exchanges = [self.send(f"k{n}") for n in range(20)]
        self.run_outgoing(self.connection)
        self.assertEqual(len(receiver.seen), 5, "a dead partner is left in peace")
        self.assertEqual(self.connection.state, "error")
        untouched = [e for e in exchanges if not e.attempt_count]
        self.assertEqual(len(untouched), 15)
        receiver.script = lambda key, seen: Answer()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=20)):
            self.run_outgoing(self.connection)
        self.assertEqual({e.state for e in exchanges}, {"done"})
        self.assertEqual(self.connection.state, "ok")
        self.assertEqual(self.connection.failure_streak, 0)

    def test_a_call_that_cannot_be_prepared_is_not_made(self):
        receiver = self.receiver()
        missing = self.send("k1", prepare="configuration")
        wrong = self.send("k2", prepare="user")
        self.run_outgoing(self.connection)
        self.assertFalse(receiver.seen)
        self.assertEqual(missing.cause_code, "configuration")
        self.assertEqual((wrong.state, wrong.cause_code), ("failed", "business"))

    def test_an_answer_that_cannot_be_applied_is_undone_and_retried_by_hand(self):
        receiver = self.receiver()
        exchange = self.send("k", apply="bug")
        with mute_logger(SENDER):
            self.run_outgoing(self.connection)
        self.assertEqual((exchange.state, exchange.cause_code), ("failed", "internal"))
        self.assertFalse(self.effects())
        exchange.body_plain = "{}"
        exchange.with_user(self.admin).action_retry()
        self.run_outgoing(self.connection)
        self.assertEqual(exchange.state, "done")
        self.assertEqual(self.effects(), ["k"])
        self.assertEqual((receiver.seen["k"], receiver.accepted["k"]), (2, 1))

    def test_a_lease_left_by_a_dead_server_is_taken_over(self):
        receiver = self.receiver()
        exchange = self.send("k")
        sender = self.env["crm.exchange.sender"]
        self.assertEqual(
            sender._claim_rows(self.connection.id, 5, "dead"), [exchange.id]
        )
        self.run_outgoing(self.connection)
        self.assertFalse(receiver.seen, "still leased")
        self.assertTrue(self.jobs("_job_send").filtered("eta"))
        with freeze_time(fields.Datetime.now() + timedelta(seconds=121)):
            self.run_outgoing(self.connection)
        self.assertEqual(exchange.state, "done")
        self.assertEqual(
            exchange.attempt_ids.mapped("cause_code"), [False, "interrupted"]
        )

    def test_two_claims_never_share_a_row(self):
        exchanges = [self.send(f"k{n}") for n in range(6)]
        sender = self.env["crm.exchange.sender"]
        first = sender._claim_rows(self.connection.id, 4, "a")
        second = sender._claim_rows(self.connection.id, 4, "b")
        self.assertEqual((len(first), len(second)), (4, 2))
        self.assertEqual(sorted(first + second), [e.id for e in exchanges])

    def test_a_late_failure_does_not_undo_a_newer_attempt(self):
        from odoo.addons.crm_integrations.lib.exchange import Trouble
        from odoo.addons.crm_integrations.models.crm_exchange_sender import (
            Flight,
            Landing,
        )

        exchange = self.send("k")
        sender = self.env["crm.exchange.sender"]
        sender._claim_rows(self.connection.id, 1, "new")
        late = Landing(None, Trouble("refused", "late"), 5)
        sender._record_landing(Flight(exchange.id, "old"), late)
        self.assertEqual(exchange.state, "pending")
        self.assertEqual(exchange.attempt_ids.cause, "late")

    def test_a_crowded_connection_gives_its_place_back(self):
        receiver = self.receiver()
        for number in range(3):
            self.send(f"k{number}")
        self.env.cr.flush()
        self.jobs("_job_send").unlink()
        queue = type(self.env["crm.exchange.sender"])
        with patch.object(queue, "_must_give_way", lambda self, started: True):
            self.run_outgoing(self.connection)
        self.assertFalse(receiver.seen)
        self.assertEqual(len(self.jobs("_job_send")), 1)

    def test_the_person_who_asked_hears_of_the_result(self):
        self.receiver()
        connection = self.connection.with_user(self.automation)
        connection._enqueue(
            "e", b"{}", idempotency_key="k", record=self.admin.partner_id
        )
        self.run_outgoing(self.connection)
        messages = self.env["bus.bus"].search([]).mapped("message")
        told = [m for m in messages if "crm_base.record" in m]
        self.assertTrue(told)
        self.assertIn('"res_model":"res.partner"', told[-1].replace(" ", ""))

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EngineCase

ENGINE = "odoo.addons.crm_integrations.models.crm_exchange_processor"


@tagged("post_install", "-at_install")
class TestIncoming(EngineCase):
    def test_an_event_is_stored_with_its_exact_bytes(self):
        raw = b'{"a":  "\xc3\xa9", "b":[1]}\r\n'
        exchange = self.connection._receive("e", "evt_1", raw, personal=True)
        self.assertEqual(exchange._get_body(), raw)
        self.assertTrue(exchange.body_secret)
        self.env.cr.execute(
            "SELECT body_plain, body_secret FROM crm_exchange WHERE id = %s",
            [exchange.id],
        )
        plain, secret = self.env.cr.fetchone()
        self.assertFalse(plain)
        self.assertNotIn("[1]", secret)

    def test_bytes_that_are_no_text_survive(self):
        raw = b"\xff\x00\xfe binary"
        exchange = self.connection._receive("e", "evt_1", raw, personal=False)
        self.assertEqual(exchange._get_body(), raw)

    def test_without_a_key_nothing_personal_is_stored_in_clear(self):
        self.use_key()
        with self.assertRaises(UserError):
            self.arrive("evt_1", personal=True)
        self.assertFalse(self.env["crm.exchange"].search([("remote_id", "=", "evt_1")]))
        self.assertTrue(self.arrive("evt_2", personal=False))

    def test_with_a_lost_key_the_log_still_opens(self):
        exchange = self.arrive("evt_1", personal=True, amount=1)
        self.use_key()
        self.assertFalse(exchange.with_user(self.admin).body_preview)
        self.run_incoming(self.connection)
        self.assertEqual((exchange.state, exchange.cause_code), ("failed", "business"))
        self.assertTrue(exchange.cause, "the remedy")
        self.assertFalse(self.effects())
        self.use_key(self.secret_key)
        exchange.with_user(self.admin).action_retry()
        self.run_incoming(self.connection)
        self.assertEqual(exchange.state, "done")

    def test_a_duplicate_changes_nothing(self):
        first = self.arrive("evt_1", amount=1)
        again = self.arrive("evt_1", amount=2)
        self.assertEqual(first, again)
        self.assertIn(b'"amount": 1', again._get_body())
        self.run_incoming(self.connection)
        self.arrive("evt_1")
        self.run_incoming(self.connection)
        self.assertEqual(self.effects(), ["evt_1"])

    def test_the_same_reference_on_two_connections_is_two_events(self):
        other = self.connection.copy({"name": "Other"})
        self.arrive("evt_1")
        other._receive("e", "evt_1", b"{}")
        self.assertEqual(
            self.env["crm.exchange"].search_count([("remote_id", "=", "evt_1")]), 2
        )

    def test_each_event_is_processed_once_and_done(self):
        exchanges = [self.arrive(f"evt_{n}") for n in range(5)]
        self.run_incoming(self.connection)
        self.run_incoming(self.connection)
        self.assertEqual({e.state for e in exchanges}, {"done"})
        self.assertEqual(self.effects(), [f"evt_{n}" for n in range(5)])
        self.assertEqual(exchanges[0].attempt_count, 1)
        self.assertEqual(len(exchanges[0].attempt_ids), 1)
        self.assertTrue(exchanges[0].done_at)

    def test_an_ignored_event_leaves_no_effect_and_says_why(self):
        exchange = self.arrive("evt_1", **{"raise": "ignore"})
        self.run_incoming(self.connection)
        self.assertEqual(exchange.state, "ignored")
        self.assertEqual(exchange.cause, "process ignore")
        self.assertFalse(self.effects())

    def test_a_business_refusal_fails_alone(self):
        bad = self.arrive("evt_bad", **{"raise": "user"})
        good = self.arrive("evt_good")
        self.run_incoming(self.connection)
        self.assertEqual((bad.state, bad.cause_code), ("failed", "business"))
        self.assertEqual(bad.cause, "process user")
        self.assertEqual(good.state, "done")
        self.assertEqual(self.effects(), ["evt_good"])

    def test_a_bug_fails_with_its_trace_in_the_log(self):
        exchange = self.arrive("evt_1", **{"raise": "bug"})
        with self.assertLogs(ENGINE, "ERROR") as log:
            self.run_incoming(self.connection)
        self.assertIn("ZeroDivisionError", "".join(log.output))
        self.assertEqual((exchange.state, exchange.cause_code), ("failed", "internal"))

    def test_a_passing_trouble_is_tried_again_later(self):
        exchange = self.arrive("evt_1", **{"raise": "unavailable"})
        self.run_incoming(self.connection)
        self.assertEqual(exchange.state, "pending")
        self.assertEqual(exchange.cause_code, "unavailable")
        self.assertGreater(exchange.next_attempt_at, exchange.received_at)
        self.assertEqual(self.connection.state, "draft")
        self.run_incoming(self.connection)
        self.assertEqual(exchange.attempt_count, 1, "not before its time")

    def test_failures_leave_one_activity_for_the_responsible(self):
        for number in range(3):
            self.arrive(f"evt_{number}", **{"raise": "user"})
        self.run_incoming(self.connection)
        activity = self.connection.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.admin)
        self.assertIn("process user", activity.note)
        activity.action_done()
        self.arrive("evt_9", **{"raise": "user"})
        self.run_incoming(self.connection)
        self.assertEqual(len(self.connection.activity_ids), 1)

    def test_an_off_connection_keeps_what_arrives(self):
        self.connection.action_turn_off()
        exchange = self.arrive("evt_1")
        self.run_incoming(self.connection)
        self.assertEqual(exchange.state, "pending")
        self.connection.action_turn_on()
        self.run_incoming(self.connection)
        self.assertEqual(exchange.state, "done")

    def test_secrets_in_a_cause_are_removed(self):
        body = {"raise": "user"}
        exchange = self.arrive("evt_1", **body)
        with mute_logger(ENGINE):
            self.run_incoming(self.connection)
        exchange.connection_id._set_error("refused", "key sk_test_abcdefgh12345678")
        self.assertNotIn("abcdefgh12345678", self.connection.last_error)

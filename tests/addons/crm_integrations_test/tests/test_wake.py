from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from .common import EngineCase


@tagged("post_install", "-at_install")
class TestWake(EngineCase):
    def test_one_job_per_connection_and_direction_however_many_messages(self):
        other = self.connection.copy({"name": "Other"})
        for number in range(20):
            self.arrive(f"evt_{number}")
            self.send(f"k{number}")
        other._receive("e", "evt_1", b"{}")
        self.env.cr.flush()
        self.assertEqual(len(self.jobs("_job_send")), 1)
        self.assertEqual(len(self.jobs("_job_process")), 2)

    def test_a_waiting_job_is_enough_for_the_next_transaction(self):
        self.send("k1")
        self.env.cr.flush()
        self.send("k2")
        with self.enter_registry_test_mode():
            self.env.cr.flush()
        self.assertEqual(len(self.jobs("_job_send")), 1)

    def test_a_job_that_has_started_meanwhile_is_not_counted_on(self):
        self.send("k1")
        self.env.cr.flush()
        queue = type(self.env["crm.exchange.queue"])
        self.send("k2")
        with patch.object(queue, "_job_still_waits", lambda self, job_id: False):
            self.env.cr.flush()
        self.assertEqual(len(self.jobs("_job_send")), 2)

    def test_the_jobs_use_our_channel(self):
        self.send("k1")
        self.arrive("evt_1")
        self.connection.action_test()
        self.env.cr.flush()
        jobs = self.env["queue.job"].search([("model_name", "=", "crm.connection")])
        self.assertEqual(set(jobs.mapped("channel")), {"root.crm_exchange"})
        self.assertEqual(len(jobs), 3)

    def test_a_second_job_of_a_queue_steps_aside(self):
        self.send("k1")
        self.env.cr.flush()
        key = self.env["crm.exchange.queue"]
        with self.registry.cursor() as cr:
            taken = key.with_env(self.env(cr=cr))._take_turn(self.connection, "out")
            self.assertTrue(taken)
            with self.assertRaises(RetryableJobError) as caught:
                self.connection._job_send()
        self.assertTrue(caught.exception.ignore_retry)

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import EngineCase


@tagged("post_install", "-at_install")
class TestMaintenance(EngineCase):
    def run_cron(self, xmlid):
        with self.enter_registry_test_mode():
            self.env.ref(xmlid).method_direct_trigger()
        self.env.invalidate_all()

    def age(self, exchange, days):
        self.env.cr.execute(
            "UPDATE crm_exchange SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=days), exchange.id],
        )
        exchange.invalidate_recordset()

    def test_forgotten_rows_get_a_job_again(self):
        self.arrive("evt_1")
        self.send("k")
        self.env.cr.flush()
        self.env["queue.job"].search([]).unlink()
        self.run_cron("crm_integrations.ir_cron_redrive")
        self.assertEqual(len(self.jobs("_job_send")), 1)
        self.assertEqual(len(self.jobs("_job_process")), 1)
        self.run_cron("crm_integrations.ir_cron_redrive")
        self.assertEqual(len(self.jobs("_job_send")), 1)

    def test_a_lease_that_ended_gets_a_job(self):
        self.send("k")
        self.env.cr.flush()
        self.env["crm.exchange.sender"]._claim_rows(self.connection.id, 1, "dead")
        self.env["queue.job"].search([]).unlink()
        self.run_cron("crm_integrations.ir_cron_redrive")
        self.assertFalse(self.jobs("_job_send"))
        with freeze_time(fields.Datetime.now() + timedelta(seconds=121)):
            self.run_cron("crm_integrations.ir_cron_redrive")
        self.assertTrue(self.jobs("_job_send"))

    def test_nothing_is_woken_for_off_or_paused_connections(self):
        self.send("k")
        self.env.cr.flush()
        self.env["queue.job"].search([]).unlink()
        self.connection._set_error("authentication", "no")
        self.run_cron("crm_integrations.ir_cron_redrive")
        self.assertFalse(self.jobs("_job_send"))
        self.connection.action_turn_off()
        self.run_cron("crm_integrations.ir_cron_redrive")
        self.assertFalse(self.jobs("_job_send"))

    def test_bodies_are_emptied_then_rows_deleted(self):
        company = self.connection.company_id
        company.write(
            {
                "crm_exchange_body_days": 10,
                "crm_exchange_row_days": 100,
                "crm_exchange_failed_days": 200,
            }
        )
        young, old, ancient = (self.arrive(f"evt_{n}") for n in range(3))
        waiting = self.arrive("evt_wait", **{"raise": "unavailable"})
        failed = self.arrive("evt_fail", **{"raise": "user"})
        self.run_incoming(self.connection)
        self.age(young, 5)
        self.age(old, 50)
        for exchange in (ancient, waiting, failed):
            self.age(exchange, 150)
        self.run_cron("crm_integrations.ir_cron_purge")
        self.assertTrue(young._get_body())
        self.assertTrue(old.exists())
        self.assertFalse(old._get_body())
        self.assertTrue(old.is_purged)
        with self.assertRaises(UserError):
            old.with_user(self.admin).action_replay()
        self.assertFalse(ancient.exists())
        self.assertTrue(waiting._get_body(), "pending is never purged")
        self.assertTrue(failed._get_body(), "failed waits for a person")
        self.age(failed, 250)
        self.run_cron("crm_integrations.ir_cron_purge")
        self.assertFalse(failed.exists())

    def test_a_connection_may_keep_less(self):
        self.connection.write({"body_days": 2, "row_days": 4})
        old, ancient = self.arrive("evt_1"), self.arrive("evt_2")
        self.run_incoming(self.connection)
        self.age(old, 3)
        self.age(ancient, 5)
        self.run_cron("crm_integrations.ir_cron_purge")
        self.assertTrue(old.is_purged)
        self.assertFalse(ancient.exists())

    def test_uninstalling_leaves_no_job_that_could_only_fail(self):
        from odoo.addons.crm_integrations.hooks import uninstall_hook

        self.send("k")
        self.env.cr.flush()
        self.assertTrue(self.jobs("_job_send"))
        uninstall_hook(self.env)
        self.assertFalse(self.jobs("_job_send"))

    def test_a_neutralized_copy_speaks_to_nobody(self):
        from odoo.tools.misc import file_open

        exchange = self.send("k")
        with file_open("crm_integrations/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.connection.webhook_secret)
        self.assertEqual(self.connection.state, "off")
        self.assertEqual(exchange.state, "ignored")

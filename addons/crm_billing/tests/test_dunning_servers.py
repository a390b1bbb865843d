from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_billing.lib.dunning import gather_messages

from .common_dunning import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningServers(DunningCommon):
    """What another server did, or a stop in the middle, sends nothing twice."""

    def setUp(self):
        super().setUp()
        self.engine = self.env["crm.dunning.engine"].sudo().with_company(self.company)

    def _decide(self, day="2026-04-20"):
        with freeze_time(f"{day} 06:05:00"):
            today = self.company._get_dunning_today()
            return self.engine._decide_clients(self.company, self.client, today), today

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_the_second_of_two_servers(self):
        """Both decided on the same snapshot; one is faster."""
        move = self.make_invoice()
        decisions, today = self._decide()
        first = self.engine._send_messages(
            self.company, gather_messages(decisions), today
        )
        second = self.engine._send_messages(
            self.company, gather_messages(decisions), today
        )
        self.assertEqual((len(first), len(second)), (1, 0))
        self.assertEqual(len(self.lines(move)), 1)
        self.assertFalse(move.activity_ids)

    @mute_logger("odoo.sql_db")
    def test_the_indexes_hold_without_any_code_of_ours(self):
        move = self.make_invoice()
        self.run_day("2026-04-20")
        line = self.lines(move).sudo()
        values = {"message_id": False, "date": "2026-06-01"}
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            line.copy(values).flush_recordset()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            line.message_id.copy({"line_ids": []}).flush_recordset()

    def test_a_locked_client_is_left_to_the_other_server(self):
        self.make_invoice()
        partners = type(self.env["res.partner"])
        none = self.env["res.partner"]
        with (
            patch.object(partners, "try_lock_for_update", lambda *a, **k: none),
            freeze_time("2026-04-20 06:05:00"),
        ):
            found = self.engine._run_clients(
                self.company, self.client.ids, self.company._get_dunning_today()
            )
        self.assertFalse(found)

    def test_out_of_time_the_run_goes_on_later_the_same_day(self):
        clients = [self.make_client(f"Slow{n}") for n in range(3)]
        moves = [self.make_invoice(client) for client in clients]
        path = "odoo.addons.crm_billing.models.crm_dunning_engine.SLICE_CLIENTS"
        with patch(path, 1):
            with freeze_time("2026-04-20 06:05:00"), self.no_commit(left=0):
                self.env["crm.dunning.engine"].sudo()._cron_run()
            self.assertFalse(self.company.dunning_last_run_on)
            left = self.env["account.move"].union(*moves)
            self.assertEqual(len(self.lines(left)), 1)
            self.assertEqual(len(self.run_day("2026-04-20", "07:05:00")), 3)
        self.assertEqual(len(self.lines(left)), 3)
        self.assertTrue(self.company.dunning_last_run_on)

    def test_stopped_in_the_middle_nothing_is_half_done(self):
        """The row, its mail and its lines are one transaction."""
        move = self.make_invoice()

        class Killed(BaseException):
            pass

        def stop(*_args):
            raise Killed

        mails = self.env["mail.mail"].sudo().search_count([])
        model = type(self.env["crm.dunning.message"])
        with (
            patch.object(model, "_queue_mails", stop),
            self.assertRaises(Killed),
            self.env.cr.savepoint(),
        ):
            self.run_day("2026-04-20")
        self.env.invalidate_all()
        self.assertFalse(self.lines(move))
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)
        self.assertEqual(len(self.run_day("2026-04-20")), 1)

    def test_released_after_the_run_leaves_the_same_day(self):
        move = self.make_invoice()
        pause = self.env["crm.dunning.pause"].create(
            {"kind": "exclusion", "reason": "Wait", "move_id": move.id}
        )
        self.assertFalse(self.run_day("2026-04-20"))
        jobs = self.env["queue.job"].sudo()
        before = jobs.search([("method_name", "=", "_job_run_dunning")])
        with freeze_time("2026-04-20 13:00:00"):
            pause.action_lift()
            new = jobs.search([("method_name", "=", "_job_run_dunning")]) - before
            self.assertEqual(len(new), 1)
            self.company.sudo()._job_run_dunning(self.client.ids)
            self.assertEqual(len(self.send_queue()), 1)
        self.assertEqual(self.steps(move), [("2026-04-20", "Firm", "sent")])

    def test_released_before_the_run_waits_for_it(self):
        move = self.make_invoice()
        pause = self.env["crm.dunning.pause"].create(
            {"kind": "exclusion", "reason": "Wait", "move_id": move.id}
        )
        jobs = self.env["queue.job"].sudo()
        before = jobs.search_count([("method_name", "=", "_job_run_dunning")])
        with freeze_time("2026-04-20 05:00:00"):
            pause.action_lift()
        self.assertEqual(
            jobs.search_count([("method_name", "=", "_job_run_dunning")]), before
        )
        self.assertEqual(len(self.run_day("2026-04-20")), 1)

from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from .common import SignCase

MONDAY = datetime(2026, 3, 2, 9, 0)


@tagged("post_install", "-at_install")
class TestSchedule(SignCase):
    """What happens by itself."""

    def run_cron(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"crm_sign.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_reminders_go_out_on_their_day_and_stop(self):
        with freeze_time(MONDAY) as clock:
            request, marie, paul = self.send(
                "Marie Dupont", "Paul Durand",
                reminder_interval_days=3, reminder_max=2, date_expiry="2026-04-30",
            )  # fmt: skip
            first = self.read_link(marie)
            self.run_cron("ir_cron_remind")
            self.assertEqual(request.reminder_count, 0)
            for days, count in ((3, 1), (4, 2), (9, 2)):
                clock.tick(timedelta(days=days))
                self.run_cron("ir_cron_remind")
                self.run_cron("ir_cron_remind")
                self.assertEqual(request.reminder_count, count)
            self.assertFalse(request.next_reminder_at)
            self.assertFalse(self.mails_to(paul.email), "not his turn")
            latest = self.read_link(marie)
            self.assertNotEqual(first, latest)
            for token in (first, latest):
                self.assertEqual(marie._find_by_token(token), marie)
            kinds = request.event_ids.mapped("kind")
            self.assertEqual(kinds.count("reminded"), 2)

    def test_a_request_ends_after_its_last_day(self):
        with freeze_time(MONDAY) as clock:
            request, marie = self.send("Marie Dupont", date_expiry="2026-03-04")
            clock.move_to(datetime(2026, 3, 4, 20))
            self.run_cron("ir_cron_expire")
            self.assertEqual(request.state, "sent", "the last day counts whole")
            clock.move_to(datetime(2026, 3, 5, 8))
            self.assertEqual(marie._page_state().kind, "expired")
            self.run_cron("ir_cron_expire")
            self.assertEqual(request.state, "expired")
            self.assertIn("Marie Dupont", request.ended_reason)
            self.assertEqual(request.activity_ids.user_id, self.seller)
            self.run_cron("ir_cron_expire")
            kinds = request.event_ids.mapped("kind")
            self.assertEqual(kinds.count("expired"), 1)

    def test_one_bad_request_holds_up_no_other(self):
        with freeze_time(MONDAY) as clock:
            bad, *_rest = self.send("Marie Dupont", date_expiry="2026-03-04")
            good, *_rest = self.send("Paul Durand", date_expiry="2026-03-04")
            clock.tick(timedelta(days=5))
            self.env.flush_all()
            # A sequence that is taken: nothing can be written after it.
            self.env.cr.execute(
                "UPDATE crm_sign_request SET event_count = 0 WHERE id = %s", [bad.id]
            )
            self.env.invalidate_all()
            with self.assertLogs("odoo.addons.crm_sign", "ERROR"), self.muted():
                self.run_cron("ir_cron_expire")
            self.assertEqual((bad.state, good.state), ("sent", "expired"))

    def muted(self):
        return self.assertLogs("odoo.sql_db", "ERROR")

    def test_a_lost_job_is_made_again(self):
        request, marie = self.send("Marie Dupont")
        self.sign(marie)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_sign_request SET write_date = write_date - interval '2 hours'"
            " WHERE id = %s",
            [request.id],
        )
        self.env.cr.execute("DELETE FROM queue_job WHERE method_name = '_job_seal'")
        self.run_cron("ir_cron_seal")
        job = self.env["queue.job"].search([("method_name", "=", "_job_seal")])
        self.assertEqual(job.records, request)

    def test_mails_leave_through_a_job_and_a_refusal_is_told(self):
        request, marie = self.send("Marie Dupont")
        mail = self.mails_to(marie.email)
        mail.write({"state": "exception", "failure_reason": "unknown user"})
        request._job_send_mails(mail.ids)
        self.assertEqual(marie.delivery_error, "unknown user")
        self.assertIn("unknown user", request.activity_ids.note)
        request._job_send_mails([0])

    def count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_what_the_list_and_the_nightly_check_cost(self):
        spec = {
            "name": {},
            "partner_id": {"fields": {"display_name": {}}},
            "state": {},
            "progress_text": {},
            "next_step": {},
            "date_expiry": {},
            "user_id": {"fields": {"display_name": {}}},
        }
        requests = self.env["crm.sign.request"].with_user(self.seller)
        lists, checks, made = [], [], requests.browse()
        for size in (5, 15):
            for _n in range(size):
                made |= self.send("Marie Dupont", "Paul Durand")[0]
            lists.append(
                self.count(lambda: requests.web_search_read([], spec, limit=80))
            )
            checks.append(self.count(made._verify_chain))
        self.assertLessEqual(lists[1], lists[0] + 1, lists)
        self.assertLessEqual(lists[1], 12)
        self.assertLessEqual(checks[1], checks[0] + 1, checks)
        self.assertLessEqual(checks[1], 8)

    def test_what_an_end_and_a_reminder_cost(self):
        """Each request costs the same however many there are."""
        for cron, moved_on, most in (
            ("ir_cron_expire", {"state": "expired"}, 45),
            ("ir_cron_remind", {"reminder_count": 1}, 45),
        ):
            costs = []
            with freeze_time(MONDAY) as clock:
                for size in (3, 9):
                    clock.move_to(MONDAY)
                    requests = self.env["crm.sign.request"]
                    for _n in range(size):
                        requests |= self.send(
                            "Marie Dupont",
                            date_expiry="2026-03-04" if "expire" in cron else False,
                            reminder_interval_days=3,
                        )[0]
                    clock.move_to(MONDAY + timedelta(days=9))
                    costs.append(self.count(lambda name=cron: self.run_cron(name)))
                    for name, value in moved_on.items():
                        self.assertEqual(set(requests.mapped(name)), {value}, cron)
            per_request = (costs[1] - costs[0]) / 6
            self.assertLess(per_request, most, (cron, costs))

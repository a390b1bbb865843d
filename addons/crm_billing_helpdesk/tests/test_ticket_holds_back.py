from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from odoo.addons.crm_billing.tests.common_dunning import DunningCommon


class TicketCase(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stages = cls.env["helpdesk.ticket.stage"].sudo()
        cls.open_stage = stages.create({"name": "New here", "closed": False})
        cls.closed_stage = stages.create({"name": "Closed here", "closed": True})

    def make_ticket(self, move, **values):
        return (
            self.env["helpdesk.ticket"]
            .sudo()
            .create(
                {
                    "name": "Wrong amount",
                    "description": "<p>x</p>",
                    "company_id": self.company.id,
                    "partner_id": self.client.id,
                    "invoice_ids": [(6, 0, move.ids)],
                    "stage_id": self.open_stage.id,
                    **values,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestTicketHoldsBack(TicketCase):
    def test_the_firm_reminder_leaves_the_day_the_ticket_is_closed(self):
        """AT-26: opened on 19 April, closed on the 22nd after the morning's run."""
        move = self.make_invoice()
        self.assertEqual(len(self.run_day("2026-04-10")), 1)
        ticket = self.make_ticket(move)
        for day in ("2026-04-20", "2026-04-21", "2026-04-22"):
            self.assertFalse(self.run_day(day))
        self.assertIn(ticket.number, move.dunning_situation)
        jobs = self.env["queue.job"].sudo()
        domain = [("method_name", "=", "_job_run_dunning")]
        before = jobs.search_count(domain)
        with freeze_time("2026-04-22 13:30:00"):
            ticket.stage_id = self.closed_stage
            self.assertEqual(jobs.search_count(domain), before + 1)
            self.company.sudo()._job_run_dunning(self.client.ids)
            self.assertEqual(len(self.send_queue()), 1)
        self.assertEqual(
            self.steps(move),
            [("2026-04-10", "Friendly", "sent"), ("2026-04-22", "Firm", "sent")],
        )

    def test_closed_before_the_run_it_leaves_with_it(self):
        move = self.make_invoice()
        ticket = self.make_ticket(move)
        self.assertFalse(self.run_day("2026-04-20"))
        with freeze_time("2026-04-22 05:00:00"):
            ticket.stage_id = self.closed_stage
        self.assertEqual(len(self.run_day("2026-04-22")), 1)

    def test_other_invoices_of_the_client_are_chased(self):
        contested, other = self.make_invoice(), self.make_invoice(amount=300)
        self.make_ticket(contested)
        self.assertEqual(len(self.run_day("2026-04-20")), 1)
        self.assertFalse(self.lines(contested))
        self.assertEqual(len(self.lines(other)), 1)

    def test_a_second_ticket_still_holds(self):
        move = self.make_invoice()
        first, second = self.make_ticket(move), self.make_ticket(move)
        first.stage_id = self.closed_stage
        self.assertFalse(self.run_day("2026-04-20"))
        second.invoice_ids = False
        self.assertEqual(len(self.run_day("2026-04-21")), 1)

    def test_a_deleted_or_archived_ticket_holds_nothing(self):
        move = self.make_invoice()
        gone, kept = self.make_ticket(move), self.make_ticket(move)
        gone.unlink()
        kept.active = False
        self.assertEqual(len(self.run_day("2026-04-20")), 1)

    def test_a_mail_in_the_queue_is_withdrawn_when_a_ticket_opens(self):
        move = self.make_invoice()
        with freeze_time("2026-04-20 06:05:00"), self.no_commit():
            self.env["crm.dunning.engine"].sudo()._cron_run()
        self.make_ticket(move)
        with freeze_time("2026-04-20 06:06:00"):
            self.assertFalse(self.send_queue())
        self.assertEqual(self.lines(move).state, "cancelled")

    def test_counts_and_buttons(self):
        move = self.make_invoice()
        ticket = self.make_ticket(move)
        self.assertEqual(move.open_ticket_count, 1)
        context = move.action_open_ticket()["context"]
        self.assertEqual(context["default_invoice_ids"], move.ids)
        found = self.env["helpdesk.ticket"].sudo()
        self.assertIn(ticket, found.search(move.action_view_tickets()["domain"]))

    def test_a_ticket_of_another_company_is_refused(self):
        other = self.env["res.company"].sudo().create({"name": "Neighbour"})
        with self.assertRaises(ValidationError):
            self.make_ticket(self.make_invoice(), company_id=other.id)


@tagged("post_install", "-at_install")
class TestTicketFromPortal(TicketCase, HttpCase):
    def test_a_client_asks_about_his_own_invoice_only(self):
        portal = new_test_user(
            self.env,
            "dun_portal_client",
            groups="base.group_portal",
            password="dun_portal_client",
        )
        contact = portal.partner_id
        contact.parent_id = self.client
        mine = self.make_invoice()
        theirs = self.make_invoice(self.make_client("Somebody Else"))
        self.authenticate("dun_portal_client", "dun_portal_client")
        page = self.url_open(f"/new/ticket?invoice={mine.id}").text
        self.assertIn(mine.name, page)
        self.assertNotIn(
            theirs.name, self.url_open(f"/new/ticket?invoice={theirs.id}").text
        )
        for text in ("0", "x", "99999999999999999999", "-1"):
            self.assertEqual(
                self.url_open(f"/new/ticket?invoice={text}").status_code, 200
            )

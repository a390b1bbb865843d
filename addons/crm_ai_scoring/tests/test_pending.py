from odoo import fields
from odoo.tests import tagged

from .common import ScoreCase


@tagged("post_install", "-at_install")
class TestPending(ScoreCase):
    """What bears on a score has it computed again, once for many changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pending = cls.env["crm.score.pending"].sudo()
        cls.lead = cls.make_lead()

    def noted(self):
        """Return what waits to be written down when this transaction is in."""
        hooks = self.env.cr.postcommit
        return set(hooks.data.get("crm_ai_scoring.pending", ()))

    def clear(self):
        self.env.cr.postcommit.data.pop("crm_ai_scoring.pending", None)

    def assert_noted(self, leads):
        self.assertTrue(set(leads.ids) <= self.noted())
        self.clear()

    def test_creating_and_writing(self):
        self.clear()
        lead = self.env["crm.lead"].create(
            {"name": "Nouveau", "company_id": self.company.id}
        )
        self.assert_noted(lead)
        lead.expected_revenue = 100
        self.assert_noted(lead)

    def test_colours_do_not_matter(self):
        self.env.flush_all()
        self.clear()
        self.lead.color = 3
        self.assertNotIn(self.lead.id, self.noted())

    def test_messages_meetings_and_activities(self):
        self.clear()
        self.lead.with_user(self.seller).message_post(
            body="Bonjour", message_type="comment"
        )
        self.assert_noted(self.lead)
        now = fields.Datetime.now()
        event = self.env["calendar.event"].create(
            {"name": "RDV", "start": now, "stop": now, "opportunity_id": self.lead.id}
        )
        self.assert_noted(self.lead)
        event.start = fields.Datetime.add(now, days=1)
        self.assert_noted(self.lead)
        event.unlink()
        self.assert_noted(self.lead)
        activity = self.lead.activity_schedule("mail.mail_activity_data_call")
        self.assert_noted(self.lead)
        activity.action_feedback(feedback="Joint")
        self.assert_noted(self.lead)

    def test_scores_do_not_start_themselves(self):
        self.env.flush_all()
        self.clear()
        self.score(self.lead)
        self.assertTrue(self.lead.ai_score_at)
        self.assertFalse(self.noted())

    def test_many_changes_are_one_job(self):
        leads = self.make_leads([{} for _n in range(5)])
        self.pending._put(leads.ids)
        self.pending._put(leads[:2].ids)
        jobs = (
            self.env["queue.job"]
            .sudo()
            .search(
                [("identity_key", "=", "crm_score_pending"), ("state", "=", "pending")]
            )
        )
        self.assertEqual(len(jobs), 1)
        self.assertEqual(self.pending.search_count([("lead_id", "in", leads.ids)]), 5)
        self.pending._job_score()
        self.assertFalse(self.pending.search([("lead_id", "in", leads.ids)]))
        self.assertEqual(
            set(leads.mapped("ai_score_at")) - {False},
            set(leads[0].mapped("ai_score_at")),
        )

    def test_deleted_deals_are_no_trouble(self):
        gone = self.make_lead()
        gone_id = gone.id
        gone.unlink()
        self.pending._put([gone_id, self.lead.id])
        self.pending._job_score()
        self.assertTrue(self.lead.ai_score_at)

    def test_a_lost_job_is_made_up_for(self):
        self.env.cr.execute("DELETE FROM queue_job")
        self.env["crm.score.pending"].sudo().create({"lead_id": self.lead.id})
        self.pending._cron_sweep()
        self.assertEqual(
            self.env["queue.job"]
            .sudo()
            .search_count([("identity_key", "=", "crm_score_pending")]),
            1,
        )

    def test_a_score_leaves_the_deal_as_it_was(self):
        self.env.flush_all()
        before = (
            self.lead.write_date,
            len(self.lead.message_ids),
            self.lead.probability,
        )
        self.score(self.lead)
        self.env.invalidate_all()
        after = (
            self.lead.write_date,
            len(self.lead.message_ids),
            self.lead.probability,
        )
        self.assertEqual(after, before)

    def test_a_closed_deal_keeps_its_last_score(self):
        self.score(self.lead)
        score, since = self.lead.ai_score, self.lead.ai_score_at
        self.lead.action_set_lost()
        self.score(self.lead)
        self.assertEqual((self.lead.ai_score, self.lead.ai_score_at), (score, since))

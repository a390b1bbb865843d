from datetime import timedelta

import numpy as np

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import QUIET, ScoreCase

DAY = 86_400


@tagged("post_install", "-at_install")
class TestLeaks(ScoreCase):
    """What a model learns from was known before the deal was closed, nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now().replace(microsecond=0)
        cls.opened = cls.now - timedelta(days=100)
        cls.closed = cls.now - timedelta(days=20)
        cls.partner = cls.env["res.partner"].create({"name": "Client"})
        cls.lead = cls.make_lead(
            partner_id=cls.partner.id, expected_revenue=5000, phone="+33 1 23 45 67 89"
        )

    def read_past(self):
        """Return the facts of our deal as a model is told them, and its moment."""
        frame, _outcome, _closed = self.engine._read_past(self.company)
        place = int(np.searchsorted(frame.ids, self.lead.id))
        self.assertEqual(frame.ids[place], self.lead.id)
        facts = {name: column[place] for name, column in frame.columns.items()}
        return facts, frame.as_of[place]

    def close_ours(self, is_won=True):
        self.close(self.lead, is_won, self.opened, self.closed)
        _facts, moment = self.read_past()
        opened, closed = self.opened.timestamp(), self.closed.timestamp()
        # naive datetimes are UTC
        offset = (
            self.opened.timestamp()
            - (self.opened - fields.Datetime.to_datetime("1970-01-01")).total_seconds()
        )
        self.assertLess(opened - offset, moment)
        self.assertLess(moment, closed - offset)
        return fields.Datetime.to_datetime("1970-01-01") + timedelta(seconds=moment)

    def track(self, field_name, at, **values):
        """Note a change of a field as Odoo does."""
        field = self.env["ir.model.fields"]._get("crm.lead", field_name)
        message = self.say(self.lead, at, message_type="notification")
        self.env["mail.tracking.value"].create(
            {"mail_message_id": message.id, "field_id": field.id, **values}
        )

    def test_the_moment_lies_inside_the_life(self):
        moment = self.close_ours()
        self.assertEqual(self.close_ours(), moment, "the same at each training")

    def test_messages_after_the_moment_do_not_count(self):
        moment = self.close_ours()
        author = self.seller.partner_id
        hour = timedelta(hours=1)
        self.say(self.lead, moment - hour)
        self.say(self.lead, moment - hour, author=author)
        facts, _moment = self.read_past()
        for at in (moment + hour, self.closed + hour, self.now):
            self.say(self.lead, at)
            self.say(self.lead, at, author=author)
        later, _moment = self.read_past()
        self.assertEqual((facts["mails_in"], facts["mails_out"]), (1, 1))
        np.testing.assert_equal(later, facts)

    def test_what_odoo_logs_of_the_end_does_not_count(self):
        moment = self.close_ours()
        before, _moment = self.read_past()
        for author in (None, self.seller.partner_id):
            self.say(
                self.lead,
                moment - timedelta(hours=1),
                author=author,
                message_type="notification",
                body="<p>Opportunity won</p>",
            )
        after, _moment = self.read_past()
        np.testing.assert_equal(after, before)

    def test_meetings_after_the_moment_do_not_count(self):
        moment = self.close_ours()
        before, _moment = self.read_past()
        event = (
            self.env["calendar.event"]
            .with_context(**QUIET)
            .create(
                {
                    "name": "Rendez-vous",
                    "start": moment + timedelta(hours=2),
                    "stop": moment + timedelta(hours=3),
                    "opportunity_id": self.lead.id,
                }
            )
        )
        self.lead.flush_recordset()
        # created today, long after: nobody knew of it
        after, _moment = self.read_past()
        np.testing.assert_equal(after, before)
        self.env.cr.execute(
            SQL(
                "UPDATE calendar_event SET create_date = %s WHERE id = %s",
                moment - timedelta(days=1),
                event.id,
            )
        )
        planned, _moment = self.read_past()
        self.assertEqual(planned["meetings_planned"], 1)
        self.assertEqual(planned["meetings_held"], 0)

    def test_tracked_fields_have_the_value_of_the_moment(self):
        moment = self.close_ours()
        later = moment + timedelta(hours=3)
        self.track("expected_revenue", later, old_value_float=1200.0)
        self.track("user_id", later, old_value_integer=self.colleague.id)
        self.track("phone", later, old_value_char=False)
        self.track("partner_id", later, old_value_integer=0)
        facts, _moment = self.read_past()
        self.assertEqual(facts["expected_revenue"], 1200)
        self.assertEqual(facts["_user_id"], self.colleague.id)
        self.assertEqual(facts["has_phone"], 0)
        self.assertEqual(facts["_client_id"], -1)
        self.assertTrue(np.isnan(facts["industry_id"]))

    def test_changes_before_the_moment_stay(self):
        moment = self.close_ours()
        self.track(
            "expected_revenue", moment - timedelta(hours=3), old_value_float=1200.0
        )
        facts, _moment = self.read_past()
        self.assertEqual(facts["expected_revenue"], 5000)

    def test_time_in_stage_is_that_of_the_moment(self):
        moment = self.close_ours()
        self.track(
            "stage_id",
            moment - timedelta(days=2),
            old_value_integer=self.first.id,
            new_value_integer=self.second.id,
        )
        self.track(
            "stage_id",
            self.closed,
            old_value_integer=self.second.id,
            new_value_integer=self.won_stage.id,
        )
        facts, _moment = self.read_past()
        self.assertAlmostEqual(facts["stage_days"], 2, places=3)

    def test_without_history_nobody_has_a_time_in_stage(self):
        # The won deal's last change is its winning: that alone would say the end.
        self.close_ours()
        lost = self.make_lead()
        self.close(lost, False, self.opened, self.closed)
        frame, outcome, _closed = self.engine._read_past(self.company)
        self.assertEqual(sorted(outcome.tolist()), [0, 1])
        self.assertTrue(np.isnan(frame.columns["stage_days"]).all())

    def test_a_seller_is_judged_without_this_deal_and_later_ones(self):
        moment = self.close_ours()
        before, _moment = self.read_past()
        self.assertAlmostEqual(before["seller_win_rate"], 1.0, msg="the usual rate")
        early = self.make_lead()
        self.close(early, False, self.opened, moment - timedelta(hours=1))
        late = self.make_lead()
        self.close(late, False, self.opened, moment + timedelta(hours=1))
        facts, _moment = self.read_past()
        # usual rate is 1 of 3 now; one deal lost before the moment
        self.assertAlmostEqual(facts["seller_win_rate"], (10 / 3) / 11)
        self.assertEqual(facts["seller_load"], 2)

    def test_a_client_is_judged_without_this_deal(self):
        moment = self.close_ours()
        earlier = self.make_lead(partner_id=self.partner.id)
        self.close(earlier, True, self.opened, moment - timedelta(days=1))
        facts, _moment = self.read_past()
        self.assertEqual(
            (facts["client_won"], facts["client_lost"], facts["client_open"]), (1, 0, 0)
        )

    def test_planned_activities_are_no_teacher(self):
        names = {
            feature.name
            for feature in self.engine._get_score_features()
            if not feature.learns
        }
        self.assertEqual(names, {"activities_planned", "activities_late"})
        self.close_ours()
        frame, _outcome, _closed = self.engine._read_past(self.company)
        self.assertFalse(names & set(self.engine._choose_names(frame, [])))

    def test_a_tag_put_on_lost_deals_is_left_out(self):
        leads = self.make_history(120)
        tag = self.env["crm.tag"].create({"name": "Trop cher"})
        honest = self.env["crm.tag"].create({"name": "Salon"})
        lost = leads.filtered(lambda lead: lead.won_status == "lost")
        self.make_leads([{"source_id": self.good.id} for _n in range(40)])
        rows = [(lead.id, tag.id) for lead in lost[:30]]
        rows += [(lead.id, honest.id) for lead in leads[:40]]
        open_leads = self.env["crm.lead"].search(
            [("company_id", "=", self.company.id), ("won_status", "=", "pending")]
        )
        rows += [(lead.id, honest.id) for lead in open_leads[:14]]
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_tag_rel (lead_id, tag_id) SELECT * FROM"
                " unnest(%s::int[], %s::int[])",
                [row[0] for row in rows],
                [row[1] for row in rows],
            )
        )
        version = self.engine._learn(self.company)
        self.assertEqual(version.report["late"], [f"tag:{tag.id}"])
        self.assertNotIn(f"tag:{tag.id}", version._get_fact_names())
        self.assertEqual(version.details["left_out"], ["Tag Trop cher"])
        # what the trainer found by itself is told as well
        version.report = {**version.report, "dropped": {"notes": "never_open"}}
        self.assertEqual(
            version.details["left_out"], ["Tag Trop cher", "Internal notes"]
        )

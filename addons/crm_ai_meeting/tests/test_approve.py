from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import MET_AT, TEXT, MeetingCase

WATCHED = ("crm_lead", "mail_message", "mail_activity", "calendar_event", "res_partner")


@tagged("post_install", "-at_install")
class TestApprove(MeetingCase):
    """Nothing is written on the deal before a person approves, then all at once."""

    def snapshot(self):
        """Return the row of the deal and how many rows the other tables hold."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT to_jsonb(l) FROM crm_lead l WHERE id = %s", [self.lead.id]
        )
        row = self.env.cr.fetchone()[0]
        counts = []
        for table in WATCHED:
            count = SQL("SELECT count(*) FROM %s", SQL.identifier(table))
            self.env.cr.execute(count)
            counts.append(self.env.cr.fetchone()[0])
        return row, counts

    def test_nothing_is_written_before_approval(self):
        before = self.snapshot()
        summary = self.summed_up()
        item = self.items(summary, "rival")
        item.text = "Pixelnor SA"
        item.is_chosen = True
        self.env["crm.meeting.item"].with_user(self.seller).create(
            {"summary_id": summary.id, "kind": "rival", "text": "Autre"}
        )
        self.assertEqual(self.snapshot(), before)
        summary.action_approve()
        self.assertNotEqual(self.snapshot(), before)

    def test_approval_writes_note_activities_and_ticked_facts(self):
        summary = self.summed_up()
        self.items(summary, "budget").is_chosen = True
        self.items(summary, "decision_maker").is_chosen = True
        messages = self.lead.message_ids
        summary.action_approve()
        self.assertEqual(summary.state, "approved")
        self.assertEqual(summary.approved_by_id, self.seller)
        self.assertEqual(self.lead.expected_revenue, 36500)
        self.assertEqual(self.lead.decision_maker, "PDG (M. Abel Tran)")
        # not ticked
        self.assertFalse(self.lead.date_deadline)
        self.assertFalse(self.lead.rivals)
        activities = self.lead.activity_ids.sorted("date_deadline")
        self.assertEqual(
            activities.mapped("date_deadline"), [date(2026, 3, 3), date(2026, 3, 6)]
        )
        self.assertEqual(activities.user_id, self.seller)
        self.assertEqual(summary.activity_count, 2)
        (note,) = self.lead.message_ids - messages
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        for words in ("Pixelnor", "T3", "proposition technique", "PDG"):
            self.assertIn(words, note.body)
        call = summary.call_id.sudo()
        self.assertEqual(call.decision, "accepted")

    def test_what_was_taken_out_or_unticked_makes_nothing(self):
        summary = self.summed_up()
        first, second = self.items(summary, "action")
        first.is_chosen = False
        second.unlink()
        summary.action_approve()
        self.assertFalse(self.lead.activity_ids)

    def test_an_edit_is_noted_in_the_register(self):
        summary = self.summed_up()
        self.items(summary, "rival").text = "Pixelnor et Cie"
        summary.action_approve()
        call = summary.call_id.sudo()
        self.assertEqual(call.decision, "edited")
        self.assertGreater(call.edit_pct, 0)

    def test_approved_once_and_then_fixed(self):
        summary = self.summed_up()
        summary.action_approve()
        for change in (
            lambda: summary.action_approve(),
            lambda: summary.action_discard(),
            lambda: summary.item_ids[0].write({"text": "x"}),
            lambda: summary.item_ids[0].unlink(),
            lambda: summary.write({"lead_id": False}),
        ):
            with self.assertRaises(UserError):
                change()
        self.assertEqual(len(self.lead.activity_ids), 2)

    def test_states_and_places_are_not_typed(self):
        summary = self.summed_up()
        for values in ({"state": "approved"}, {"transcript": "x"}, {"call_id": False}):
            with self.assertRaises(UserError):
                summary.write(values)
        item = summary.item_ids[0]
        places = item.segments
        item.segments = [99]
        item.invalidate_recordset()
        self.assertEqual(item.segments, places)

    def test_a_deal_one_may_not_change_takes_no_summary(self):
        summary = self.summed_up()
        self.lead.user_id = self.colleague
        with self.assertRaises(AccessError):
            summary.action_approve()

    def test_a_meeting_without_deal_asks_for_one(self):
        event = self.env["calendar.event"].create(
            {
                "name": "Point",
                "start": "2026-03-02 09:00:00",
                "stop": "2026-03-02 10:00:00",
                "user_id": self.seller.id,
                "partner_ids": [(6, 0, self.seller.partner_id.ids)],
            }
        )
        summary = self.summed_up(record=event)
        self.assertEqual(summary.name, "Point")
        with self.assertRaises(UserError):
            summary.action_approve()
        summary.lead_id = self.lead
        summary.action_approve()
        self.assertEqual(len(self.lead.activity_ids), 2)

    def test_discarding_forgets_words_and_items(self):
        summary = self.summed_up()
        summary.action_discard()
        self.assertEqual(summary.state, "discarded")
        self.assertFalse(summary.transcript)
        self.assertFalse(summary.item_ids)
        self.assertEqual(summary.call_id.sudo().decision, "dismissed")

    def test_purge_takes_the_words_and_leaves_the_summary(self):
        approved, waiting, young = (self.summed_up() for _ in range(3))
        approved.action_approve()
        (approved | waiting).sudo().purge_date = "2020-01-01"
        items = len(approved.item_ids)
        with self.enter_registry_test_mode():
            self.env.ref("crm_ai_meeting.ir_cron_purge").method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(approved.transcript)
        self.assertTrue(approved.is_purged)
        self.assertEqual((approved.state, len(approved.item_ids)), ("approved", items))
        self.assertEqual((waiting.state, len(waiting.item_ids)), ("discarded", 0))
        self.assertTrue(young.transcript)
        self.assertEqual(young.state, "review")
        review = approved.get_review()
        self.assertEqual((review["is_purged"], review["segments"]), (True, []))

    def test_a_text_taken_at_once_is_approved_at_once(self):
        """As the demo company does, without any job."""
        summaries = self.env["crm.meeting.summary"].with_user(self.seller)
        summary = summaries.with_company(self.company).create(
            {"lead_id": self.lead.id, "name": "Point", "met_at": MET_AT}
        )
        summary._take_words_now("reunion.txt", TEXT.encode())
        self.assertEqual((summary.state, summary.answered_by), ("review", "rules"))
        summary.action_approve()
        self.assertEqual(len(self.lead.activity_ids), 2)

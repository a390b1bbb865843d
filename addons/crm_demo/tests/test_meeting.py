from odoo.tests import tagged

from .common import StoryCase


@tagged("post_install", "-at_install")
class TestMeeting(StoryCase):
    """One meeting is approved, the other waits; each says what was said."""

    def find(self, state):
        return self.env["crm.meeting.summary"].search([("state", "=", state)])

    def fact(self, summary, kind):
        return summary.item_ids.filtered(lambda item: item.kind == kind)

    def test_the_approved_one_left_its_activities(self):
        summary = self.find("approved")
        self.assertEqual(len(summary), 1)
        self.assertEqual(self.fact(summary, "budget").amount, 9500)
        self.assertEqual(self.fact(summary, "deadline").text, "T2")
        self.assertEqual(summary.activity_count, 2)
        self.assertEqual(summary.approved_by_id, summary.lead_id.user_id)

    def test_the_other_waits(self):
        summary = self.find("review")
        self.assertEqual(len(summary), 1)
        self.assertEqual(self.fact(summary, "budget").amount, 24000)
        self.assertEqual(self.fact(summary, "rival").text, "Studio Mélèze")
        self.assertEqual(len(self.fact(summary, "action")), 2)
        self.assertTrue(summary.get_review()["segments"])

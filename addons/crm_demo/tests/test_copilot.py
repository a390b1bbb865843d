from odoo.tests import tagged

from .common import StoryCase


@tagged("post_install", "-at_install")
class TestCopilot(StoryCase):
    """What a newcomer finds of the copilot."""

    def test_open_deals_have_a_next_action(self):
        deals = self.search_deals(self.lumen, "pending")
        best = deals.next_action_ids.filtered("is_best")
        self.assertGreater(len(best), 3)
        self.assertTrue(all(action.reason for action in best))

    def test_an_unhappy_client_is_seen(self):
        deal = self.recall("deal", "oceane_boutique")
        mood = deal.ai_suggestion_ids.filtered(lambda item: item.kind == "mood")
        self.assertIn("déçue", mood.evidence)
        self.assertEqual(deal.next_action_id.kind, "call")

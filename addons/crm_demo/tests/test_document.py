from odoo.tests import tagged

from .common import StoryCase


@tagged("post_install", "-at_install")
class TestDocument(StoryCase):
    def test_techcorp_has_read_its_proposal(self):
        document = self.recall("document", "techcorp_agence")
        order = self.recall("order", "techcorp_agence")
        self.assertEqual(document.res_id, order.id)
        self.assertEqual(document.user_id, order.user_id)
        self.assertIn("TechCorp", document.body_html)
        self.assertFalse(document.outdated_reason)
        share = document.share_ids
        self.assertEqual(share.state, "active")
        self.assertTrue(share.has_password)
        self.assertEqual(share.visit_count, 3)

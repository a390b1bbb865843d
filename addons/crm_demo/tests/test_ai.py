import os
from unittest.mock import patch

from odoo.tests import tagged

from .common import StoryCase


@tagged("post_install", "-at_install")
class TestAi(StoryCase):
    """The model of the demo, and six weeks of use behind it."""

    def setUp(self):
        super().setUp()
        self.connection = self.recall("ai_connection", "demo")

    def test_the_model_never_leaves_this_machine(self):
        self.assertTrue(self.connection.base_url.startswith("http://127.0.0.1:"))

    def test_the_model_follows_the_stand_in(self):
        url = "http://127.0.0.1:18999/v1"
        with patch.dict(os.environ, {"CRM_STANDIN_OPENAI_URL": url}):
            self.demo._sync_environment()
            self.assertEqual(self.connection.base_url, url)
            self.assertTrue(self.connection._is_private_allowed(url))
        self.connection.base_url = "https://modele.agence-lumen.example/v1"
        other = "http://127.0.0.1:18998/v1"
        with patch.dict(os.environ, {"CRM_STANDIN_OPENAI_URL": other}):
            self.demo._sync_environment()
        self.assertIn("agence-lumen", self.connection.base_url)

    def test_the_boards_tell_something(self):
        report = self.env["crm.ai.report"].search(
            [("company_id", "=", self.recall("company", "lumen").id)]
        )
        self.assertGreater(len(report), 100)
        self.assertEqual(
            {"accepted", "edited", "dismissed", False}, set(report.mapped("decision"))
        )
        self.assertEqual({"model", "rules"}, set(report.mapped("answered_by")))

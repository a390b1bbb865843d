import os
from unittest.mock import patch

from odoo.tests import tagged

from .common import StoryCase


@tagged("post_install", "-at_install")
class TestEnvironment(StoryCase):
    """The demo follows the helpers started beside the server."""

    def setUp(self):
        super().setUp()
        self.server = self.recall("mail_server", "demo")

    def start(self, **environment):
        with patch.dict(os.environ, environment):
            self.demo._sync_environment()

    def test_mail_goes_to_the_catcher_when_there_is_one(self):
        self.start(CRM_MAIL_CATCHER_PORT="18259")
        self.assertEqual(
            (self.server.smtp_host, self.server.smtp_port), ("127.0.0.1", 18259)
        )

    def test_mail_goes_nowhere_when_the_catcher_is_gone(self):
        self.server.smtp_port = 18259
        self.start(CRM_MAIL_CATCHER_PORT="")
        self.assertEqual(self.server.smtp_port, 9)

    def test_an_address_typed_by_somebody_is_left_alone(self):
        self.server.write({"smtp_host": "mail.agence-lumen.example", "smtp_port": 465})
        self.start(CRM_MAIL_CATCHER_PORT="18259")
        self.assertEqual(self.server.smtp_port, 465)

    def test_nothing_is_written_when_nothing_changed(self):
        self.start(CRM_MAIL_CATCHER_PORT="18259")
        self.env.flush_all()
        with patch.object(type(self.server), "write") as write:
            self.start(CRM_MAIL_CATCHER_PORT="18259")
        write.assert_not_called()

    def test_only_one_worker_writes(self):
        """A second worker that sees the same difference waits for nobody."""
        with self.registry.cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s))", ["crm_demo.environment"]
            )
            self.start(CRM_MAIL_CATCHER_PORT="18259")
        self.assertNotEqual(self.server.smtp_port, 18259)

    def test_a_server_deleted_by_somebody_is_not_missed(self):
        self.server.unlink()
        self.start(CRM_MAIL_CATCHER_PORT="18259")
        self.assertFalse(self.env["ir.mail_server"].search([("smtp_port", "=", 18259)]))

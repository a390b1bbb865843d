import json

from odoo.tests import TransactionCase, new_test_user

from odoo.addons.crm_base.tests.common import SecretKeyMixin
from odoo.addons.crm_integrations.tests.common import ExchangeMixin

from ..receiver import Receiver


class EngineCase(SecretKeyMixin, ExchangeMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "int_admin", groups="crm_base.crm_base_group_admin"
        )
        cls.automation = new_test_user(
            cls.env, "int_automation", groups="crm_base.crm_base_group_automation"
        )
        cls.connection = cls.env["crm.connection"].create(
            {
                "name": "Partner",
                "provider": "test",
                "webhook_secret": "s3cret",
                "responsible_id": cls.admin.id,
            }
        )

    def receiver(self, script=None):
        """Start a receiver for the length of the test and point to it."""
        receiver = Receiver(script)
        receiver.__enter__()
        self.addCleanup(receiver.__exit__)
        self.connection.base_url = receiver.url
        return receiver

    def send(self, key, personal=False, record=None, **wish):
        return self.connection._enqueue(
            "test.sent",
            json.dumps(wish).encode(),
            idempotency_key=key,
            personal=personal,
            record=record,
        )

    def arrive(self, event_id, personal=False, **wish):
        return self.connection._receive(
            "test.received", event_id, json.dumps(wish).encode(), personal=personal
        )

    def effects(self):
        return sorted(
            self.env["crm.integrations.test.effect"].search([]).mapped("name")
        )

    def jobs(self, method):
        return self.env["queue.job"].search(
            [
                ("model_name", "=", "crm.connection"),
                ("method_name", "=", method),
                ("state", "=", "pending"),
            ]
        )

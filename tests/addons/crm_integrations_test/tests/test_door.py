import hashlib
import hmac
import importlib.util
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import sql

from odoo.addons.crm_integrations.models import crm_connection_door

from ..controllers.webhook import MAX_BYTES
from ..models.crm_connection import WEBHOOK_PATH

SECRET = "whsec_door"


@tagged("post_install", "-at_install")
class TestDoor(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.env["crm.connection"].create(
            {"name": "Partner", "provider": "test", "webhook_secret": SECRET}
        )
        cls.other = cls.connection.copy({"name": "Other"})

    def knock(self, body=b"{}", door=None, signature=None, event_id="e1"):
        if signature is None:
            signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        self.env.flush_all()
        answer = self.url_open(
            door or f"{WEBHOOK_PATH}{self.connection.webhook_key}",
            data=body,
            headers={"X-Signature": signature, "X-Event-Id": event_id},
        )
        self.env.invalidate_all()
        return answer.status_code

    def stored(self):
        return self.env["crm.exchange"].search_count(
            [("connection_id", "in", (self.connection + self.other).ids)]
        )

    def test_a_signed_message_is_stored_once(self):
        self.assertEqual([self.knock(), self.knock()], [200, 200])
        self.assertEqual(self.stored(), 1)
        self.assertFalse(self.connection.webhook_refused_count)

    def test_a_forged_message_is_refused_and_noted_here_only(self):
        self.assertEqual(self.knock(signature="0"), 400)
        self.assertEqual(self.knock(signature="0"), 400)
        self.assertEqual(self.connection.webhook_refused_count, 2)
        self.assertEqual(self.connection.webhook_refused_reason, "no_match")
        self.assertTrue(self.connection.webhook_refused_at)
        self.assertFalse(self.other.webhook_refused_count)
        self.assertFalse(self.stored())

    def test_without_a_secret_everything_is_refused(self):
        self.connection.webhook_secret = False
        self.assertEqual(self.knock(), 403)
        self.assertEqual(self.connection.webhook_refused_reason, "no_secret")

    def test_an_address_nobody_has_leads_nowhere(self):
        for door in (f"{WEBHOOK_PATH}unknown", f"{WEBHOOK_PATH}%00"):
            self.assertEqual(self.knock(door=door), 404)

    def test_a_message_that_is_too_large_is_not_read(self):
        self.assertEqual(self.knock(b"x" * (MAX_BYTES + 1)), 413)
        self.assertFalse(self.connection.webhook_refused_count)

    def test_a_copy_has_an_address_of_its_own(self):
        self.assertTrue(self.other.webhook_key)
        self.assertNotEqual(self.other.webhook_key, self.connection.webhook_key)
        self.assertTrue(self.other.webhook_url.endswith(self.other.webhook_key))

    def test_only_administrators_read_the_address(self):
        automation = new_test_user(
            self.env, "door_automation", "crm_base.crm_base_group_automation"
        )
        mine = self.connection.with_user(automation)
        for name in ("webhook_key", "webhook_url"):
            with self.assertRaises(AccessError):
                mine.read([name])
        self.assertFalse(mine.read(["webhook_refused_count"])[0].get("webhook_key"))

    def test_the_stand_in_of_this_provider_may_be_called_at_home(self):
        url, variable = "http://127.0.0.1:9/v1", "CRM_STANDIN_TEST_URL"
        self.assertFalse(self.connection._is_private_allowed(url))
        with patch.dict(crm_connection_door.os.environ, {variable: f"{url}/"}):
            self.assertTrue(self.connection._is_private_allowed(url))
            self.assertFalse(self.connection._is_private_allowed("http://127.0.0.1:8"))
        allowed = "crm_integrations.allow_private_test"
        self.env["ir.config_parameter"].set_param(allowed, "1")
        self.assertTrue(self.connection._is_private_allowed("http://127.0.0.1:8"))

    def test_an_address_known_at_stripe_survives_the_upgrade(self):
        cr, key = self.env.cr, self.connection.webhook_key
        self.env.flush_all()
        old = {"webhook_key": "stripe_access_key"}
        for name in ("count", "at", "reason"):
            old[f"webhook_refused_{name}"] = f"stripe_refused_{name}"
        for new, former in old.items():
            sql.rename_column(cr, "crm_connection", new, former)
        folder = Path(crm_connection_door.__file__).parents[1]
        script = folder / "migrations" / "19.0.1.1.0" / "pre-migration.py"
        spec = importlib.util.spec_from_file_location("door_migration", script)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for _twice in range(2):
            module.migrate(cr, "19.0.1.0.0")
        cr.execute(
            "SELECT webhook_key FROM crm_connection WHERE id = %s",
            [self.connection.id],
        )
        self.assertEqual(cr.fetchone(), (key,))

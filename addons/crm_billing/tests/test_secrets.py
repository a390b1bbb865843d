import os
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_billing.hooks import uninstall_hook

from .common import BillingCase

KEY = "sk_test_nadia"
MASK = "********"


@tagged("post_install", "-at_install")
class TestSecrets(BillingCase):
    """Keys go in and never come out."""

    def _column(self, name="stripe_secret_key"):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM payment_provider WHERE id = %s",
                SQL.identifier(name),
                self.connection.payment_provider_id.id,
            )
        )
        return self.env.cr.fetchone()[0]

    def test_keys_are_sealed_in_the_database_and_masked_for_everybody(self):
        self.assertNotIn(KEY, self._column())
        provider = self.connection.payment_provider_id
        self.assertEqual(provider.stripe_secret_key, KEY, "core code still reads it")
        for record in (provider, self.connection):
            names = ["stripe_secret_key", "stripe_webhook_secret"]
            [values] = record.read(names)
            self.assertEqual({values[name] for name in names}, {MASK})
            [web] = record.web_read({name: {} for name in names})
            self.assertEqual({web[name] for name in names}, {MASK})
            exported = record.export_data(["stripe_secret_key"])["datas"]
            self.assertNotIn(KEY, str(exported))

    def test_answer_to_a_save_is_masked_and_the_mask_changes_nothing(self):
        [saved] = self.connection.web_save(
            {"stripe_secret_key": "sk_test_other"},
            {"stripe_secret_key": {}, "environment": {}},
        )
        self.assertEqual(saved["stripe_secret_key"], MASK)
        self.connection.web_save({"stripe_secret_key": MASK, "name": "Stripe"}, {})
        provider = self.connection.payment_provider_id
        self.assertEqual(provider.stripe_secret_key, "sk_test_other")

    def test_keys_decide_the_environment_and_switch_the_provider_on(self):
        provider = self.connection.payment_provider_id
        self.assertEqual(provider.state, "test")
        self.connection.stripe_secret_key = "sk_live_nadia"
        self.assertEqual(provider.state, "enabled")
        self.assertEqual(self.connection.environment, "live")
        self.assertFalse(provider.is_published)
        self.connection.stripe_secret_key = False
        self.assertEqual(provider.state, "disabled")

    def test_without_the_encryption_key_links_are_refused_with_the_remedy(self):
        with patch.dict(os.environ):
            del os.environ["CRM_SECRET_KEY"]
            os.environ.pop("CRM_SECRET_KEY_FILE", None)
            self.env.invalidate_all()
            self.assertFalse(self.connection.payment_provider_id.stripe_secret_key)
            with self.assertRaisesRegex(UserError, "CRM_SECRET_KEY_FILE"):
                self.lead.action_create_payment_link()

    def test_uninstall_gives_the_keys_back_in_clear(self):
        self.assertNotEqual(self._column(), KEY)
        uninstall_hook(self.env)
        self.assertEqual(self._column(), KEY)
        self.assertEqual(self._column("stripe_webhook_secret"), "whsec_tests_nadia")

    def test_neutralized_copy_knows_no_account(self):
        self.env.flush_all()
        addons = ["crm_integrations", "crm_billing"]
        for query in get_neutralization_queries(addons):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(self.connection.payment_provider_id.stripe_secret_key)
        self.assertFalse(self._column("stripe_webhook_secret"))
        self.assertFalse(self.connection.webhook_key)

    def test_tokens_of_links_are_sealed_and_hashed(self):
        link = self.make_link(self.lead, self.connection)
        token = link.sudo().token
        self.assertGreaterEqual(len(token), 22, "128 bits at least")
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT token, token_digest FROM crm_payment_link WHERE id = %s", [link.id]
        )
        sealed, digest = self.env.cr.fetchone()
        self.assertNotIn(token, sealed)
        self.assertNotEqual(token, digest)
        body = self.env["crm.exchange"].search([], limit=1).sudo()
        self.assertTrue(body.is_personal)
        self.assertFalse(body.body_plain)

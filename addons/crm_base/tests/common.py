"""A key for tests, and models that hold secrets without being in any addon."""

import os
from unittest.mock import patch

from cryptography.fernet import Fernet
from lxml import html

from odoo import fields, models
from odoo.orm.model_classes import add_to_registry
from odoo.tests.common import TransactionCase

from ..fields import EncryptedText


class SecretKeyMixin:
    """Gives the class an encryption key of its own; put it before the test case."""

    @classmethod
    def setUpClass(cls):
        cls.secret_key = Fernet.generate_key().decode()
        environment = {"CRM_SECRET_KEY": cls.secret_key}
        cls.enterClassContext(patch.dict(os.environ, environment))
        super().setUpClass()
        # the database may remember another key: forgotten until the rollback
        cls.env["crm.secret"]._remember_key(replace=True)

    def use_key(self, *keys):
        """Configure other keys until the end of the test; none removes the key."""
        environment = {"CRM_SECRET_KEY": ",".join(keys)}
        self.enterContext(patch.dict(os.environ, environment))
        self.env.invalidate_all()


class PublicPageMixin:
    """For tests of pages that people open without an account; before HttpCase."""

    def check_public_page(self, answer):
        """Fail when the frame, the headers or the style sheet of a page is missing."""
        self.assertTrue(answer.text.lstrip().startswith("<!DOCTYPE html>"))
        tree = html.fromstring(answer.content)
        self.assertTrue(tree.xpath("//html/@lang"))
        self.assertTrue(tree.xpath("//title")[0].text.strip())
        expected = {
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "X-Robots-Tag": "noindex, nofollow",
        }
        self.assertEqual(
            {name: answer.headers.get(name) for name in expected}, expected
        )
        policy = answer.headers["Content-Security-Policy"]
        for rule in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            self.assertIn(rule, policy)
        self.assertNotIn("unsafe", policy)
        for inline in ("<script>", "onerror=", "onclick=", "style="):
            self.assertNotIn(inline, answer.text)
        [address] = tree.xpath("//link[@rel='stylesheet']/@href")
        sheet = self.url_open(address)
        self.assertEqual(sheet.status_code, 200)
        self.assertIn(".company", sheet.text)


class SecretModelCase(SecretKeyMixin, TransactionCase):
    """Model ``crm.test.secret`` for the time of a test class."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        class TestSecret(models.Model):
            _module = None
            _name = "crm.test.secret"
            _description = "Holder of secrets"

            name = fields.Char()
            secret = EncryptedText(string="Access Key", help="From the vendor")
            guarded = EncryptedText(groups="base.group_system")
            generated = EncryptedText(default=lambda self: "made here")
            parent_id = fields.Many2one("crm.test.secret")
            parent_secret = EncryptedText(
                "Parent Key", related="parent_id.secret", readonly=False
            )
            child_ids = fields.One2many("crm.test.secret", "parent_id")

        cls.add_models(TestSecret)
        cls.Model = cls.env["crm.test.secret"]
        cls.env["ir.model.access"].create(
            {
                "name": "Test",
                "model_id": cls.env["ir.model"]._get_id("crm.test.secret"),
                "group_id": cls.env.ref("base.group_user").id,
                **dict.fromkeys(
                    ("perm_read", "perm_write", "perm_create", "perm_unlink"), True
                ),
            }
        )
        cls.env.flush_all()

    @classmethod
    def add_models(cls, *definitions):
        """Put model classes in the registry and the database until the rollback."""
        registry, names = cls.registry, []
        for definition in definitions:
            is_new = definition._name not in registry
            before = None if is_new else registry[definition._name]._base_classes__
            add_to_registry(registry, definition)
            cls.addClassCleanup(cls._remove_model, definition._name, before)
            names.append(definition._name)
        registry._setup_models__(cls.env.cr, [])
        registry.init_models(cls.env.cr, names, {"module": "crm_base"})

    @classmethod
    def _remove_model(cls, name, base_classes):
        registry = cls.registry
        if base_classes is not None:
            registry[name]._base_classes__ = base_classes
        else:
            for parent in registry[name]._inherit_module:
                registry[parent]._inherit_children.discard(name)
            del registry[name]
        registry._setup_models__(cls.env.cr)

    def stored(self, record, name="secret"):
        """Return what the database holds, bypassing the ORM."""
        record.flush_recordset()
        self.env.cr.execute(
            f'SELECT "{name}" FROM "{record._table}" WHERE id = %s',  # noqa: S608
            [record.id],
        )
        return self.env.cr.fetchone()[0]

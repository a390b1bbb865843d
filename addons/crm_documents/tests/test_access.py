from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DocumentCase

MODELS = (
    "crm.document",
    "crm.document.template",
    "crm.document.version",
    "crm.document.share",
    "crm.document.visit",
    "crm.document.wizard",
)


@tagged("post_install", "-at_install")
class TestAccess(DocumentCase):
    """A document follows its record: who may not read the one reads not the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A record only its owner and the administrators may read.
        cls.env["ir.rule"].create(
            {
                "name": "Test: own contacts only",
                "model_id": cls.env.ref("base.model_res_partner").id,
                "groups": [(4, cls.env.ref("crm_base.crm_base_group_seller").id)],
                "domain_force": "['|', ('ref', '=', False), ('user_id', '=', user.id)]",
            }
        )
        cls.env["ir.rule"].create(
            {
                "name": "Test: all contacts",
                "model_id": cls.env.ref("base.model_res_partner").id,
                "groups": [(4, cls.env.ref("crm_base.crm_base_group_admin").id)],
                "domain_force": "[(1, '=', 1)]",
            }
        )
        cls.secret_client = cls.env["res.partner"].create(
            {
                "name": "Client réservé",
                "ref": "R1",
                "user_id": cls.seller.id,
                "company_id": cls.company.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.document = self.make_document(self.secret_client)
        self.share, _token = self.env["crm.document.share"]._make(
            self.document, "Claire", self.in_days(5)
        )
        self.share.sudo()._log_visit("opened", ("203.0.113.7", "Firefox"))
        self.records = (self.document, self.share, self.share.sudo().visit_ids)
        self.env.invalidate_all()

    def in_days(self, days):
        from datetime import timedelta

        from odoo import fields

        return fields.Datetime.now() + timedelta(days=days)

    def sees(self, user):
        """Return how many of document, link and visit a user finds and reads."""
        found = []
        for record in self.records:
            model = record.with_user(user).browse()
            try:
                hit = model.search([("id", "in", record.ids)])
                count = model.search_count([("id", "in", record.ids)])
            except AccessError:
                hit, count = model, 0
            self.assertEqual(len(hit), count)
            try:
                record.with_user(user).read(["display_name"])
                readable = True
            except AccessError:
                readable = False
            self.assertEqual(bool(hit), readable, (user.login, record._name))
            found.append(readable)
        return found

    def test_who_sees_the_documents_of_a_record(self):
        self.assertEqual(self.sees(self.seller), [True, True, True])
        self.assertEqual(self.sees(self.admin), [True, True, True])
        self.assertEqual(self.sees(self.colleague), [False, False, False])
        self.assertEqual(self.sees(self.stranger), [False, False, False])
        self.assertEqual(self.sees(self.portal), [False, False, False])
        public = self.env.ref("base.public_user")
        self.assertEqual(self.sees(public), [False, False, False])

    def test_the_files_follow_the_document(self):
        attachment = self.document.sudo().pdf_attachment_id
        attachment.with_user(self.seller).read(["raw"])
        for user in (self.colleague, self.stranger, self.portal):
            with self.assertRaises(AccessError):
                attachment.with_user(user).read(["raw"])

    def test_groups_count_only_what_is_seen(self):
        for user, expected in ((self.seller, 1), (self.colleague, 0)):
            groups = (
                self.env["crm.document"]
                .with_user(user)
                ._read_group([("id", "=", self.document.id)], ["kind"], ["__count"])
            )
            self.assertEqual(sum(count for _kind, count in groups), expected)

    def test_nobody_makes_a_document_of_a_record_he_may_not_change(self):
        for user in (self.colleague, self.stranger):
            wizard = self.open_wizard(user=user)
            wizard.write({"res_id": self.secret_client.id})
            with self.assertRaises(AccessError):
                wizard.action_fill()
            with self.assertRaises(AccessError):
                wizard.action_make()

    def test_nobody_revises_or_shares_a_hidden_document(self):
        document = self.document.with_user(self.colleague)
        with self.assertRaises(AccessError):
            document.action_revise()
        with self.assertRaises(AccessError):
            self.env["crm.document.share"].with_user(self.colleague)._make(
                document, "x", self.in_days(1)
            )
        with self.assertRaises(AccessError):
            self.share.with_user(self.colleague).action_revoke()
        wizard = self.open_wizard(user=self.colleague)
        wizard.action_fill()
        wizard.is_incomplete_accepted = True
        wizard.previous_id = self.document
        with self.assertRaises(AccessError), self.printing_nothing():
            wizard.action_make()

    def test_links_and_visits_are_written_by_nobody(self):
        for user in (self.seller, self.admin):
            for record in self.records[1:]:
                with self.assertRaises(AccessError):
                    record.with_user(user).create({})
                with self.assertRaises(AccessError):
                    record.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    record.with_user(user).write({"share_id": False})

    def test_nobody_reads_the_hash_of_a_link(self):
        for name in ("token_hash", "password_hash"):
            for user in (self.seller, self.admin):
                with self.assertRaises(AccessError):
                    self.share.with_user(user).read([name])

    def test_templates_are_written_by_who_builds_them(self):
        for user in (self.nocode, self.admin):
            self.template.with_user(user).body_html = f"<p>{user.login}</p>"
        for user in (self.seller, self.portal):
            with self.assertRaises(AccessError):
                self.template.with_user(user).body_html = "<p>x</p>"
        self.template.with_user(self.seller).read(["name"])
        self.template.company_id = self.company
        with self.assertRaises(AccessError):
            self.template.with_user(self.stranger).read(["name"])

    def test_portal_and_visitors_have_no_row_at_all(self):
        public = self.env.ref("base.public_user")
        for model in MODELS:
            for user in (self.portal, public):
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(
                        self.env[model].with_user(user).has_access(operation)
                    )

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteCase


@tagged("post_install", "-at_install")
class TestRights(QuoteCase):
    """Each sees the versions of the quotations he may read, and changes none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls.make_user("marie", "crm_base.crm_base_group_seller")
        cls.nocode = cls.make_user("nina", "crm_base.crm_base_group_nocode")
        other = cls.env["res.company"].create({"name": "Voisine"})
        cls.neighbour = cls.make_user(
            "victor", "crm_base.crm_base_group_admin", company=other
        )
        cls.portal = cls.make_user("paul", "base.group_portal")
        cls.public = cls.env.ref("base.public_user")
        cls.order.action_quotation_sent()
        cls.version = cls.order._get_last_quote_version()

    def seen_by(self, user, model):
        records = self.env[model].with_user(user).with_context(allowed_company_ids=[])
        return records.with_company(user.company_id).search(
            [("order_id", "=", self.order.id)]
        )

    def test_seller_and_manager_read(self):
        for user in (self.seller, self.manager):
            for model in ("crm.quote.version", "crm.quote.event"):
                self.assertTrue(self.seen_by(user, model))
                self.assertTrue(self.seen_by(user, model).read())

    def test_nobody_else_sees_anything(self):
        for user in (self.colleague, self.neighbour):
            for model in ("crm.quote.version", "crm.quote.event"):
                self.assertFalse(self.seen_by(user, model))
        for user in (self.nocode, self.portal, self.public):
            for model in ("crm.quote.version", "crm.quote.event"):
                with self.assertRaises(AccessError):
                    self.seen_by(user, model)

    def test_methods_check_the_quotation(self):
        for user in (self.colleague, self.portal, self.public):
            order = self.order.with_user(user)
            for call in (
                lambda order=order: order.get_quote_comparison(),
                lambda order=order: order.action_keep_quote_version(),
                lambda order=order: order.action_print_quote_comparison(1, 0),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_who_may_read_only_does_not_restore_or_keep(self):
        for user in (self.colleague, self.neighbour, self.portal):
            with self.assertRaises(AccessError):
                self.version.with_user(user).sudo(False).action_restore()

    def test_nobody_writes_not_even_the_manager(self):
        for user in (self.seller, self.manager):
            record = self.version.with_user(user).sudo(False)
            with self.assertRaises(UserError):
                record.write({"note": "x"})
            with self.assertRaises(UserError):
                record.unlink()
            with self.assertRaises(UserError):
                record.copy()

    def test_the_pdf_is_protected_like_its_version(self):
        file = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": "pdf",
                    "raw": b"%PDF-1.7",
                    "res_model": "crm.quote.version",
                    "res_id": self.version.id,
                    "res_field": "pdf",
                }
            )
        )
        file.with_user(self.seller).check_access("read")
        for user in (self.colleague, self.portal):
            with self.assertRaises(AccessError):
                file.with_user(user).check_access("read")
        with self.assertRaises(AccessError):
            file.with_user(self.manager).check_access("write")

    def test_the_client_does_not_read_who_edited(self):
        self.order.partner_id = self.portal.partner_id
        order = self.order.with_user(self.portal)
        order.check_access("read")
        for name in ("quote_edits", "quote_version_ids", "quote_event_ids"):
            with self.assertRaises(AccessError):
                order.mapped(name).mapped("id") or order.read([name])

    def test_the_client_does_not_compare_as_we_do(self):
        """His page shows the changes without names; our screen is not for him."""
        self.order.partner_id = self.portal.partner_id
        order = self.order.with_user(self.portal)
        order.check_access("read")
        reports = self.env["ir.actions.report"].with_user(self.portal)
        data = {"order_id": self.order.id, "left": 1, "right": 0}
        for call in (
            lambda: order.get_quote_comparison(),
            lambda: order.action_print_quote_comparison(1, 0),
            lambda: reports._render_qweb_html(
                "crm_quotes.report_comparison", None, data=data
            ),
        ):
            with self.assertRaises(AccessError):
                call()

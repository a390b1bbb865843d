import base64

from odoo import SUPERUSER_ID
from odoo.tests import new_test_user, tagged

from .common import ChromiumCase

# One red point.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLv"
    "AAAAAElFTkSuQmCC"
)


@tagged("post_install", "-at_install")
class TestAssets(ChromiumCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "chromium_user",
            groups="base.group_user,base.group_partner_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        secret = cls.env["ir.config_parameter"].create({"key": "chr.x", "value": "y"})
        cls.open_image, cls.closed_image = cls.env["ir.attachment"].create(
            [
                {"name": "o.png", "raw": PNG, "res_model": "res.partner"}
                | {"res_id": cls.partners[0].id},
                {"name": "c.png", "raw": PNG, "res_model": secret._name}
                | {"res_id": secret.id},
            ]
        )

    def read_asset(self, path, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.user)
        return reports._make_asset_reader()(reports.get_base_url() + path)

    def test_an_image_is_read_with_the_rights_of_the_user(self):
        asset = self.read_asset(f"/web/image/{self.open_image.id}")
        self.assertEqual(asset.mimetype, "image/png")
        self.assertFalse(asset.is_public)
        self.assertIsNone(self.read_asset(f"/web/image/{self.closed_image.id}"))

    def test_sudo_opens_no_image_to_the_document(self):
        reports = self.env["ir.actions.report"].with_user(self.user).sudo()
        read = reports._make_asset_reader()
        base = reports.get_base_url()
        self.assertTrue(read(f"{base}/web/image/{self.open_image.id}"))
        self.assertIsNone(read(f"{base}/web/image/{self.closed_image.id}"))

    def test_the_system_user_prints_with_the_rights_of_nobody(self):
        system = self.env["res.users"].browse(SUPERUSER_ID)
        path = f"/web/image/{self.open_image.id}"
        self.assertIsNone(self.read_asset(path, system))
        self.open_image.public = True
        self.assertTrue(self.read_asset(path, system))

    def test_styles_come_without_the_rules_for_screens(self):
        path = "/web/assets/any/web.report_assets_common.min.css"
        style = self.read_asset(path).content
        self.assertIn(b".container", style)
        self.assertNotIn(b"(min-width: 992px)", style)

    def test_scripts_are_not_given(self):
        path = "/web/assets/any/web.report_assets_common.min.js"
        self.assertIsNone(self.read_asset(path))

    def test_static_files_stay_in_their_folder(self):
        self.assertTrue(self.read_asset("/web/static/img/logo.png").is_public)
        for path in (
            "/web/static/../__manifest__.py",
            "/web/static/%2e%2e/__manifest__.py",
            "/web/static/..%2f..%2f..%2fetc/passwd",
            "/unknown_addon/static/x.png",
            "/etc/passwd",
        ):
            with self.subTest(path=path):
                self.assertIsNone(self.read_asset(path))

    def test_barcodes_and_logos_are_drawn(self):
        for path in (
            "/report/barcode/QR/hello",
            "/report/barcode/?barcode_type=Code128&value=A1&width=200",
            "/web/binary/company_logo",
            f"/logo.png?company={self.company.id}",
        ):
            with self.subTest(path=path):
                self.assertIn("image/", self.read_asset(path).mimetype)

    def test_no_other_route_is_answered(self):
        for path in ("/web/session/logout", "/odoo", "/web/database/manager", "/json"):
            with self.subTest(path=path):
                self.assertIsNone(self.read_asset(path))

    def test_mad_values_leave_the_transaction_usable(self):
        for path in (
            "/web/image/99999999999999999999",
            "/web/image/res.partner/1/no_such_field",
            "/web/image/no.model/1/raw",
            "/web/image/1?width=wide",
            "/report/barcode/QR/x?width=99999&height=99999",
            "/web/content/res.users/1/password",
        ):
            with self.subTest(path=path):
                self.assertIsNone(self.read_asset(path))
        self.assertEqual(self.partners[0].exists(), self.partners[0])

    def test_a_link_kept_as_attachment_is_not_followed(self):
        link = self.env["ir.attachment"].create(
            {"name": "l", "type": "url", "url": "http://127.0.0.1:9/x", "public": True}
        )
        self.assertIsNone(self.read_asset(f"/web/content/{link.id}"))

    def test_other_hosts_are_never_asked(self):
        read = self.env["ir.actions.report"]._make_asset_reader()
        for url in ("http://elsewhere.test/web/static/img/logo.png", "file:///etc/x"):
            self.assertIsNone(read(url))

    def test_an_image_of_the_server_is_on_the_page(self):
        text = f"<img src='/web/image/{self.open_image.id}' width='50' height='50'/>"
        with_image = self.render(self.make_report("image", text))
        self.assertIn(b"/Image", with_image)

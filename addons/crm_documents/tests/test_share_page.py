from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_base.tests.common import PublicPageMixin

from .common import DocumentMixin

PASSWORD = "Tilleul-2026"


@tagged("post_install", "-at_install")
class TestSharePage(DocumentMixin, PublicPageMixin, HttpCase):
    def setUp(self):
        super().setUp()
        self.document = self.make_document()

    def share(self, password=""):
        Share = self.env["crm.document.share"].with_user(self.seller)
        hashed = Share._hash(password) if password else False
        end = fields.Datetime.now() + timedelta(days=5)
        share, token = Share._make(self.document, "Claire", end, hashed)
        return share.sudo(), f"/documents/s/{token}"

    def post(self, path, page, **data):
        token = html.fromstring(page.content).xpath(
            "//input[@name='csrf_token']/@value"
        )
        data = {"csrf_token": token[0], **data} if token else data
        return self.url_open(path, data=data)

    def test_an_open_link_shows_the_name_and_gives_the_file(self):
        share, path = self.share()
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Lettre test", page.text)
        self.check_public_page(page)
        self.url_open(path)  # a reload is no second visit
        file = self.url_open(f"{path}/file")
        self.assertTrue(file.content.startswith(b"%PDF"))
        self.assertEqual(file.headers["Content-Type"], "application/pdf")
        self.assertIn("inline", file.headers["Content-Disposition"])
        for name, value in (("Cache-Control", "no-store"), ("X-Frame-Options", "DENY")):
            self.assertEqual(file.headers[name], value)
        file = self.url_open(f"{path}/file?download=1")
        self.assertIn("attachment", file.headers["Content-Disposition"])
        kinds = share.visit_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["opened", "downloaded", "downloaded"])
        self.assertTrue(all(share.visit_ids.mapped("ip")))

    def test_a_password_stands_before_the_name_and_the_file(self):
        share, path = self.share(PASSWORD)
        page = self.url_open(path)
        self.assertNotIn("Lettre test", page.text)
        self.assertEqual(
            self.url_open(f"{path}/file").headers["Content-Type"][:9], "text/html"
        )
        wrong = self.post(path, page, password="faux-faux")
        self.assertEqual(wrong.status_code, 403)
        self.assertIn('role="alert"', wrong.text)
        right = self.post(path, page, password=PASSWORD)
        self.assertEqual(right.status_code, 200)
        self.assertIn("Lettre test", right.text)
        self.assertTrue(self.url_open(f"{path}/file").content.startswith(b"%PDF"))
        kinds = share.visit_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["opened", "wrong_password", "unlocked", "downloaded"])

    def test_a_pass_of_one_link_does_not_open_another(self):
        _share, path = self.share(PASSWORD)
        _other, other_path = self.share(PASSWORD)
        self.post(path, self.url_open(path), password=PASSWORD)
        self.assertIn("Lettre test", self.url_open(path).text)
        self.assertNotIn("Lettre test", self.url_open(other_path).text)

    def test_a_password_without_the_form_of_the_page_is_refused(self):
        share, path = self.share(PASSWORD)
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self.url_open(path, data={"password": PASSWORD})
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(share.visit_ids.filtered(lambda v: v.kind == "unlocked"))

    def test_opening_changes_nothing_but_the_list_of_visits(self):
        share, path = self.share(PASSWORD)
        for query in ("?password=" + PASSWORD, "?revoke=1"):
            self.assertNotIn("Lettre test", self.url_open(path + query).text)
        self.assertEqual(share.visit_ids.mapped("kind"), ["opened"])
        self.assertFalse(share.revoked_at)

    def test_five_wrong_passwords_block_the_page(self):
        share, path = self.share(PASSWORD)
        page = self.url_open(path)
        for _try in range(4):
            self.assertEqual(self.post(path, page, password="faux").status_code, 403)
        self.assertEqual(self.post(path, page, password="faux").status_code, 429)
        answer = self.post(path, page, password=PASSWORD)
        self.assertEqual(answer.status_code, 429)
        self.assertNotIn("Lettre test", answer.text)
        self.assertTrue(share.blocked_until)

    def test_closed_expired_and_unknown_links_tell_nothing(self):
        share, path = self.share(PASSWORD)
        self.post(path, self.url_open(path), password=PASSWORD)
        share.with_user(self.seller).action_revoke()
        for address in (path, f"{path}/file"):
            answer = self.url_open(address)
            self.assertEqual(answer.status_code, 410)
            self.assertNotIn("Lettre test", answer.text)
            self.assertNotIn("Agence Test", answer.text)
        share, path = self.share()
        share.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self.url_open(path).status_code, 410)
        for unknown in ("/documents/s/x", "/documents/s/" + "y" * 300):
            answer = self.url_open(unknown)
            self.assertEqual(answer.status_code, 404)

    def test_a_lost_file_is_told(self):
        share, path = self.share()
        self.document.sudo().pdf_attachment_id.unlink()
        share.invalidate_recordset()
        self.assertEqual(self.url_open(path).status_code, 410)

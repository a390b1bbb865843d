from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.crm_base.lib.tokens import hash_token

from .common import DocumentCase

PASSWORD = "Tilleul-2026"


@tagged("post_install", "-at_install")
class TestShare(DocumentCase):
    def setUp(self):
        super().setUp()
        self.document = self.make_document()

    def make(self, password="", days=5):
        Share = self.env["crm.document.share"].with_user(self.seller)
        hashed = Share._hash(password) if password else False
        end = fields.Datetime.now() + timedelta(days=days)
        share, token = Share._make(self.document, "Claire", end, hashed)
        return share.sudo(), token

    def test_the_address_is_kept_nowhere(self):
        share, token = self.make(PASSWORD)
        self.assertEqual(share.token_hash, hash_token(token))
        self.env.cr.execute(
            "SELECT row_to_json(s)::text FROM crm_document_share s WHERE id = %s",
            [share.id],
        )
        row = self.env.cr.fetchone()[0]
        self.assertNotIn(token, row)
        self.assertNotIn(PASSWORD, row)

    def test_only_the_right_token_finds_the_link(self):
        share, token = self.make()
        Share = self.env["crm.document.share"].with_user(
            self.env.ref("base.public_user")
        )
        self.assertEqual(Share._find_by_token(token), share)
        for wrong in ("", token[:-1], token + "A", share.token_hash, "x" * 500, None):
            self.assertFalse(Share._find_by_token(wrong))

    def test_the_end_of_a_link(self):
        share, _token = self.make(days=5)
        self.assertEqual(share._get_page_state(), "open")
        self.assertEqual(share.state, "active")
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            share.invalidate_recordset()
            self.assertEqual(share._get_page_state(), "expired")
            self.assertEqual(share.state, "expired")

    def test_a_link_has_an_end_within_a_year(self):
        for days in (-1, 0, 400):
            with self.assertRaises(UserError):
                self.make(days=days)

    def test_a_closed_link_stays_closed_and_says_by_whom(self):
        share, _token = self.make(PASSWORD)
        kept = share._try_password(PASSWORD, ("", ""))
        self.assertEqual(share._get_page_state(kept), "open")
        share.with_user(self.seller).action_revoke()
        self.assertEqual(share._get_page_state(kept), "revoked")
        self.assertEqual(share.revoked_by_id, self.seller)
        before = share.revoked_at
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            share.with_user(self.seller).action_revoke()
        self.assertEqual(share.revoked_at, before)

    def test_passwords_have_a_length(self):
        for password in ("court", "x" * 201):
            with self.assertRaises(UserError):
                self.make(password)

    def test_five_wrong_passwords_block_the_link_for_half_an_hour(self):
        share, _token = self.make(PASSWORD)
        now = fields.Datetime.now()
        with freeze_time(now):
            for _try in range(5):
                self.assertEqual(share._get_page_state(), "locked")
                self.assertIsNone(share._try_password("faux", ("203.0.113.7", "F")))
            self.assertEqual(share._get_page_state(), "blocked")
            self.assertIsNone(share._try_password(PASSWORD, ("", "")))
        with freeze_time(now + timedelta(minutes=31)):
            self.assertTrue(share._try_password(PASSWORD, ("", "")))
        kinds = share.visit_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["wrong_password"] * 4 + ["blocked", "unlocked"])

    def test_a_right_password_forgets_the_wrong_ones(self):
        share, _token = self.make(PASSWORD)
        for _round in range(3):
            for _try in range(4):
                share._try_password("faux", ("", ""))
            self.assertTrue(share._try_password(PASSWORD, ("", "")))
        self.assertEqual(share.wrong_count, 0)

    def test_visits_are_listed_and_never_changed(self):
        share, _token = self.make()
        share._log_visit("opened", ("203.0.113.7", "Firefox " + "x" * 500))
        visit = share.visit_ids
        self.assertEqual((visit.ip, len(visit.user_agent)), ("203.0.113.7", 300))
        with self.assertRaises(UserError):
            visit.ip = "198.51.100.1"
        share.invalidate_recordset()
        self.assertEqual(share.visit_count, 1)
        self.assertTrue(share.last_visit_at)

    def test_old_visits_are_forgotten(self):
        share, _token = self.make()
        share._log_visit("opened", ("", ""))
        with freeze_time(fields.Datetime.now() + timedelta(days=366)):
            share._log_visit("opened", ("", ""))
            self.env["crm.document.visit"]._gc_visits()
        self.assertEqual(len(share.visit_ids.exists()), 1)

    def test_the_first_opening_is_told_once(self):
        told = []
        self.patch(
            self.env.registry["crm.hook"],
            "_emit_event",
            lambda hook, name, record, payload: told.append((name, payload["by"])),
        )
        share, _token = self.make()
        share._log_visit("opened", ("", ""))
        share._log_visit("opened", ("", ""))
        self.assertEqual(told, [("document.opened", "Claire")])

    def test_the_window_makes_the_link_and_keeps_no_password(self):
        context = self.document.action_share()["context"]
        form = Form(
            self.env["crm.document.share.wizard"]
            .with_user(self.seller)
            .with_context(**context)
        )
        self.assertEqual(form.name, self.document.partner_id.display_name)
        form.password = PASSWORD
        wizard = form.save()
        self.env.cr.execute(
            "SELECT row_to_json(s)::text FROM crm_document_share_wizard s"
            " WHERE id = %s",
            [wizard.id],
        )
        self.assertNotIn(PASSWORD, self.env.cr.fetchone()[0])
        wizard.invalidate_recordset()
        action = wizard.action_create_link()
        url = action["context"]["default_url"]
        share = self.env["crm.document.share"]._find_by_token(url.rpartition("/")[2])
        self.assertEqual(share.document_id, self.document)
        self.assertTrue(share.has_password)
        self.assertTrue(share._try_password(PASSWORD, ("", "")))
        shown = (
            self.env["crm.document.share.link"]
            .with_user(self.seller)
            .with_context(**action["context"])
            .default_get(["url", "name"])
        )
        self.assertEqual(shown["url"], url)

    def test_the_day_ends_where_the_user_is(self):
        wizard = (
            self.env["crm.document.share.wizard"]
            .with_user(self.seller)
            .create({"document_id": self.document.id, "name": "x"})
        )
        wizard.date_end = fields.Date.to_date("2026-07-10")
        self.assertEqual(str(wizard._get_expiry()), "2026-07-10 21:59:59")
        wizard.date_end = fields.Date.to_date("2020-01-01")
        with self.assertRaises(UserError):
            wizard.action_create_link()

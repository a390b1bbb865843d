from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .mention_common import TODAY, FrenchMentionCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestMentionsKept(FrenchMentionCase):
    """A law changes: old documents keep their words, new ones get the new words."""

    @property
    def fee(self):
        return self.env.ref("l10n_fr_crm_billing.crm_legal_mention_recovery_fee")

    def test_reprint_after_a_change_gives_the_old_words(self):
        old = self.make_invoice()
        old.action_post()
        before = self.print_text(old)
        action = self.fee.action_new_version()
        successor = self.env["crm.legal.mention"].browse(action["res_id"])
        successor.wording = "Nouvelle indemnité : %(recovery_fee)s."
        self.assertEqual(self.fee.date_to, fields.Date.to_date(TODAY))
        # Even the record the document was printed from may be spoilt afterwards.
        self.fee.wording = "Indemnité effacée : %(recovery_fee)s."
        self.company.write({"fr_share_capital": 99000, "street": "2 place Neuve"})
        new = self.make_invoice(invoice_date=fields.Date.to_date("2026-11-21"))
        with freeze_time("2026-11-21"):
            new.action_post()
            self.env.invalidate_all()
            after = self.print_text(old)
            self.assertIn("Indemnité forfaitaire pour frais", after)
            self.assertIn("10 000 €", after)
            self.assertIn("18 rue du Mail", after)
            self.assertEqual(
                before.partition("Escompte")[2], after.partition("Escompte")[2]
            )
            text = self.print_text(new)
        self.assertIn("Nouvelle indemnité : 40 €.", text)
        self.assertIn("99 000 €", text)
        self.assertNotIn("Indemnité forfaitaire", text)

    def test_draft_follows_the_settings_and_a_copy_is_a_draft_again(self):
        invoice = self.make_invoice()
        self.assertFalse(invoice.fr_mentions_kept)
        invoice.action_post()
        self.assertTrue(invoice.fr_mentions_kept)
        self.assertFalse(invoice.copy().fr_mentions_kept)
        invoice.button_draft()
        self.assertFalse(invoice.fr_mentions_kept)
        self.company.fr_share_capital = 20000
        self.assertIn("20\u00a0000", invoice._get_fr_mention_texts()["capital"])

    def test_accountant_adds_words_of_the_company_only(self):
        boss = self.make_user("boss", "base.group_user,account.group_account_manager")
        with self.assertRaises(AccessError):
            self.fee.with_user(boss).wording = "40 pour tous : %(recovery_fee)s."
        action = self.fee.with_user(boss).action_new_version()
        own = self.env["crm.legal.mention"].browse(action["res_id"])
        self.assertEqual(own.company_id, self.company)
        self.assertFalse(self.fee.date_to)
        own.with_user(boss).write(
            {"wording": "Chez nous : %(recovery_fee)s.", "date_from": TODAY}
        )
        invoice = self.make_invoice()
        self.assertIn("Chez nous", invoice._get_fr_mention_texts()["recovery_fee"])

    def test_others_read_the_common_words_and_nobody_else_s(self):
        other = self.env["res.company"].create({"name": "Voisin"})
        secret = self.fee.copy({"company_id": other.id, "wording": "Secret"})
        seller = self.make_user("seller", "crm_base.crm_base_group_seller")
        Mention = self.env["crm.legal.mention"].with_user(seller)
        self.assertIn(self.fee, Mention.search([]))
        self.assertNotIn(secret, Mention.search([]))
        with self.assertRaises(AccessError):
            Mention.create({"code": "custom", "wording": "x", "date_from": TODAY})
        portal = self.make_user("portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.fee.with_user(portal).read(["wording"])

    def test_own_mention_is_printed_where_it_is_ticked(self):
        self.env["crm.legal.mention"].create(
            {
                "code": "custom",
                "label": "Réserve",
                "wording": "Propriété réservée jusqu'au paiement.",
                "date_from": "2026-01-01",
                "condition": "goods",
                "on_credit_note": False,
                "company_id": self.company.id,
            }
        )
        goods = self.make_invoice([(self.goods, 10)])
        service = self.make_invoice([(self.service, 10)])
        (goods + service).action_post()
        self.assertIn("Réserve : Propriété réservée", self.print_text(goods))
        self.assertNotIn("Propriété réservée", self.print_text(service))

    def test_words_that_cannot_be_filled_in_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "recovery_fee"):
            self.fee.wording = "Indemnité %(fee)s"
        with self.assertRaises(ValidationError):
            self.fee.wording = "100 % de frais"

    @mute_logger("odoo.sql_db")
    def test_a_mention_does_not_end_before_it_starts(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.fee.date_to = "1999-01-01"
            self.fee.flush_recordset()

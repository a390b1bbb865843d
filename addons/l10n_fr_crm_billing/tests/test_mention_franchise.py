from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import freeze_time, tagged

from .mention_common import TODAY, FrenchMentionCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestMentionFranchise(FrenchMentionCase):
    """A small business charges no VAT, and learns when it has to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"fr_vat_regime": "franchise", "fr_legal_form": "micro", "vat": False}
        )
        cls.no_tax = cls.env["account.tax"]

    def test_posting_with_vat_is_refused(self):
        invoice = self.make_invoice()
        self.assertEqual(self.codes_of(invoice), {"franchise_vat": "block"})
        with self.assertRaisesRegex(RedirectWarning, "small business exemption"):
            invoice.action_post()
        invoice.invoice_line_ids.tax_ids = False
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.amount_tax, 0)

    def _sell(self, amount):
        invoice = self.make_invoice([(self.service, amount, self.no_tax)])
        codes = self.codes_of(invoice)
        row = next(
            (
                row["message"]
                for row in invoice._get_fr_checklist()
                if row["code"] == "franchise_turnover"
            ),
            "",
        )
        invoice.action_post()
        return codes.get("franchise_turnover"), row.replace("\u00a0", " ")

    def test_turnover_of_the_year_is_watched(self):
        self.assertEqual(self._sell(37500), (None, ""))
        level, sentence = self._sell(100)
        self.assertEqual(level, "warn")
        self.assertIn("37 600,00 €", sentence)
        self.assertIn("above 37 500 €", sentence)
        level, sentence = self._sell(3700)
        self.assertIn("above 41 250 €: VAT is due from the day", sentence)

    def test_credit_notes_and_other_years_do_not_count(self):
        old = self.make_invoice(
            [(self.service, 90000, self.no_tax)], invoice_date="2025-12-31"
        )
        old._post(soft=False)
        self.assertEqual(self._sell(30000)[0], None)

    def test_threshold_is_that_of_the_activity_and_of_the_day(self):
        self.company.fr_franchise_activity = "goods"
        self.assertEqual(self._sell(80000)[0], None)
        threshold = self.env.ref(
            "l10n_fr_crm_billing.crm_franchise_threshold_goods_2025"
        )
        threshold.sudo().date_to = "2026-10-31"
        self.env["crm.franchise.threshold"].sudo().create(
            {
                "activity": "goods",
                "date_from": "2026-11-01",
                "amount": 50000,
                "amount_in_year": 60000,
            }
        )
        self.assertEqual(self._sell(1)[0], "warn")

    def test_nobody_changes_the_law_for_the_other_companies(self):
        threshold = self.env["crm.franchise.threshold"].search([], limit=1)
        for groups in (
            "crm_base.crm_base_group_seller",
            "crm_base.crm_base_group_admin,account.group_account_manager",
        ):
            user = self.make_user(groups[-8:], groups)
            self.assertTrue(threshold.with_user(user).amount)
            with self.assertRaises(AccessError):
                threshold.with_user(user).amount = 1

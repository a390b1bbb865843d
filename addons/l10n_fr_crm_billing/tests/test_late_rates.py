from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import freeze_time, tagged
from odoo.tools import format_date

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


@tagged("post_install", "-at_install")
class TestLateRates(AccountTestInvoicingCommon):
    """A French company has lawful rates without typing anything."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.client = cls.env["res.partner"].create(
            {"name": "Retail Plus", "is_company": True}
        )

    def make_invoice(self, amount, due):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.client.id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Cadrage", "price_unit": amount, "tax_ids": []}
                    )
                ],
            }
        )
        move.action_post()
        return move

    def test_defaults_of_the_law(self):
        company = self.company
        self.assertEqual(company.late_interest_method, "reference")
        self.assertEqual(company.late_interest_reference_id.code, "ECB-REFI")
        self.assertEqual(company.late_interest_points, 10)
        self.assertEqual(company.late_interest_fee, 40)
        self.assertEqual(company.late_interest_public_points, 8)
        self.assertEqual(
            company.late_interest_consumer_reference_id.code, "FR-LEGAL-PRO"
        )
        self.assertFalse(company.late_interest_warning)

    def test_a_choice_of_the_company_is_kept(self):
        self.company.write(
            {"late_interest_method": "contract", "late_interest_rate": 12.15}
        )
        self.company._set_late_interest_defaults()
        self.assertEqual(self.company.late_interest_method, "contract")

    def test_a_company_elsewhere_gets_nothing(self):
        company = self.env["res.company"].create(
            {"name": "Bruxelles SRL", "country_id": self.env.ref("base.be").id}
        )
        self.assertFalse(company.late_interest_method)
        company.country_id = self.env.ref("base.fr")
        self.assertEqual(company.late_interest_method, "reference")

    def test_rates_split_at_the_half_year(self):
        invoice = self.make_invoice(5000, "2025-06-15")
        late = invoice._get_late_interest(date(2025, 7, 20))
        self.assertEqual(late.interest, Decimal("60.31"))
        self.assertEqual(late.fee, 40)

    def test_a_half_year_nobody_typed_stops(self):
        # Not published when this was written: the company adds it.
        invoice = self.make_invoice(1000, "2026-06-20")
        with self.assertRaises(RedirectWarning) as caught:
            invoice._get_late_interest(date(2026, 7, 1))
        first_day = format_date(self.env, date(2026, 7, 1))
        self.assertIn(first_day, caught.exception.args[0])

    @freeze_time("2026-05-13")
    def test_the_debit_note_goes_to_7631_and_758(self):
        invoice = self.make_invoice(1200, "2026-04-13")
        action = invoice.action_create_late_charge()
        note = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(note.amount_total, 51.98)
        codes = note.invoice_line_ids.account_id.mapped("code")
        self.assertEqual([code[:3] for code in codes], ["763", "758"])
        self.assertTrue(codes[0].startswith("7631"))

from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import format_date

from ..lib.late_interest import LateInterest
from .late_common import TODAY, LateCase


@tagged("post_install", "-at_install")
class TestLateInterest(LateCase):
    """The amount owed on top follows the real dates of the books."""

    def late(self, move, day=TODAY, **options):
        return move._get_late_interest(day, **options)

    def segments(self, move, day=TODAY):
        return [
            (segment.base, segment.rate, segment.days)
            for segment in self.late(move, day).segments
        ]

    def test_an_unpaid_invoice_thirty_days_late(self):
        invoice = self.make_invoice(1200, "2026-04-13")
        late = self.late(invoice, date(2026, 5, 13))
        self.assertEqual(late.interest, Decimal("11.98"))
        self.assertEqual(late.fee, Decimal(40))
        self.assertFalse(invoice._get_late_interest_trouble(date(2026, 5, 13)))

    def test_paid_after_forty_five_days(self):
        invoice = self.make_invoice(1200, "2026-01-31")
        self.pay(invoice, "2026-03-17")
        self.assertEqual(self.late(invoice).interest, Decimal("17.98"))
        self.assertEqual(self.segments(invoice), [(1200, Decimal("12.15"), 45)])

    def test_two_payments_split_the_delay(self):
        self.company.write(
            {
                "late_interest_reference_id": self.legal.id,
                "late_interest_factor": 3,
                "late_interest_points": 0,
            }
        )
        invoice = self.make_invoice(3000, "2026-02-28")
        self.pay(invoice, "2026-03-15", 1000)
        self.pay(invoice, "2026-04-29")
        self.assertEqual(self.late(invoice).interest, Decimal("29.07"))
        self.assertEqual(
            self.segments(invoice),
            [(3000, Decimal("7.86"), 15), (2000, Decimal("7.86"), 45)],
        )

    def test_half_year_change(self):
        invoice = self.make_invoice(5000, "2025-06-15")
        self.pay(invoice, "2025-07-20")
        self.assertEqual(self.late(invoice).interest, Decimal("60.31"))

    def test_paid_on_the_due_date_owes_nothing(self):
        invoice = self.make_invoice(800, "2026-03-31")
        self.pay(invoice, "2026-03-31")
        self.assertEqual(self.late(invoice), LateInterest(Decimal("0"), Decimal(0)))

    def test_contract_rate(self):
        self.company.write(
            {"late_interest_method": "contract", "late_interest_rate": 12}
        )
        invoice = self.make_invoice(2500, "2026-04-15")
        self.pay(invoice, "2026-06-14")
        self.assertEqual(self.late(invoice).interest, Decimal("49.32"))

    def test_a_credit_note_lowers_the_base_from_its_own_day(self):
        invoice = self.make_invoice(8400, "2026-05-31")
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"date": "2026-06-11", "journal_id": invoice.journal_id.id})
        )
        credit = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        credit.invoice_line_ids.price_unit = 1200
        credit.action_post()
        lines = (invoice | credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertEqual(invoice.amount_residual, 7200)
        self.assertEqual(
            self.segments(invoice),
            [(8400, Decimal("12.15"), 10), (7200, Decimal("12.15"), 20)],
        )
        self.assertFalse(self.late(credit).total)

    def test_an_invoice_due_in_two_parts(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30 % then 70 %",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 30, "nb_days": 0}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 70, "nb_days": 30}
                    ),
                ],
            }
        )
        invoice = self.make_invoice(
            1000,
            "2026-05-01",
            invoice_date="2026-05-01",
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )
        late = self.late(invoice, date(2026, 6, 10))
        self.assertEqual(
            [(s.base, s.start, s.days) for s in late.segments],
            [(300, date(2026, 5, 2), 40), (700, date(2026, 6, 1), 10)],
        )
        self.assertEqual(late.fee, 40)

    def test_a_consumer_owes_from_the_receipt_of_the_formal_notice(self):
        invoice = self.make_invoice(600, "2026-01-10", partner=self.consumer)
        self.assertFalse(self.late(invoice).total)
        invoice.formal_notice_date = "2026-02-10"
        self.pay(invoice, "2026-04-11")
        late = self.late(invoice)
        self.assertEqual((late.interest, late.fee), (Decimal("2.58"), 0))
        self.assertEqual(late.segments[0].rate, Decimal("2.62"))

    def test_a_public_buyer_has_a_rate_of_its_own(self):
        self.client.is_public_buyer = True
        invoice = self.make_invoice(1000, "2026-06-01")
        self.assertEqual(self.segments(invoice), [(1000, Decimal("10.15"), 29)])
        self.assertEqual(self.late(invoice).fee, 40)

    def test_insolvency_stops_interest_and_forbids_the_fee(self):
        invoice = self.make_invoice(1000, "2026-06-01")
        self.client.insolvency_date = "2026-06-11"
        self.assertEqual(self.late(invoice).days, 10)
        self.assertEqual(self.late(invoice).fee, 40)
        later = self.make_invoice(1000, "2026-06-20")
        self.assertFalse(self.late(later).total)

    def test_no_method_no_interest(self):
        self.company.late_interest_method = False
        invoice = self.make_invoice(1000, "2026-06-01")
        self.assertFalse(self.late(invoice).total)

    def test_drafts_and_vendor_bills_bear_none(self):
        invoice = self.make_invoice(1000, "2026-06-01")
        invoice.button_draft()
        self.assertFalse(self.late(invoice).total)
        bill = self.make_invoice(1000, "2026-06-01", move_type="in_invoice")
        self.assertFalse(self.late(bill).total)

    def test_the_last_day_to_sue(self):
        invoice = self.make_invoice(1000, "2026-06-01")
        self.assertEqual(invoice._get_claim_limit_date(), date(2031, 6, 1))
        invoice = self.make_invoice(1000, "2026-06-01", partner=self.consumer)
        self.assertEqual(invoice._get_claim_limit_date(), date(2028, 6, 1))

    # === A half-year is missing === #

    def test_a_missing_half_year_stops_and_opens_the_table(self):
        invoice = self.make_invoice(1000, "2026-06-25")
        with self.assertRaises(RedirectWarning) as caught:
            self.late(invoice, date(2026, 7, 2))
        message, action_id, _button, context = caught.exception.args
        self.assertIn(format_date(self.env, date(2026, 7, 1)), message)
        self.assertIn(invoice.name, message)
        self.assertEqual(action_id, self.env.ref("crm_billing.crm_late_rate_action").id)
        self.assertEqual(context, {"default_reference_id": self.reference.id})
        self.assertEqual(invoice._get_late_interest_trouble(date(2026, 7, 2)), message)

    def test_the_invoice_says_what_is_missing_and_goes_on_once_it_is_there(self):
        invoice = self.make_invoice(1000, "2026-06-25")
        with freeze_time("2026-07-02"):
            first_day = format_date(self.env, date(2026, 7, 1))
            self.assertIn(first_day, invoice.late_trouble)
            self.assertFalse(invoice.late_interest)
            self.assertEqual(
                invoice.action_view_late_rates()["context"],
                {"default_reference_id": self.reference.id},
            )
            self.reference.rate_ids = [
                Command.create(
                    {"date_from": "2026-07-01", "date_to": "2026-12-31", "rate_pct": 2}
                )
            ]
            invoice.invalidate_recordset()
            self.assertFalse(invoice.late_trouble)
            self.assertEqual(invoice.late_days, 7)

    def test_a_contract_rate_needs_no_table(self):
        self.company.write(
            {"late_interest_method": "contract", "late_interest_rate": 12.15}
        )
        invoice = self.make_invoice(1200, "2026-06-25")
        self.assertEqual(self.late(invoice, date(2027, 1, 1)).days, 190)

    def test_periods_of_one_reference_do_not_overlap(self):
        with self.assertRaises(ValidationError):
            self.env["crm.late.rate"].create(
                {
                    "reference_id": self.reference.id,
                    "date_from": "2026-06-30",
                    "date_to": "2026-12-31",
                    "rate_pct": 2,
                }
            )

    # === Warning about a low rate === #

    def test_a_contract_rate_below_the_floor_is_warned_about(self):
        self.assertFalse(self.company.late_interest_warning)
        self.company.write(
            {"late_interest_method": "contract", "late_interest_rate": 7.85}
        )
        self.assertIn("7.86", self.company.late_interest_warning)
        self.company.late_interest_rate = 7.86
        self.assertFalse(self.company.late_interest_warning)

    def test_a_reference_below_the_floor_is_warned_about(self):
        self.company.late_interest_points = 3
        self.assertIn("5.15", self.company.late_interest_warning)

    # === Currencies === #

    def test_interest_in_the_currency_of_the_invoice(self):
        currency = self.setup_other_currency("GBP", rates=[("2026-01-01", 2.0)])
        invoice = self.make_invoice(1200, "2026-04-13", currency_id=currency.id)
        late = self.late(invoice, date(2026, 5, 13))
        self.assertEqual((late.interest, late.fee), (Decimal("11.98"), 80))

    def test_a_currency_without_rate_is_said(self):
        currency = self.setup_other_currency("GBP", rates=[("2026-06-29", 2.0)])
        invoice = self.make_invoice(1200, "2026-04-13", currency_id=currency.id)
        self.assertIn("GBP", invoice._get_late_interest_trouble())
        with self.assertRaises(UserError):
            self.late(invoice)

    # === Screen and speed === #

    def test_the_invoice_shows_the_calculation(self):
        invoice = self.make_invoice(1200, "2026-04-13")
        with freeze_time("2026-05-13"):
            self.assertEqual(invoice.late_days, 30)
            self.assertEqual(invoice.late_interest, 11.98)
            self.assertEqual(invoice.late_to_claim, 51.98)
            self.assertRegex(invoice.late_table, "12[.,]15")
            self.assertEqual(invoice.claim_limit_date, date(2031, 4, 13))

    def test_many_invoices_cost_as_many_queries_as_a_few(self):
        invoices = self.env["account.move"]
        for number in range(12):
            invoice = self.make_invoice(100 + number, "2026-04-13")
            self.pay(invoice, "2026-05-01", 10)
            invoices |= invoice
        counts = []
        for size in (3, 3, 12):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            moves = self.env["account.move"].browse(invoices.ids[:size])
            moves._get_late_interests(TODAY)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 25)

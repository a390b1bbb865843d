from datetime import date

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import format_date

from .late_common import LateCase


@tagged("post_install", "-at_install")
class TestLateCharge(LateCase):
    """A debit note claims each day of delay once."""

    def setUp(self):
        super().setUp()
        self.invoice = self.make_invoice(1200, "2026-04-13")

    def claim(self, day, move=None):
        with freeze_time(day):
            action = (move or self.invoice).action_create_late_charge()
        return self.env["account.move"].browse(action["res_id"])

    def test_a_draft_with_interest_and_fee_without_tax(self):
        note = self.claim("2026-05-13")
        self.assertEqual(note.state, "draft")
        self.assertEqual(note.debit_origin_id, self.invoice)
        self.assertEqual(note.partner_id, self.client)
        self.assertEqual(note.invoice_date, date(2026, 5, 13))
        self.assertEqual(note.invoice_line_ids.mapped("price_unit"), [11.98, 40])
        self.assertFalse(note.invoice_line_ids.tax_ids)
        self.assertEqual(note.amount_total, 51.98)
        self.assertIn(self.invoice.name, note.ref)
        for line in note.invoice_line_ids:
            self.assertIn(self.invoice.name, line.name)

    def test_the_calculation_is_attached(self):
        note = self.claim("2026-05-13")
        self.assertEqual(len(note.attachment_ids), 1)
        self.assertRegex(note.attachment_ids.raw, b"12[.,]15")

    def test_the_same_days_are_never_claimed_twice(self):
        self.claim("2026-05-13")
        with freeze_time("2026-05-13"), self.assertRaises(UserError) as caught:
            self.invoice.action_create_late_charge()
        self.assertIn(format_date(self.env, date(2026, 5, 13)), str(caught.exception))
        second = self.claim("2026-05-23")
        # ten more days, and no second fee
        self.assertEqual(second.invoice_line_ids.mapped("price_unit"), [3.99])
        charges = self.invoice.late_charge_ids
        self.assertEqual(
            charges.mapped("date_from"), [date(2026, 4, 14), date(2026, 5, 14)]
        )

    def test_a_deleted_draft_frees_its_days(self):
        self.claim("2026-05-13").unlink()
        note = self.claim("2026-05-13")
        self.assertEqual(note.amount_total, 51.98)

    def test_a_canceled_or_credited_note_frees_its_days(self):
        note = self.claim("2026-05-13")
        note.button_cancel()
        again = self.claim("2026-05-13")
        self.assertEqual(again.amount_total, 51.98)
        again.action_post()
        again._reverse_moves(cancel=True)
        self.assertEqual(again.payment_state, "reversed")
        self.assertEqual(self.claim("2026-05-13").amount_total, 51.98)

    def test_a_late_invoice_paid_since_can_still_be_claimed(self):
        self.pay(self.invoice, "2026-05-13")
        self.assertEqual(self.claim("2026-06-20").amount_total, 51.98)
        with self.assertRaises(UserError):
            self.claim("2026-06-25")

    def test_a_note_of_interest_bears_no_interest(self):
        note = self.claim("2026-05-13")
        note.action_post()
        self.assertFalse(note._get_late_interest(date(2026, 6, 30)).total)

    def test_an_invoice_that_is_not_late_is_refused(self):
        with self.assertRaises(UserError):
            self.claim("2026-04-13")

    def test_what_is_left_is_shown_after_a_claim(self):
        self.claim("2026-05-13")
        with freeze_time("2026-05-23"):
            self.invoice.invalidate_recordset()
            self.assertEqual(self.invoice.late_claimed, 51.98)
            self.assertEqual(self.invoice.late_interest, 15.98)
            self.assertEqual(self.invoice.late_to_claim, 3.99)

    def test_several_invoices_give_one_note_each(self):
        other = self.make_invoice(500, "2026-04-13")
        with freeze_time("2026-05-13"):
            action = (self.invoice | other).action_create_late_charge()
        notes = self.env["account.move"].search(action["domain"])
        self.assertEqual(notes.debit_origin_id, self.invoice | other)

    def test_missing_accounts_are_asked_for(self):
        self.company.late_interest_fee_account_id = False
        with self.assertRaises(RedirectWarning):
            self.claim("2026-05-13")

    def test_who_may_draft(self):
        company = {"company_id": self.company.id}
        ids = [(6, 0, self.company.ids)]
        accountant = new_test_user(
            self.env, "late_acc", "account.group_account_invoice",
            company_ids=ids, **company,
        )  # fmt: skip
        seller = new_test_user(
            self.env, "late_seller", "crm_base.crm_base_group_seller",
            company_ids=ids, **company,
        )  # fmt: skip
        portal = new_test_user(self.env, "late_portal", "base.group_portal")
        for user in (seller, portal):
            with self.assertRaises(AccessError):
                self.claim("2026-05-13", self.invoice.with_user(user))
            with self.assertRaises(AccessError):
                self.env["crm.late.charge"].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.env["crm.late.rate"].with_user(user).search([])
        note = self.claim("2026-05-13", self.invoice.with_user(accountant))
        self.assertEqual(note.amount_total, 51.98)
        with self.assertRaises(AccessError):
            self.reference.with_user(accountant).rate_ids[0].write({"rate_pct": 1})
        with self.assertRaises(AccessError):
            self.invoice.late_charge_ids.with_user(accountant).write({"fee": 0})

    def test_another_company_sees_nothing(self):
        self.claim("2026-05-13")
        data = self.setup_other_company()
        stranger = new_test_user(
            self.env, "late_stranger", "account.group_account_manager",
            company_id=data["company"].id,
            company_ids=[(6, 0, data["company"].ids)],
        )  # fmt: skip
        charges = self.env["crm.late.charge"].with_user(stranger)
        self.assertFalse(charges.search([]))

import re
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user

from .facturx_common import FacturxCommon


@freeze_time("2026-10-20")
class TestNumbering(FacturxCommon):
    def setUp(self):
        super().setUp()
        self.journal = self.company_data["default_journal_sale"]

    def set_series(self, **values):
        wizard = self.env["crm.fr.numbering.wizard"].create(
            {"company_id": self.company.id, "journal_id": self.journal.id, **values}
        )
        wizard.action_apply()

    def bill(self, day="2026-10-20", **values):
        return self.invoice(
            self.line(self.service, 1, 100, self.vat_20),
            invoice_date=day,
            invoice_date_due=day,
            **values,
        )

    def credit(self, move, day):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard = wizard.create(
            {"reason": "Erreur", "journal_id": move.journal_id.id, "date": day}
        )
        credit = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        credit.action_post()
        return credit

    def test_series_are_continuous_each_on_its_own(self):
        self.set_series()
        first, second = self.bill(), self.bill()
        credit = self.credit(first, "2026-10-20")
        third = self.bill("2026-10-21")
        self.assertEqual(
            [move.name for move in (first, second, credit, third)],
            ["2026-F-0001", "2026-F-0002", "2026-A-0001", "2026-F-0003"],
        )
        self.assertFalse(any((first + second + third).mapped("made_sequence_gap")))

    def test_the_series_takes_over_from_the_old_numbers_and_restarts_each_year(self):
        old = self.bill()
        self.set_series()
        names = [
            self.bill("2026-12-30").name,
            self.bill("2026-12-31").name,
            self.bill("2027-01-02").name,
            self.bill("2027-01-03").name,
        ]
        self.assertNotRegex(old.name, r"^\d{4}-F-")
        self.assertEqual(
            names, ["2026-F-0001", "2026-F-0002", "2027-F-0001", "2027-F-0002"]
        )

    def test_more_documents_than_digits(self):
        self.set_series(digits=3, first_number=999)
        self.assertEqual(
            [self.bill().name, self.bill().name], ["2026-F-999", "2026-F-1000"]
        )

    def test_a_year_begun_with_another_software(self):
        self.set_series(first_number=42)
        self.assertEqual(self.bill().name, "2026-F-0042")
        self.assertEqual(self.bill().name, "2026-F-0043")
        self.assertEqual(self.bill("2027-01-05").name, "2027-F-0001")

    def test_deposits_may_have_their_own_series(self):
        self.set_series(deposit_series="AC")
        with patch.object(
            self.env.registry["account.move"], "_is_downpayment", lambda move: True
        ):
            deposit = self.bill()
        self.assertEqual(deposit.name, "2026-AC-0001")
        self.assertEqual(self.bill().name, "2026-F-0001")

    def test_a_date_before_the_last_number_is_refused_with_the_remedy(self):
        self.set_series()
        self.bill("2026-10-20")
        draft = self.invoice(
            self.line(self.service, 1, 100, self.vat_20),
            invoice_date="2026-10-19",
            post=False,
        )
        with self.assertRaises(UserError) as caught:  # undone, as a request would be
            draft.action_post()
        for words in ("2026-F-0001", "20/10/2026 or later"):
            self.assertIn(words, str(caught.exception))
        draft.invoice_date = "2026-10-20"
        draft.action_post()
        self.assertEqual(draft.name, "2026-F-0002")

    def test_documents_confirmed_together_follow_their_dates(self):
        self.set_series()
        late, early = (
            self.invoice(
                self.line(self.service, 1, 100, self.vat_20),
                invoice_date=day,
                post=False,
            )
            for day in ("2026-10-22", "2026-10-21")
        )
        (late + early).action_post()
        self.assertEqual((early.name, late.name), ("2026-F-0001", "2026-F-0002"))

    def test_the_date_of_a_number_stays_between_its_neighbours(self):
        self.set_series()
        first, _second = self.bill("2026-10-20"), self.bill("2026-10-21")
        first.button_draft()
        first.write({"invoice_date": "2026-10-25", "invoice_date_due": "2026-10-25"})
        with self.assertRaisesRegex(UserError, "2026-F-0002.*or earlier"):
            first.action_post()

    def test_a_number_is_never_changed_nor_deleted(self):
        self.set_series()
        move = self.bill()
        move.button_draft()
        with self.assertRaisesRegex(UserError, "never changed"):
            move.name = "2026-F-0009"
        other = self.journal.copy({"code": "FAC2"})
        with self.assertRaisesRegex(UserError, "never changed"):
            move.journal_id = other
        with self.assertRaisesRegex(UserError, "never deleted"):
            move.unlink()
        move.button_cancel()
        with self.assertRaisesRegex(UserError, "never deleted"):
            move.unlink()
        self.assertEqual(move.name, "2026-F-0001")
        self.assertEqual(self.bill().name, "2026-F-0002")

    def test_a_draft_has_no_number_and_may_go(self):
        self.set_series()
        draft = self.invoice(self.line(self.service, 1, 100, self.vat_20), post=False)
        self.assertFalse(draft.name)
        self.assertEqual(draft.name_placeholder, "2026-F-0001")
        draft.unlink()

    def test_letters_and_lengths_that_platforms_accept(self):
        for series in ("f", "F-1", "F1", "É", "ABCDEFGHIJK"):
            with self.subTest(series=series), self.assertRaises(ValidationError):
                self.journal.fr_invoice_series = series
        with self.assertRaisesRegex(ValidationError, "letters of its own"):
            self.set_series(credit_note_series="F")
        with self.assertRaises(ValidationError):
            self.set_series(digits=12)
        self.set_series(invoice_series="ABCDEFGHIJ", digits=9)
        name = self.bill().name
        self.assertLessEqual(len(name), 35)
        self.assertTrue(re.fullmatch(r"[A-Za-z0-9+_/-]+", name))

    def test_two_journals_never_share_a_series(self):
        self.set_series()
        other = self.journal.copy({"code": "FAC2"})
        self.assertFalse(other.fr_invoice_series)
        with self.assertRaisesRegex(ValidationError, "already used"):
            other.write({"fr_invoice_series": "F", "fr_credit_note_series": "B"})

    def test_other_journals_keep_the_rules_of_core(self):
        self.set_series()
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-10-20",
                "invoice_line_ids": [self.line(self.service, 1, 10, self.vat_20[:0])],
            }
        )
        bill.action_post()
        self.assertFalse(bill._get_fr_series())
        self.assertNotIn("-F-", bill.name)

    def test_the_screen_shows_what_comes(self):
        with Form(
            self.env["crm.fr.numbering.wizard"].with_company(self.company)
        ) as form:
            self.assertIn("2026-F-0001, 2026-A-0001", form.example)
            form.invoice_series = "FAC"
            self.assertIn("2026-FAC-0001", form.example)
        settings = self.env["res.config.settings"].create(
            {"company_id": self.company.id}
        )
        self.assertFalse(settings.fr_numbering_summary)
        self.set_series()
        settings.invalidate_recordset()
        self.assertIn("2026-F-0001", settings.fr_numbering_summary)

    def test_only_the_accountant_chooses(self):
        for login, groups in (
            ("frx_seller", "base.group_user,sales_team.group_sale_salesman"),
            ("frx_billing", "account.group_account_invoice"),
            ("frx_portal2", "base.group_portal"),
        ):
            user = new_test_user(self.env, login, groups)
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.env["crm.fr.numbering.wizard"].with_user(user).create(
                    {"journal_id": self.journal.id}
                )

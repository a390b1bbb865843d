import csv
from datetime import date
from pathlib import Path

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user

from .facturx_common import FacturxCommon

VECTORS = Path(__file__).resolve().parents[4] / "shared/france/due_dates.csv"
# column of the vectors -> external id of the terms
TERMS = {
    "net_30": "account.account_payment_term_30days",
    "net_30_then_end_of_month": "l10n_fr_crm_billing.payment_term_30_end",
    "net_45": "account.account_payment_term_45days",
    "net_60": "l10n_fr_crm_billing.payment_term_60",
    "eom_then_45_days": "l10n_fr_crm_billing.payment_term_end_45",
    "45_days_then_eom": "l10n_fr_crm_billing.payment_term_45_end",
}
# issue date, then the due dates in the order of TERMS
ALWAYS = (
    "2026-01-15 2026-02-14 2026-02-28 2026-03-01 2026-03-16 2026-03-17 2026-03-31",
    "2028-02-29 2028-03-30 2028-03-31 2028-04-14 2028-04-29 2028-04-14 2028-04-30",
)


@freeze_time("2026-10-20")
class TestDueDates(FacturxCommon):
    def due(self, term, day):
        return self.env.ref(term).line_ids._get_due_date(date.fromisoformat(day))

    def check(self, day, expected):
        for (column, term), due in zip(TERMS.items(), expected, strict=True):
            with self.subTest(day=day, term=column):
                self.assertEqual(self.due(term, day).isoformat(), due)

    def test_the_terms_count_as_the_law_does(self):
        for row in ALWAYS:
            day, *expected = row.split()
            self.check(day, expected)

    def test_vectors(self):
        if not VECTORS.exists():
            self.skipTest("the vectors are not beside the checkout")
        with VECTORS.open() as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 18)
        for row in rows:
            self.check(row["issue_date"], [row[column] for column in TERMS])

    def bill(self, term=None, **values):
        values.setdefault("invoice_date", "2026-01-15")
        values["invoice_payment_term_id"] = term and self.env.ref(term).id
        move = self.invoice(
            self.line(self.service, 1, 100, self.vat_20), post=False, **values
        )
        if term:  # as the screen does when the terms are chosen
            self.env.add_to_compute(move._fields["invoice_date_due"], move)
        return move

    def test_beyond_the_limit_the_document_says_so_but_may_be_confirmed(self):
        move = self.bill(invoice_date_due="2026-04-01")
        self.assertIn("L441-10", move.fr_due_date_warning)
        self.assertIn(
            "due_date_cap", [finding.code for finding in move._get_fr_extra_findings()]
        )
        move.action_post()
        self.assertEqual(move.state, "posted")

    def test_both_month_ends_and_sixty_days_are_lawful(self):
        for column, term in TERMS.items():
            with self.subTest(term=column):
                self.assertFalse(self.bill(term).fr_due_date_warning)
                self.assertFalse(self.env.ref(term).fr_cap_warning)
        move = self.bill(invoice_date_due="2026-03-31")
        self.assertFalse(move.fr_due_date_warning)

    def test_the_agreed_month_end_closes_the_other(self):
        move = self.bill(TERMS["eom_then_45_days"])
        self.assertEqual(str(move.invoice_date_due), "2026-03-17")
        self.assertEqual(move._get_fr_latest_due_date(), date(2026, 3, 17))
        term = self.env["account.payment.term"].create(
            {
                "name": "45 + 5",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": 100,
                            "delay_type": "days_after_end_of_month",
                            "nb_days": 50,
                        }
                    )
                ],
            }
        )
        self.assertIn("L441-10", term.fr_cap_warning)

    def test_consumers_have_no_limit(self):
        consumer = self.env["res.partner"].create({"name": "Jeanne Martin"})
        move = self.bill(partner_id=consumer.id, invoice_date_due="2026-12-31")
        self.assertFalse(move.fr_due_date_warning)

    def test_sector_rules_and_public_buyers(self):
        self.company.fr_payment_cap_code = "transport"
        self.assertTrue(self.bill(invoice_date_due="2026-02-15").fr_due_date_warning)
        self.assertFalse(self.bill(invoice_date_due="2026-02-14").fr_due_date_warning)
        self.customer.fr_payment_cap_code = "perishables"
        move = self.bill(invoice_date_due="2026-02-19", delivery_date="2026-01-12")
        self.assertFalse(move.fr_due_date_warning)
        move.invoice_date_due = "2026-02-20"
        self.assertTrue(move.fr_due_date_warning)
        self.customer.write({"fr_payment_cap_code": False, "is_public_buyer": True})
        self.assertTrue(self.bill(invoice_date_due="2026-02-15").fr_due_date_warning)
        self.customer.fr_payment_cap_code = "hospital"
        self.assertFalse(self.bill(invoice_date_due="2026-03-06").fr_due_date_warning)

    def test_a_new_law_is_a_new_row(self):
        rows = self.env["crm.payment.cap"].search([("code", "=", "general")])
        rows.date_to = "2025-12-31"
        self.env["crm.payment.cap"].create(
            {
                "name": "30 jours",
                "code": "general",
                "days": 30,
                "date_from": "2026-01-01",
            }
        )
        self.assertTrue(self.bill(invoice_date_due="2026-02-15").fr_due_date_warning)
        old = self.bill(invoice_date="2025-12-15", invoice_date_due="2026-02-13")
        self.assertFalse(old.fr_due_date_warning)

    def test_who_may_change_the_rules(self):
        Cap = self.env["crm.payment.cap"]
        values = {"name": "x", "code": "x", "days": 1, "date_from": "2026-01-01"}
        for login, groups, may_write in (
            ("frx_m", "account.group_account_manager", True),
            ("frx_a", "crm_base.crm_base_group_admin", True),
            ("frx_u", "account.group_account_invoice", False),
            ("frx_s", "crm_base.crm_base_group_seller", False),
        ):
            user = new_test_user(self.env, login, groups)
            with self.subTest(login=login):
                self.assertTrue(Cap.with_user(user).search([], limit=1))
                if may_write:
                    Cap.with_user(user).create(values)
                else:
                    with self.assertRaises(AccessError):
                        Cap.with_user(user).create(values)
        portal = new_test_user(self.env, "frx_p", "base.group_portal")
        with self.assertRaises(AccessError):
            Cap.with_user(portal).search([])

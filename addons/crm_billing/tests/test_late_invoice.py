from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .late_common import TODAY, LateCase

LIST_QUERIES = 20


@tagged("post_install", "-at_install")
class TestLateInvoiceList(LateCase):
    """The list says what each invoice says, to the cent, in a few queries."""

    def rows(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["crm.late.invoice"].search(
            [("company_id", "=", self.company.id)]
        )

    def compare(self):
        rows = self.rows()
        moves = rows.move_id
        expected = moves._get_late_interests(TODAY)
        for row in rows:
            late = expected[row.move_id.id]
            what = (row.move_id.name, row.move_id.partner_id.name)
            self.assertEqual(row.interest, float(late.interest), what)
            self.assertEqual(row.fee_company, float(late.fee), what)
        return rows

    def test_every_kind_of_delay_as_the_invoice_says(self):
        public = self.env["res.partner"].create(
            {"name": "Mairie", "is_company": True, "is_public_buyer": True}
        )
        broke = self.env["res.partner"].create(
            {"name": "En faillite", "is_company": True, "insolvency_date": "2026-05-20"}
        )
        for number, partner in enumerate(
            (self.client, public, broke, self.consumer, self.client)
        ):
            for days in (1, 17, 45, 180, 300):
                due = TODAY - timedelta(days=days)
                move = self.make_invoice(999.99 + 7 * days, due, partner=partner)
                if number % 2 == 0:
                    self.pay(move, due + timedelta(days=days // 2), 13.37)
                    self.pay(move, due - timedelta(days=3), 100)
                if partner == self.consumer and days > 20:
                    move.formal_notice_date = due + timedelta(days=10)
        rows = self.compare()
        self.assertEqual(len(rows), 25)
        self.assertGreater(sum(rows.mapped("interest")), 500)

    def test_credit_notes_two_due_dates_and_claims(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (0, 40)
                ],
            }
        )
        in_parts = self.make_invoice(
            1000,
            False,
            invoice_date="2026-04-01",
            invoice_payment_term_id=term.id,
        )
        self.pay(in_parts, "2026-04-20", 500)
        claimed = self.make_invoice(2000, "2026-03-01")
        with freeze_time("2026-05-01"):
            claimed.action_create_late_charge()
        credited = self.make_invoice(8400, "2026-05-31")
        credit = self.make_invoice(1200, "2026-06-11", move_type="out_refund")
        (credited | credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        rows = self.compare()
        self.assertEqual(rows.move_id, in_parts | claimed | credited)
        self.assertEqual(rows.filtered(lambda r: r.move_id == claimed).fee_company, 0)

    def test_only_late_open_invoices(self):
        paid = self.make_invoice(100, "2026-05-01")
        self.pay(paid, "2026-05-20")
        self.make_invoice(100, TODAY)
        self.make_invoice(100, "2026-07-30", invoice_date="2026-06-01")
        late = self.make_invoice(100, TODAY - timedelta(days=1))
        with freeze_time("2026-06-30"):
            note_of = self.make_invoice(100, "2026-05-01")
            note = self.env["account.move"].browse(
                note_of.action_create_late_charge()["res_id"]
            )
        note.invoice_date_due = "2026-06-01"
        note.action_post()
        self.assertEqual(self.rows().move_id, late | note_of)

    def test_ages(self):
        for days in (1, 30, 31, 60, 61, 90, 91):
            self.make_invoice(100, TODAY - timedelta(days=days))
        ages = {row.days_late: row.age for row in self.rows()}
        self.assertEqual(
            ages,
            {
                1: "0_30",
                30: "0_30",
                31: "31_60",
                60: "31_60",
                61: "61_90",
                90: "61_90",
                91: "over_90",
            },
        )

    def test_a_missing_rate_is_shown_not_guessed(self):
        invoice = self.make_invoice(100, "2026-06-20")
        with freeze_time("2026-07-05"):
            row = self.rows()
            self.assertEqual(row.move_id, invoice)
            self.assertTrue(row.rate_missing)
            self.assertFalse(row.interest)
            self.assertEqual(row.fee_company, 40)
            self.assertEqual(row.action_open_invoice()["res_id"], invoice.id)
            self.assertEqual(
                row.action_view_late_rates()["domain"],
                [("reference_id", "in", self.reference.ids)],
            )

    def test_another_currency(self):
        currency = self.setup_other_currency("GBP", rates=[("2026-01-01", 2.0)])
        self.make_invoice(1200, "2026-05-31", currency_id=currency.id)
        row = self.rows()
        self.assertEqual(row.interest, 11.98)
        self.assertEqual(row.interest_company, 5.99)
        self.assertEqual(row.amount_residual_company, 600)

    def test_nothing_when_the_company_charges_nothing(self):
        self.company.late_interest_method = False
        self.make_invoice(1200, "2026-05-31")
        row = self.rows()
        self.assertEqual((row.interest, row.fee_company), (0, 0))
        self.assertFalse(row.rate_missing)

    def test_the_list_costs_the_same_for_5_and_30(self):
        for number in range(30):
            self.make_invoice(100 + number, "2026-05-31")
        names = ["move_id", "partner_id", "date_due", "interest", "fee_company"]
        specification = {
            name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
            for name in names
        }
        rows = self.env["crm.late.invoice"]
        domain = [("company_id", "=", self.company.id)]
        rows.web_search_read(domain, specification, limit=5)
        for limit in (5, 30):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(LIST_QUERIES):
                found = rows.web_search_read(domain, specification, limit=limit)
            self.assertEqual(len(found["records"]), limit)

    def test_who_sees_the_list(self):
        self.make_invoice(100, "2026-05-31")
        data = self.setup_other_company()
        groups = {
            "account.group_account_invoice": 1,
            "crm_base.crm_base_group_admin": 1,
        }
        for number, (group, count) in enumerate(groups.items()):
            user = new_test_user(
                self.env, f"late_list_{number}", group,
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )  # fmt: skip
            rows = self.env["crm.late.invoice"].with_user(user)
            self.assertEqual(rows.search_count([]), count, group)
        stranger = new_test_user(
            self.env, "late_list_stranger", "account.group_account_manager",
            company_id=data["company"].id,
            company_ids=[(6, 0, data["company"].ids)],
        )  # fmt: skip
        self.assertFalse(self.env["crm.late.invoice"].with_user(stranger).search([]))
        for group in ("crm_base.crm_base_group_seller", "base.group_portal"):
            user = new_test_user(self.env, f"late_{group[-6:]}", group)
            with self.assertRaises(AccessError):
                self.env["crm.late.invoice"].with_user(user).search([])

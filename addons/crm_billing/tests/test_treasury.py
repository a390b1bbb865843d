from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ..lib.treasury import ForecastLine, age_of, choose_delay, expected_date
from .late_common import TODAY, LateCase

BOARD_QUERIES = 45
AGES = ("not_due", "0_30", "31_60", "61_90", "over_90")


def day(days):
    return TODAY + timedelta(days=days)


@tagged("post_install", "-at_install")
class TestTreasury(LateCase):
    """Numbers of the board against sums made here, without the board's own code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = cls.env["crm.treasury.board"]
        cls.slow = cls.env["res.partner"].create(
            {"name": "Fintech Corp", "is_company": True}
        )
        cls.delays = {cls.client.id: [2, 4, 6, 8, 30], cls.slow.id: [40]}
        for partner in (cls.client, cls.slow):
            for number, delay in enumerate(cls.delays[partner.id]):
                due = day(-200 + 3 * number)
                move = cls.make_invoice(100 + number, due, partner=partner)
                cls.pay(move, due + timedelta(days=delay))

    def get(self, period="year"):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.board.get_board(period)

    def opened(self, key, field, period="year"):
        """The sum of the list that a number opens."""
        action = self.board.open_number(key, period)
        records = self.env[action["res_model"]].search(action["domain"])
        return round(sum(records.mapped(field)), 2)

    def make_open_invoices(self):
        """(amount, due date, client) of invoices left open."""
        facts = [
            (1200, day(-100), self.client),
            (800, day(-61), self.client),
            (640, day(-31), self.slow),
            (320, day(-5), self.slow),
            (5000, day(0), self.client),
            (7000, day(20), self.client),
            (9000, day(45), self.slow),
            (11000, day(75), self.client),
            (13000, day(120), self.client),
        ]
        for amount, due, partner in facts:
            self.make_invoice(
                amount, due, partner=partner, invoice_date=min(due, day(-20))
            )
        return facts

    def expect(self, facts, horizon, share):
        """Receipts of a horizon, from the rules written in the documentation."""
        end, total = day(horizon), 0
        for amount, due, partner in facts:
            delay = choose_delay(self.delays[partner.id], [])
            wait = delay.p50 if share == "p50" else delay.p90
            if expected_date(due, wait, TODAY) <= end:
                total += amount
        return total

    # === The forecast === #

    def test_receipts_follow_each_client_own_delays(self):
        facts = self.make_open_invoices()
        board = self.get()
        (row,) = [row for row in board["rows"] if row["kind"] == "receipts"]
        for cell in row["cells"]:
            for share in ("p50", "p90"):
                expected = self.expect(facts, cell["days"], share)
                self.assertEqual(cell[share], expected, (cell["days"], share))
        # 7,000 due in 20 days: usually 6 days late, at worst 30
        self.assertEqual(row["cells"][0]["p50"] - row["cells"][0]["p90"], 7000)

    def test_the_database_and_the_rules_agree(self):
        facts = self.make_open_invoices()
        rows = self.env["crm.treasury.receipt"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(rows), len(facts))
        for row in rows:
            delay = choose_delay(self.delays[row.partner_id.id], [])
            self.assertEqual(row.delay_source, delay.source)
            self.assertEqual(row.age, age_of(row.date_due, TODAY))
            self.assertEqual(
                row.date_p50, expected_date(row.date_due, delay.p50, TODAY)
            )
            self.assertEqual(
                row.date_p90, expected_date(row.date_due, delay.p90, TODAY)
            )

    def test_all_clients_speak_for_a_new_one(self):
        everyone = self.delays[self.client.id] + self.delays[self.slow.id]
        for number in range(4):
            move = self.make_invoice(50, day(-90 + number), partner=self.slow)
            self.pay(move, day(-80 + number))
            everyone.append(10)
        new = self.env["res.partner"].create({"name": "Neuf", "is_company": True})
        self.make_invoice(10, day(10), partner=new, invoice_date=TODAY)
        row = self.env["crm.treasury.receipt"].search([("partner_id", "=", new.id)])
        delay = choose_delay([], everyone)
        self.assertEqual(delay.source, "company")
        self.assertEqual(
            (row.delay_source, row.delay_p50, row.delay_p90),
            ("company", delay.p50, delay.p90),
        )

    def test_an_invoice_settled_by_a_credit_note_is_no_payment(self):
        for number in range(9):
            invoice = self.make_invoice(70, day(-50 + number), partner=self.slow)
            credit = self.make_invoice(
                70, day(-20), partner=self.slow, move_type="out_refund"
            )
            (invoice | credit).line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).reconcile()
        self.make_invoice(10, day(10), partner=self.slow, invoice_date=TODAY)
        row = self.env["crm.treasury.receipt"].search(
            [("partner_id", "=", self.slow.id)]
        )
        self.assertEqual(row.delay_source, "terms")

    def test_credits_are_deducted_at_once(self):
        self.make_invoice(1000, day(50), invoice_date=TODAY)
        self.make_invoice(400, day(50), move_type="out_refund", invoice_date=TODAY)
        cells = self.get()["rows"][0]["cells"]
        self.assertEqual([cell["p50"] for cell in cells], [-400, 600, 600])
        self.assertEqual([cell["p90"] for cell in cells], [-400, -400, 600])

    def test_planned_movements_and_bills_and_the_curve(self):
        plans = self.env["crm.treasury.plan"].create(
            [
                {"name": "Loyer", "amount": 900, "date": day(-60), "every": "month"},
                {"name": "Prime", "amount": 300, "date": day(10)},
                {"name": "Prêt", "amount": 50, "date": day(5), "direction": "in"},
            ]
        )
        self.assertEqual(plans[0].direction, "out")
        self.make_invoice(
            450, day(40), partner=self.slow, move_type="in_invoice", invoice_date=TODAY
        )
        self.make_invoice(1000, day(20), invoice_date=TODAY)
        board = self.get()
        rows = {row["kind"]: row["cells"] for row in board["rows"]}
        self.assertEqual([c["p50"] for c in rows["planned_out"]], [-1200, -2100, -3000])
        self.assertEqual([c["p50"] for c in rows["bill"]], [0, -450, -450])
        self.assertEqual([c["p50"] for c in rows["planned_in"]], [50, 50, 50])
        opening = board["opening"]
        self.assertEqual(
            [close["p50"] for close in board["closing"]],
            [opening - 150, opening - 1500, opening - 2400],
        )
        for close in board["closing"]:
            self.assertEqual(board["curve"]["p50"][close["days"]], close["p50"])
            self.assertEqual(board["curve"]["p90"][close["days"]], close["p90"])
        self.assertEqual(len(board["curve"]["days"]), 91)

    def test_instalments_replace_the_due_date(self):
        invoice = self.make_invoice(900, day(-10), partner=self.slow)
        plan = self.env["crm.instalment.plan"].create(
            {
                "partner_id": self.slow.id,
                "company_id": self.company.id,
                "currency_id": invoice.currency_id.id,
                "move_ids": [(6, 0, invoice.ids)],
                "instalment_ids": [
                    (0, 0, {"date_due": day(days), "amount": 300})
                    for days in (15, 45, 75)
                ],
            }
        )
        plan.sudo()._agree("spoken", "Paul")
        rows = self.env["crm.treasury.receipt"].search([("move_id", "=", invoice.id)])
        self.assertEqual(rows.mapped("date_due"), [day(15), day(45), day(75)])
        self.assertEqual(rows.mapped("amount"), [300, 300, 300])
        cells = self.get()["rows"][0]["cells"]
        self.assertEqual([cell["p50"] for cell in cells], [300, 600, 900])

    def test_the_bank_balance_may_be_typed(self):
        before = self.get()
        self.company.write(
            {"treasury_opening_date": day(-1), "treasury_opening_balance": 4321}
        )
        board = self.get()
        self.assertEqual(board["opening"], 4321)
        self.assertEqual(board["opening_moved"], 0)
        self.assertEqual(before["opening_typed"], 0)
        move = self.make_invoice(100, day(-3))
        self.pay(move, TODAY)
        board = self.get()
        self.assertEqual(board["opening"], 4321 + board["opening_moved"])

    # === Currencies === #

    def test_the_rate_of_the_day_and_a_missing_rate(self):
        pound = self.setup_other_currency("GBP", rates=[("2026-01-01", 2.0)])
        self.make_invoice(100, day(10), currency_id=pound.id, invoice_date=day(-3))
        pound.rate_ids = [(0, 0, {"name": day(-1), "rate": 4.0})]
        row = self.env["crm.treasury.receipt"].search([("currency_id", "=", pound.id)])
        self.assertEqual((row.amount, row.amount_forecast), (50, 25))
        pound.rate_ids.unlink()
        board = self.get()
        self.assertEqual(board["excluded"], [{"key": "rate_missing", "count": 1}])
        self.assertEqual(board["rows"][0]["cells"][2]["p50"], 0)
        action = self.board.open_number("rate_missing")
        self.assertEqual(
            self.env["crm.treasury.receipt"].search_count(action["domain"]), 1
        )

    def test_a_planned_movement_without_rate_is_set_apart(self):
        pound = self.setup_other_currency("GBP", rates=[("2026-01-01", 2.0)])
        pound.rate_ids.unlink()
        self.env["crm.treasury.plan"].create(
            {"name": "London", "amount": 10, "date": day(1), "currency_id": pound.id}
        )
        board = self.get()
        self.assertEqual(board["excluded"], [{"key": "excluded", "count": 1}])
        action = self.board.open_number("excluded")
        lines = self.env["crm.treasury.line"].search(action["domain"])
        self.assertEqual(lines.mapped("label"), ["London"])

    # === Every number opens what it adds up === #

    def test_every_number_is_the_sum_of_its_list(self):
        self.make_open_invoices()
        credit = self.make_invoice(333, day(-3), move_type="out_refund")
        self.assertEqual(credit.amount_residual, 333)
        self.env["crm.treasury.plan"].create(
            {"name": "Loyer", "amount": 900, "date": day(-60), "every": "month"}
        )
        for period in ("month", "quarter", "year", "twelve_months"):
            board = self.get(period)
            self.assertEqual(
                board["invoiced"],
                self.opened("invoiced", "amount_total_signed", period),
            )
            self.assertEqual(
                board["collected"], self.opened("collected", "amount", period)
            )
        self.assertEqual(
            board["dso_invoiced"], self.opened("invoiced_dso", "amount_total_signed")
        )
        self.assertEqual(board["owed"], self.opened("owed", "amount"))
        self.assertEqual(board["opening_moved"], self.opened("bank", "balance"))
        for age in board["ages"]:
            self.assertEqual(age["amount"], self.opened(age["key"], "amount"))
        for row in board["rows"]:
            name = "amount_forecast" if row["kind"] == "receipts" else "amount"
            for cell in row["cells"]:
                for share in ("p50", "p90"):
                    key = f"{cell['key']}:{share}"
                    self.assertEqual(cell[share], self.opened(key, name), key)

    def test_invoiced_collected_and_dso_by_hand(self):
        with freeze_time("2026-06-30"):
            self.make_invoice(1000, day(10), invoice_date=day(-5))
            credit = self.make_invoice(200, day(-2), move_type="out_refund")
            part = self.make_invoice(500, day(-1), invoice_date=day(-15))
            self.pay(part, day(-1), 150)
        board = self.get("month")
        self.assertEqual(board["invoiced"], 1000 - 200 + 500)
        self.assertEqual(board["collected"], 150)
        self.assertEqual(board["owed"], 1000 - 200 + 350)
        expected = Decimal(1150) / Decimal(str(board["dso_invoiced"])) * 90
        self.assertEqual(board["dso"], float(round(expected, 1)))
        self.assertTrue(credit.amount_residual)

    def test_aged_balance_adds_up_to_the_board(self):
        self.make_open_invoices()
        board = self.get()
        balance = self.env["crm.aged.balance"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(sum(balance.mapped("total")), board["owed"])
        names = ("not_due", "late_0_30", "late_31_60", "late_61_90", "late_over_90")
        self.assertEqual(
            [sum(balance.mapped(name)) for name in names],
            [age["amount"] for age in board["ages"]],
        )
        row = balance.filtered(lambda b: b.partner_id == self.client)
        action = row.action_open_receipts()
        receipts = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(receipts.mapped("amount")), row.total)

    def test_an_empty_company(self):
        data = self.setup_other_company()
        board = self.board.with_company(data["company"]).with_context(
            allowed_company_ids=data["company"].ids
        )
        empty = board.get_board()
        self.assertEqual((empty["owed"], empty["dso"]), (0, False))
        self.assertEqual(set(empty["curve"]["p50"]), {0.0})

    # === The provider hook === #

    def test_an_addon_adds_its_contracts(self):
        forecast = self.env.registry["crm.treasury.forecast"]
        lines, kinds = forecast._get_forecast_lines, forecast._get_kinds

        def add(model, company, start, end):
            line = ForecastLine(
                day(30), day(95), Decimal(500), company.currency_id.name, "contract",
                "C1", self.client.id, "res.partner", self.client.id,
            )  # fmt: skip
            return [*lines(model, company, start, end), line]

        with (
            patch.object(forecast, "_get_forecast_lines", add),
            patch.object(
                forecast, "_get_kinds", lambda m: {"contract": "Contracts", **kinds(m)}
            ),
        ):
            board = self.get()
            (row,) = [row for row in board["rows"] if row["kind"] == "contract"]
            self.assertEqual([c["p50"] for c in row["cells"]], [500, 500, 500])
            self.assertEqual([c["p90"] for c in row["cells"]], [0, 0, 0])
            action = self.board.open_number("forecast:contract:30:p50")
            line = self.env["crm.treasury.line"].search(action["domain"])
            self.assertEqual(line.action_open_document()["res_id"], self.client.id)

    # === Refusals and rights === #

    def test_only_numbers_of_the_board_open(self):
        for key in (
            "", "x", "age", "receipts", "receipts:45:p50", "receipts:30:id",
            "forecast:unlink:30:p50", "owed:a:b:c:d",
        ):  # fmt: skip
            with self.subTest(key=key), self.assertRaises(UserError):
                self.board.open_number(key)
        with self.assertRaises(UserError):
            self.board.get_board("century")

    def test_who_sees_the_board(self):
        self.make_open_invoices()
        self.env["crm.treasury.plan"].create(
            {"name": "Loyer", "amount": 900, "date": day(3)}
        )
        owed = self.get()["owed"]
        allowed = (
            "account.group_account_invoice",
            "account.group_account_readonly",
            "crm_base.crm_base_group_admin",
        )
        for number, group in enumerate(allowed):
            user = new_test_user(
                self.env, f"board_{number}", group,
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )  # fmt: skip
            board = self.board.with_user(user).with_company(self.company)
            self.assertEqual(board.get_board()["owed"], owed)
            action = board.open_number("forecast:planned_out:30:p50")
            lines = self.env["crm.treasury.line"].with_user(user)
            self.assertEqual(sum(lines.search(action["domain"]).mapped("amount")), -900)
            rows = self.env["crm.treasury.receipt"].with_user(user)
            action = board.open_number("owed")
            self.assertEqual(sum(rows.search(action["domain"]).mapped("amount")), owed)
        # the lines written for one are not read by another
        self.assertFalse(
            self.env["crm.treasury.line"]
            .with_user(user)
            .search([("create_uid", "!=", user.id)])
        )
        for group in ("crm_base.crm_base_group_seller", "base.group_portal"):
            user = new_test_user(self.env, f"board_{group[-6:]}", group)
            with self.assertRaises(AccessError):
                self.board.with_user(user).get_board()
            with self.assertRaises(AccessError):
                self.board.with_user(user).open_number("owed")
            with self.assertRaises(AccessError):
                self.env["crm.treasury.plan"].with_user(user).search([])

    def test_another_company_sees_its_own(self):
        self.make_open_invoices()
        data = self.setup_other_company()
        stranger = new_test_user(
            self.env, "board_stranger", "account.group_account_manager",
            company_id=data["company"].id,
            company_ids=[(6, 0, data["company"].ids)],
        )  # fmt: skip
        board = self.board.with_user(stranger).with_company(data["company"])
        self.assertEqual(board.get_board()["owed"], 0)
        for model in ("crm.treasury.receipt", "crm.aged.balance",
                      "crm.treasury.collected"):  # fmt: skip
            records = self.env[model].with_user(stranger).with_company(data["company"])
            self.assertFalse(records.search([]), model)

    def test_the_forms_open(self):
        with Form(self.env["crm.treasury.plan"]) as form:
            form.name = "Salaires"
            form.amount = 100
        self.assertEqual(form.record.date, date(2026, 6, 30))

    # === Speed === #

    def test_the_board_costs_the_same_whatever_its_size(self):
        counts = []
        for _round in range(3):
            self.make_open_invoices()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.board.get_board()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], BOARD_QUERIES)

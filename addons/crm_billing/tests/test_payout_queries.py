from odoo.tests import tagged

from .common_payout import PayoutCase

LIST = {
    "arrival_date": {},
    "remote_id": {},
    "payment_count": {},
    "currency_id": {"fields": {}},
    "amount_gross": {},
    "amount_fee": {},
    "amount": {},
    "move_id": {"fields": {"display_name": {}}},
    "open_drift_count": {},
    "state": {},
}


@tagged("post_install", "-at_install")
class TestPayoutQueries(PayoutCase):
    """What lists and jobs cost, at two sizes."""

    def count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def make_payouts(self, count):
        self.connection._set_up_payouts()
        return self.env["crm.payout"].create(
            [
                {
                    "connection_id": self.connection.id,
                    "remote_id": f"po_{self.id()}_{count}_{number}",
                    "currency_id": self.company.currency_id.id,
                    "amount": number,
                    "arrival_date": "2026-03-02",
                    "state": "booked",
                }
                for number in range(count)
            ]
        )

    def test_the_list_costs_the_same_with_ten_and_with_a_hundred(self):
        costs = []
        for count in (10, 90):
            self.make_payouts(count)
            costs.append(
                self.count(
                    lambda: self.env["crm.payout"].web_search_read([], LIST, limit=100)
                )
            )
        # One more: a full page is followed by the count of the others.
        self.assertLessEqual(costs[1], costs[0] + 1)
        self.assertLessEqual(costs[1], 8)

    def book(self, count):
        """Return the queries of storing, booking and matching a payout."""
        self.sell(*[10] * count)
        made = self.pay_out(deliver=False) or self.admin_payouts()[0]
        self.connection._ask_payout(made["id"], "queries")
        self.run_outgoing(self.connection)
        payout = self.find_payout(made["id"])
        booking = self.count(payout._job_book)
        self.assertEqual((payout.state, payout.line_count), ("booked", count))
        line = self.receive_at_bank(1)
        line.amount = payout.amount
        matching = self.count(lambda: self.run_matching(self.company))
        self.assert_whole(payout)
        return booking, matching

    def admin_payouts(self):
        return self.account(self.connection).all("payout")

    def test_booking_and_matching_cost_a_constant_number_of_queries_per_line(self):
        small, large = self.book(5), self.book(30)
        for name, few, many in zip(("book", "match"), small, large, strict=True):
            per_line = (many - few) / 25
            self.assertLess(per_line, 12, f"{name}: {few} then {many}")

    def test_many_bank_lines_cost_one_look_for_payouts(self):
        self.make_payouts(5)
        values = {"journal_id": self.bank.id, "date": "2026-03-02"}
        lines = self.env["account.bank.statement.line"].create(
            [{**values, "amount": 1000 + n, "payment_ref": "X"} for n in range(40)]
        )
        payouts = self.env["crm.payout"].sudo()
        self.assertLessEqual(self.count(lambda: payouts._plan_matching(lines)), 4)

    def test_the_comparison_costs_the_same_for_settled_payouts(self):
        costs = []
        for _round in range(2):
            self.sell(*range(10, 20))
            payout = self.pay_out()
            self.receive_at_bank(payout.amount)
            balance = {"EUR": (0, 0)}
            drifts = self.env["crm.payout.drift"]
            costs.append(
                self.count(
                    lambda drifts=drifts, balance=balance: drifts._refresh(
                        self.connection, balance
                    )
                )
            )
        self.assertLessEqual(costs[1] - costs[0], 4)

from datetime import timedelta

from odoo.tests import tagged

from .late_common import TODAY, LateCase

SPECIFICATION = {
    "move_id": {"fields": {"display_name": {}}},
    "partner_id": {"fields": {"display_name": {}}},
    "date_due": {},
    "amount": {},
    "delay_source": {},
    "date_p50": {},
    "date_p90": {},
}
FIELDS = list(SPECIFICATION)[2:]


@tagged("post_install", "-at_install")
class TestTreasuryList(LateCase):
    """Amounts owed: a page of the list says what the whole list says, and cheaply."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receipts = cls.env["crm.treasury.receipt"]
        cls.new = cls.env["res.partner"].create({"name": "Neuf", "is_company": True})
        for number in range(12):
            due = TODAY - timedelta(days=200 - 3 * number)
            cls.pay(cls.make_invoice(100, due), due + timedelta(days=number))

    def make_open(self, count):
        for number in range(count):
            due = TODAY + timedelta(days=number - 5)
            partner = self.new if number % 3 == 0 else self.client
            self.make_invoice(50 + number, due, partner=partner, invoice_date=TODAY)

    def read_page(self, offset=0, limit=80, domain=()):
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("company_id", "=", self.company.id), *domain]
        return self.receipts.web_search_read(
            domain, SPECIFICATION, offset=offset, limit=limit
        )

    def test_pages_together_are_the_whole_list(self):
        self.make_open(9)
        everything = {
            row.id: tuple(row[name] for name in FIELDS)
            for row in self.receipts.search([("company_id", "=", self.company.id)])
        }
        self.assertEqual({row[2] for row in everything.values()}, {"client", "company"})
        seen = {}
        for offset in (0, 4, 8):
            page = self.read_page(offset, 4)
            self.assertEqual(page["length"], 9)
            for row in page["records"]:
                record = self.receipts.browse(row["id"])
                seen[row["id"]] = tuple(record[name] for name in FIELDS)
                self.assertEqual(row["date_p50"], record.date_p50)
        self.assertEqual(seen, everything)

    def test_a_page_chosen_by_its_expected_day_is_the_same(self):
        self.make_open(9)
        wanted = [("date_p50", "<=", TODAY + timedelta(days=5))]
        page = self.read_page(limit=3, domain=wanted)
        rows = self.receipts.search([("company_id", "=", self.company.id), *wanted])
        self.assertEqual(page["length"], len(rows))
        self.assertEqual([row["id"] for row in page["records"]], rows[:3].ids)

    def test_the_list_costs_the_same_with_ten_and_with_fifty(self):
        costs = []
        for count in (10, 40):
            self.make_open(count)
            self.read_page()
            before = self.cr.sql_log_count
            self.read_page()
            costs.append(self.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0])
        self.assertLessEqual(costs[1], 14)

    def test_a_payment_before_its_invoice_counts_on_the_day_of_the_invoice(self):
        early = self.env["res.partner"].create({"name": "Tôt", "is_company": True})
        for number in range(5):
            issued = TODAY - timedelta(days=60 - number)
            due = issued + timedelta(days=30)
            move = self.make_invoice(70, due, partner=early, invoice_date=issued)
            self.pay(move, issued - timedelta(days=20))
        self.make_invoice(10, TODAY, partner=early, invoice_date=TODAY)
        row = self.receipts.search([("partner_id", "=", early.id)])
        self.assertEqual((row.delay_source, row.delay_p50), ("client", -30))

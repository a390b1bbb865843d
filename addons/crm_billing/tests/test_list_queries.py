from odoo.tests import tagged

from .common import BillingCase
from .invoice_common import InvoiceCase

# The payment columns come from the deal's own table: a badge costs no query.
LIST_QUERIES = 4


@tagged("post_install", "-at_install")
class TestListQueries(BillingCase):
    """Lists of deals and links stay cheap whatever their length."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls.lead
        for number in range(30):
            cls.leads |= cls.make_deal(
                cls.company, amount=100 + number, user_id=cls.seller.id
            )
        for lead in cls.leads:
            lead.action_create_payment_link()

    def _read(self, count):
        self.env.flush_all()
        self.env.invalidate_all()
        names = [
            "name",
            "payment_link_state",
            "payment_link_received",
            "payment_link_date_paid",
            "payment_link_days",
        ]
        leads = self.env["crm.lead"].with_user(self.seller)
        leads.web_search_read(
            [("id", "in", self.leads[:count].ids)], {name: {} for name in names}
        )

    def test_deal_list_costs_the_same_for_5_and_30(self):
        self._read(5)
        for count in (5, 30):
            with self.assertQueryCount(LIST_QUERIES):
                self._read(count)

    def test_group_by_payment_is_one_query(self):
        self.env.flush_all()
        leads = self.env["crm.lead"].with_user(self.seller)
        leads._read_group([], ["payment_link_state"], ["__count"])
        with self.assertQueryCount(1):
            leads._read_group(
                [],
                ["payment_link_state"],
                ["__count", "payment_link_days:avg", "payment_link_received:sum"],
            )


@tagged("post_install", "-at_install")
class TestInvoiceListQueries(InvoiceCase):
    """The payment columns of invoices and plans cost no query per row."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoices = cls.invoice
        for number in range(30):
            cls.invoices |= cls.make_invoice(cls.partner, 100 + number)
        for move in cls.invoices[:20]:
            move.action_create_payment_link()
        for move in cls.invoices[20:]:
            window = cls.env["crm.instalment.plan.wizard"].create(
                {"move_ids": [(6, 0, move.ids)], "count": 2}
            )
            window.action_create_plan()
            move.instalment_plan_ids._agree("spoken", "Marie")

    def _count(self, model, ids, names):
        records = self.env[model].with_user(self.biller)
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        records.web_search_read([("id", "in", ids)], {name: {} for name in names})
        return self.cr.sql_log_count - start

    def _compare(self, model, ids, names):
        self._count(model, ids, names)
        few = self._count(model, ids[:5], names)
        self.assertEqual(self._count(model, ids, names), few)
        return few

    def test_invoice_list_costs_the_same_for_5_and_31(self):
        names = ["name", "payment_state", "payment_link_state", "instalment_plan_id"]
        self._compare("account.move", self.invoices.ids, names)
        # One for the rows, one for the names of the plans.
        bare = self._count("account.move", self.invoices.ids, ["name", "payment_state"])
        full = self._count("account.move", self.invoices.ids, names)
        self.assertLessEqual(full - bare, 2)

    def test_plans_and_instalments_cost_the_same_for_5_and_all(self):
        plans = self.invoices.instalment_plan_ids
        names = ["name", "amount_residual", "state", "next_date_due"]
        self._compare("crm.instalment.plan", plans.ids, names)
        names = ["date_due", "amount_residual", "state", "payment_link_state"]
        self._compare("crm.instalment", plans.instalment_ids.ids, names)

    def test_settling_many_invoices_asks_about_links_once(self):
        moves = self.invoices[20:]
        self.env.flush_all()
        self.env.invalidate_all()
        moves.mapped("state")
        with self.assertQueryCount(12):
            moves._follow_residual()

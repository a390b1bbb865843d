from odoo.tests import tagged

from .common import BillingCase

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

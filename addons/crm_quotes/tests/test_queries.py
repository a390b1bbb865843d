from odoo.tests import tagged

from .common import QuoteCase

AGENT = "Mozilla/5.0 Firefox/140.0"
COLUMNS = ["name", "quote_number", "quote_opened_count", "quote_last_opened_at"]


@tagged("post_install", "-at_install")
class TestQueries(QuoteCase):
    """Lists cost the same number of queries whatever their length."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.order.browse()
        visitor = cls.env.ref("base.public_user")
        for _number in range(12):
            order = cls.make_order(order_line=[cls.line("Jour", 1, 500)])
            order.action_quotation_sent()
            reader = order.with_user(visitor).sudo()
            reader._note_quote_opened(cls.client, f"s{order.id}", AGENT)
            cls.orders |= order

    def count_list(self, orders):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        orders.with_user(self.manager).read(COLUMNS)
        return self.env.cr.sql_log_count - before

    def test_list_of_quotations(self):
        self.count_list(self.orders[:2])
        self.assertLessEqual(
            self.count_list(self.orders), self.count_list(self.orders[:2])
        )

    def test_list_of_versions(self):
        versions = self.orders.sudo().quote_version_ids
        names = ["label", "reason", "author", "taken_at", "amount_untaxed"]
        counts = []
        for size in (2, 12):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            versions[:size].with_user(self.manager).sudo(False).read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_a_comparison_does_not_grow_with_the_lines(self):
        def count(size):
            lines = [self.line(f"Jour {n}", 1, 500) for n in range(size)]
            order = self.make_order(order_line=lines)
            order.action_quotation_sent()
            order.order_line[0].price_unit = 400
            order.action_keep_quote_version()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.with_user(self.manager).get_quote_comparison(1, 2)
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(40), count(5) + 2)

from odoo.tests import HttpCase, tagged

from .common import QuoteCase, QuoteMixin

AGENT = "Mozilla/5.0 Firefox/140.0"
COLUMNS = ["name", "quote_number", "quote_opened_count", "quote_last_opened_at"]
SIZES = (2, 12)

# Measured, from an empty cache, whatever the rows, the lines and the visits.
LIST_QUERIES = 3
VERSION_QUERIES = 2
EVENT_QUERIES = 2
COMPARISON_QUERIES = 19
PAGE_QUERIES = 67
OPENED_QUERIES = 18


class QueryMixin(QuoteMixin):
    def start_cold(self):
        self.env.flush_all()
        self.env.invalidate_all()

    @classmethod
    def make_sent(cls, size, **values):
        """A quotation of this many lines, sent, then with other prices."""
        lines = [cls.line(f"Jour {n}", 1, 500) for n in range(size)]
        order = cls.make_order(order_line=lines, **values)
        order.action_quotation_sent()
        return order

    @classmethod
    def make_versions(cls, order):
        order.order_line.price_unit = 400
        order._note_quote_sent()


@tagged("post_install", "-at_install")
class TestQueries(QueryMixin, QuoteCase):
    """Lists and the comparison cost the same whatever their length."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.order.browse()
        visitor = cls.env.ref("base.public_user")
        for _number in range(max(SIZES)):
            order = cls.make_sent(1)
            reader = order.with_user(visitor).sudo()
            for visit in ("a", "b"):
                reader._note_quote_opened(cls.client, f"{visit}{order.id}", AGENT)
            cls.orders |= order

    def check_list(self, records, names, queries):
        records = records.with_user(self.manager).sudo(False)
        specification = {name: {} for name in names}

        def read(size):
            self.start_cold()
            domain = [("id", "in", records[:size].ids)]
            return records.web_search_read(domain, specification)["records"]

        read(1)
        for size in SIZES:
            with self.assertQueryCount(queries):
                self.assertEqual(len(read(size)), size)

    def test_list_of_quotations(self):
        self.check_list(self.orders, COLUMNS, LIST_QUERIES)

    def test_list_of_versions(self):
        names = ["label", "reason", "author", "taken_at", "amount_untaxed"]
        self.check_list(self.orders.sudo().quote_version_ids, names, VERSION_QUERIES)

    def test_list_of_the_follow_up(self):
        events = self.orders.sudo().quote_event_ids
        self.check_list(events, ["kind", "at", "who"], EVENT_QUERIES)

    def test_comparison(self):
        orders = [self.make_sent(size) for size in (2, *SIZES)]
        for order in orders:
            self.make_versions(order)
        for number, order in enumerate(orders):
            self.start_cold()
            with self.assertQueryCount(COMPARISON_QUERIES if number else 500):
                screen = order.with_user(self.manager).get_quote_comparison(1, 2)
            self.assertEqual(screen["change_count"], len(order.order_line))


@tagged("post_install", "-at_install")
class TestPageQueries(QueryMixin, HttpCase):
    """The client's page with what changed, and the telling of a visit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quotes()

    def read_again(self, order, visits):
        """Versions and visits of a client, who now comes back."""
        reader = order.with_user(self.env.ref("base.public_user")).sudo()
        for visit in range(visits):
            reader._note_quote_opened(self.client, f"{visit}", AGENT)
        self.make_versions(order)
        order._portal_ensure_token()
        self.start_cold()
        return order.get_portal_url()

    def test_page_with_news(self):
        for number, size in enumerate((2, *SIZES)):
            order = self.make_sent(size)
            url = self.read_again(order, visits=size)
            with self.assertQueryCount(PAGE_QUERIES if number else 2000):
                page = self.url_open(url, timeout=60).text
            self.assertIn("o_crm_quote_news", page)

    def test_telling_a_visit(self):
        for number, size in enumerate((2, *SIZES)):
            # Without a deal: what other addons plan for one is theirs to bound.
            order = self.make_sent(size, opportunity_id=False)
            self.read_again(order, visits=size)
            reader = order.with_user(self.env.ref("base.public_user")).sudo()
            self.start_cold()
            with self.assertQueryCount(OPENED_QUERIES if number else 500):
                event = reader._note_quote_opened(self.client, "now", AGENT)
            self.assertTrue(event)

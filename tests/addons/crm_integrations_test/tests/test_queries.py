from odoo.tests import tagged

from .common import EngineCase


@tagged("post_install", "-at_install")
class TestQueries(EngineCase):
    """Budgets in queries, at two sizes where size could matter."""

    def setUp(self):
        super().setUp()
        self.arrive("warm")
        self.send("warm")
        self.env.cr.flush()

    def test_receiving_costs_a_few_queries(self):
        self.env.invalidate_all()
        self.assertTrue(self.connection.webhook_secret, "read to check the signature")
        with self.assertQueryCount(4):
            self.arrive("evt_1", personal=True)
            self.env.cr.flush()

    def test_the_first_of_a_burst_also_pays_the_job(self):
        self.env["queue.job"].search([]).unlink()
        with self.assertQueryCount(12):
            self.arrive("evt_1", personal=True)
            self.env.cr.flush()

    def test_a_duplicate_costs_even_less(self):
        self.arrive("evt_1")
        self.env.cr.flush()
        with self.assertQueryCount(2):
            self.arrive("evt_1")
            self.env.cr.flush()

    def test_many_messages_in_one_transaction_cost_one_job(self):
        for size in (5, 50):
            with self.assertQueryCount(size + 3):
                for number in range(size):
                    self.send(f"k{size}-{number}")
                self.env.cr.flush()

    def test_a_claim_is_two_queries_whatever_its_size(self):
        for number in range(60):
            self.send(f"k{number}")
        self.env.cr.flush()
        sender = self.env["crm.exchange.sender"]
        for size in (2, 40):
            with self.assertQueryCount(2):
                claimed = sender._claim_rows(self.connection.id, size, "t")
            self.assertEqual(len(claimed), size)

    def test_the_list_costs_the_same_for_ten_and_a_hundred(self):
        for number in range(100):
            self.arrive(f"evt_{number}")
        columns = {
            name: {} for name in ("event", "state", "direction", "cause", "create_date")
        }
        columns["connection_id"] = {"fields": {"display_name": {}}}
        exchanges = self.env["crm.exchange"].with_user(self.admin)
        exchanges.web_search_read([], columns, limit=1)
        for size in (10, 100):
            self.env.invalidate_all()
            with self.assertQueryCount(5):
                found = exchanges.web_search_read([], columns, limit=size)
            self.assertEqual(len(found["records"]), size)

    def test_the_cards_cost_the_same_for_two_and_twenty(self):
        connections = self.env["crm.connection"].create(
            [{"name": f"C{n}", "provider": "test"} for n in range(20)]
        )
        columns = {n: {} for n in ("name", "state", "pending_count", "failed_count")}
        model = connections.with_user(self.admin)
        model.web_search_read([], columns, limit=1)
        for size in (2, 20):
            self.env.invalidate_all()
            with self.assertQueryCount(5):
                model.web_search_read([], columns, limit=size)

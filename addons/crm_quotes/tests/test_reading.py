from unittest.mock import patch

from odoo.tests import tagged

from .common import QuoteCase

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@tagged("post_install", "-at_install")
class TestReading(QuoteCase):
    """Visits of the client are counted once, by whom and of which version."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visitor = cls.env.ref("base.public_user")

    def setUp(self):
        super().setUp()
        self.send(self.order)
        self.emitted = []
        hook = self.env.registry["crm.hook"]
        self.enterContext(
            patch.object(
                hook,
                "_emit_event",
                lambda _self, name, record, payload: self.emitted.append(
                    (name, record, payload)
                ),
            )
        )

    def open(self, session="a", agent=AGENT, partner=None):
        order = self.order.with_user(self.visitor).sudo()
        return order._note_quote_opened(partner or self.client, session, agent)

    def news(self, session="b", partner=None):
        order = self.order.with_user(self.visitor).sudo()
        return order._prepare_quote_news(partner or self.client, session)

    def test_three_visits_are_three(self):
        for session in ("a", "b", "c", "c"):
            self.open(session)
        self.order.invalidate_recordset()
        self.assertEqual(self.order.quote_opened_count, 3)
        self.assertTrue(self.order.quote_last_opened_at)
        counts = [payload["count"] for _name, _record, payload in self.emitted]
        self.assertEqual(counts, [1, 2, 3])
        name, record, payload = self.emitted[-1]
        self.assertEqual((name, record), ("quote.opened", self.order))
        self.assertEqual(payload["partner"], "TechCorp")
        self.assertEqual(payload["version"], 1)

    def test_who_reads(self):
        buyer = self.env["res.partner"].create(
            {"name": "Marie", "parent_id": self.client.id}
        )
        event = self.open(partner=buyer)
        self.assertEqual(event.partner_id, buyer)
        self.assertIn("Marie", event.who)

    def test_scanners_do_not_count(self):
        for agent in (None, "curl/8.1", "Slackbot-LinkExpanding 1.0"):
            self.assertFalse(self.open(agent=agent))
        self.assertEqual(self.order.quote_opened_count, 0)

    def test_a_cancelled_quote_does_not_count(self):
        self.order._action_cancel()
        self.assertFalse(self.open())

    def test_the_first_reading_has_no_news(self):
        self.assertIsNone(self.news())

    def test_news_since_the_version_read_last(self):
        self.open("a")
        self.edit(self.order)
        self.send(self.order)
        news = self.news("b")
        self.assertEqual((news["left"]["label"], news["count"]), ("V1", 3))
        self.assertEqual({row["who"] for row in news["rows"]}, {""})
        # They stay for the visit, and are gone at the next one.
        self.open("b")
        self.assertTrue(self.news("b"))
        self.assertIsNone(self.news("c"))

    def test_the_same_visit_reads_two_versions_and_counts_once(self):
        self.open("a")
        self.edit(self.order)
        self.send(self.order)
        self.open("a")
        self.order.invalidate_recordset()
        self.assertEqual(self.order.quote_opened_count, 1)
        self.assertEqual(len(self.emitted), 1)
        versions = self.events(self.order, "opened").version_id.mapped("label")
        self.assertEqual(sorted(versions), ["V1", "V2"])

    def test_what_was_read_while_it_was_edited_is_kept(self):
        self.edit(self.order)
        event = self.open("a")
        self.assertEqual(event.version_id.reason, "opened")
        self.assertEqual(event.version_id.amount_untaxed, 25000)
        self.order.order_line[0].product_uom_qty = 5
        self.assertEqual(self.news("b")["count"], 1)

    def test_news_are_each_reader_s(self):
        buyer = self.env["res.partner"].create({"name": "Marie"})
        self.open("a")
        self.edit(self.order)
        self.assertTrue(self.news())
        self.assertIsNone(self.news(partner=buyer))

    def test_filters_of_the_list(self):
        never = self.make_order()
        orders = self.env["sale.order"]
        mine = [("id", "in", (self.order | never).ids)]
        self.open("a")
        opened = orders.search(mine + [("quote_opened_count", ">", 0)])
        self.assertEqual(opened, self.order)
        self.assertEqual(orders.search(mine + [("quote_opened_count", "=", 0)]), never)
